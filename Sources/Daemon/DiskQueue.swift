// Work that a disk may hold up for as long as it likes: on a queue of its own, never on a task's thread.

import Foundation
import Synchronization

/// A queue for work that blocks, one piece after the other. Tasks wait for it without a thread.
final class DiskQueue: Sendable {
    private let queue: DispatchQueue

    init(_ name: String) { queue = DispatchQueue(label: "holdfast.\(name)") }

    /// Does something on the queue; what it throws is thrown here.
    func run<Value: Sendable, Failure: Error>(
        _ work: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(Failure) {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// Does something that cannot fail.
    func perform(_ work: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            queue.async {
                work()
                continuation.resume()
            }
        }
    }
}

/// A number that only grows.
final class Count: Sendable {
    private let value = Mutex<UInt64>(0)
    var now: UInt64 { value.withLock { $0 } }
    func add(_ more: UInt64) { value.withLock { $0 += more } }
}
