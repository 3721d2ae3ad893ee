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

    /// In the words of the interface; what the delivery itself has not noted is noted here.
    private static func told(_ problem: DeliveryProblem, _ keeper: ListKeeper) -> ConsoleProblem {
        func told(_ status: Int, _ whatToDo: String) -> ConsoleProblem {
            ConsoleProblem(
                status: status, code: problem.code, message: problem.sentence, whatToDo: whatToDo,
                driver: problem.driverSentence)
        }
        let unchanged = "Nothing changed. In use: \(keeper.sentence)."
        switch problem {
        case .install(.disk): return told(507, unchanged)
        case .install(.unmarked): return told(507, "Until then in use: \(keeper.sentence).")
        case .install: return told(409, unchanged)
        case .tooLarge: return told(413, unchanged)
        case .nothingNew: return told(409, "Nothing.")
        case .busy:
            keeper.note(problem, from: .socket)
            return told(409, "Try again when it is done.")
        case .notAccepted:
            keeper.note(problem, from: .socket)
            return told(409, "Mend allow_list in the configuration and read it again.")
        }
    }
}
