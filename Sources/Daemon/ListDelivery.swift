// A list that is sent over the local interface: written aside, then verified and installed, or forgotten.

import AllowList
import Console
import Foundation
import Glibc
import Runtime
import Synchronization

/// The marks of a running post: in the records, which their own thread has. Blocks: not for the loop.
final class MarkInRecords: TrustState {
    private let records: RecordThread
    init(_ records: RecordThread) { self.records = records }

    func bytes(of mark: TrustMark) throws(FileProblem) -> [UInt8]? { try wait { try $0.bytes(of: mark) } }
    func commit(_ bytes: [UInt8], as mark: TrustMark) throws(FileProblem) {
        try wait { try $0.commit(bytes, as: mark) }
    }

    private func wait<Answer: Sendable>(
        _ question: @escaping @Sendable (any TrustState) throws -> Answer
    ) throws(FileProblem) -> Answer {
        let answer = Mutex<Result<Answer, any Error>?>(nil)
        let isThere = DispatchSemaphore(value: 0)
        records.ask({ try question($0) }) { result in
            answer.withLock { $0 = result }
            isThere.signal()
        }
        isThere.wait()
        switch answer.withLock({ $0 }) {
        case .success(let value): return value
        case .failure(let problem as FileProblem): throw problem
        default: throw FileProblem(step: "ask", name: "records", number: 0)
        }
    }
}

/// A post whose records cannot be opened knows no mark: lists count as demoted, and none is installed.
final class NoMark: TrustState {
    func bytes(of mark: TrustMark) throws(FileProblem) -> [UInt8]? {
        throw FileProblem(step: "read", name: "records", number: 0)
    }
    func commit(_ bytes: [UInt8], as mark: TrustMark) throws(FileProblem) {
        throw FileProblem(step: "write", name: "records", number: 0)
    }
}

/// One list on its way in. The next may come when it has been installed or abandoned.
final class ListDelivery: ListUpload {
    /// Where it lies until it is checked.
    static let name = ".allow-list.upload"
    /// The most that is taken: over ten million entries at 32 bytes. Engineering default.
    static let bytesAtMost: UInt64 = 512 << 20

    private struct State {
        var descriptor: Int32
        var count: UInt64 = 0
        var isOver = false
    }
    private let state: Mutex<State>
    private let keeper: ListKeeper
    private let records: RecordThread

    init(_ keeper: ListKeeper, _ records: RecordThread) throws(ConsoleProblem) {
        if let why = keeper.whyNothingIsAccepted {
            throw ConsoleProblem(
                status: 409, code: "no_operator", message: "This post accepts no list: \(why).",
                whatToDo: "Mend allow_list in the configuration and read it again.")
        }
        guard keeper.occupy() else {
            throw ConsoleProblem(
                status: 409, code: "busy", message: "Another list is being installed.",
                whatToDo: "Try again when it is done.")
        }
        self.keeper = keeper
        self.records = records
        let path = keeper.deliveryPath
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        let number = errno
        state = Mutex(State(descriptor: descriptor))
        guard descriptor >= 0 else {
            keeper.release()
            throw Self.disk(number)
        }
    }

    func take(_ bytes: [UInt8]) throws(ConsoleProblem) {
        let problem = state.withLock { state -> ConsoleProblem? in
            state.count += UInt64(bytes.count)
            guard state.count <= Self.bytesAtMost else {
                return ConsoleProblem(
                    status: 413, code: "too_large", message: "The list is longer than any this post takes.",
                    whatToDo: "Check that the right file was sent.")
            }
            var done = 0
            while done < bytes.count {
                let wrote = bytes.withUnsafeBytes { buffer in
                    write(state.descriptor, buffer.baseAddress.map { $0 + done }, bytes.count - done)
                }
                if wrote < 0, errno == EINTR { continue }
                guard wrote > 0 else { return Self.disk(errno) }
                done += wrote
            }
            return nil
        }
        if let problem { throw problem }
    }

    func finish() async throws(ConsoleProblem) -> String {
        let (keeper, records) = (keeper, records)
        let result: Result<String, InstallProblem> = await withCheckedContinuation { continuation in
            // Checking ten million entries takes seconds, and the disk as long as it likes.
            Thread.detachNewThread {
                do {
                    let said = try keeper.install(keeper.deliveryPath, mark: MarkInRecords(records))
                    continuation.resume(returning: .success(said))
                } catch {
                    continuation.resume(returning: .failure(error as? InstallProblem ?? .refused(.unreadable)))
                }
            }
        }
        abandon()
        switch result {
        case .success(let said): return said
        case .failure(let problem):
            throw ConsoleProblem(
                status: 409, code: problem.code, message: problem.sentence,
                whatToDo: "Nothing changed. In use: \(keeper.sentence).")
        }
    }

    func abandon() {
        let isFirst = state.withLock { state in
            defer { state.isOver = true }
            if !state.isOver { close(state.descriptor) }
            return !state.isOver
        }
        guard isFirst else { return }
        unlink(keeper.deliveryPath)
        keeper.release()
    }

    private static func disk(_ number: Int32) -> ConsoleProblem {
        ConsoleProblem(
            status: 507, code: "disk_failed", message: "The list cannot be written (error \(number)).",
            whatToDo: "Make room in the state folder, or look at the disk.")
    }
}
