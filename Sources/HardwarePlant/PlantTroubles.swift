// What is wrong with a post's devices, in sentences, for whoever asks from whatever thread.

import GPIODriver
import ModbusDriver
import Synchronization

/// The troubles of a plant: written by its threads, read by status, log and doctor. Empty while all is well.
public final class PlantTroubles: Sendable {
    private struct State {
        var lines: [LineFailure] = []
        var sources: [@Sendable () -> String?] = []
    }
    private let state = Mutex(State())

    /// No trouble.
    public init() {}

    /// A sentence for each device that fails now: which, why, and what to do. What can be tried again is.
    public var sentences: [String] {
        let (lines, sources) = state.withLock { ($0.lines, $0.sources) }
        return LineFailure.sentences(lines) + sources.compactMap { $0() }
    }

    /// Lines that are not held, or none.
    func tell(_ lines: [LineFailure]) { state.withLock { $0.lines = lines } }

    /// Asks this whenever somebody wants to know.
    func ask(_ source: @escaping @Sendable () -> String?) { state.withLock { $0.sources.append(source) } }

    /// What never changes while this plant lives.
    package func report(_ sentence: String) { say(sentence) }

    func say(_ sentence: String) { ask { sentence } }
}

extension DeviceHealth {
    /// Three misses in a row, as the polling counts them: the device is then left alone for a while.
    private static let missesUntilSilent: UInt64 = 3

    /// Why the device gives no readings; nil while it does.
    var trouble: String? {
        if let linkFailure { return linkFailure.description }
        guard missesInARow >= Self.missesUntilSilent else { return nil }
        return lastDoubt ?? lastFailure?.description ?? ModbusFailure.silent.description
    }
}
