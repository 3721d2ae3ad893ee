// A delivery over the local interface, in the words of the interface.

import AllowList
import Console

/// What is sent over the socket.
struct SocketDelivery: ListUpload {
    private let keeper: ListKeeper
    private let delivery: ListDelivery

    init(_ keeper: ListKeeper, confirmed: [UInt8]?) throws(ConsoleProblem) {
        self.keeper = keeper
        do { delivery = try ListDelivery(keeper, from: .socket, confirmed: confirmed) } catch {
            throw Self.told(error, keeper)
        }
    }

    func take(_ bytes: [UInt8]) async throws(ConsoleProblem) {
        do { try await delivery.receive(bytes) } catch { throw Self.told(error, keeper) }
    }

    func finish() async throws(ConsoleProblem) -> String {
        do {
            let said = try await delivery.complete()
            await delivery.abandon()
            return said
        } catch { throw Self.told(error, keeper) }
    }

    func abandon() async { await delivery.abandon() }

    private static func told(_ problem: DeliveryProblem, _ keeper: ListKeeper) -> ConsoleProblem {
        switch problem {
        case .install(.disk(let problem)):
            ConsoleProblem(
                status: 507, code: "disk_failed", message: InstallProblem.disk(problem).sentence,
                whatToDo: "Nothing changed. In use: \(keeper.sentence).")
        case .install(let problem):
            ConsoleProblem(
                status: 409, code: problem.code, message: problem.sentence,
                whatToDo: "Nothing changed. In use: \(keeper.sentence).")
        case .busy:
            ConsoleProblem(
                status: 409, code: "busy", message: "Another list is being installed.",
                whatToDo: "Try again when it is done.")
        case .notAccepted(let why):
            ConsoleProblem(
                status: 409, code: "no_operator", message: "This post accepts no list: \(why).",
                whatToDo: "Mend allow_list in the configuration and read it again.")
        case .tooLarge:
            ConsoleProblem(
                status: 413, code: "too_large", message: "The delta is longer than any this post takes.",
                whatToDo: "Send the full list.")
        case .nothingNew:
            ConsoleProblem(
                status: 409, code: "nothing_new", message: "The post has this list already.", whatToDo: "Nothing.")
        }
    }
}
