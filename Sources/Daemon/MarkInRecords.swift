// The marks of a running post: in the records, which their own thread has.

import AllowList
import Foundation
import Runtime
import Synchronization

/// The marks of a running post. Blocks: not for the loop.
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
