// Every line of a post, held together: when one is lost the outputs go safe, and the lost are taken again by name.

import BoardProfiles
import Devices
import Glibc
import Post

/// The machine's monotonic clock, in nanoseconds: the clock that the kernel stamps edges with.
package func monotonicNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// An output of the post.
final class HeldOutput {
    fileprivate let wiring: LineWiring
    fileprivate let safeLevel: Bool
    fileprivate let consumer: String
    private var handle: OutputLine?
    private unowned let lines: HeldLines
    /// The level that it was last told.
    private(set) var level: Bool

    fileprivate init(_ wiring: LineWiring, safeLevel: Bool, consumer: String, _ lines: HeldLines) {
        self.wiring = wiring
        self.safeLevel = safeLevel
        self.consumer = consumer
        self.lines = lines
        level = safeLevel
    }

    var isHeld: Bool { handle != nil }

    /// Drives it. A line that fails makes every output safe before this throws.
    func set(_ wanted: Bool) throws(DeviceError) {
        guard let code = attempt(wanted) else { throw .gone }
        if code != 0 { throw lines.lost(wiring, consumer, code) }
    }

    /// Throws if the line is gone: an output has no edge that would tell.
    func probe() throws(DeviceError) {
        guard let code = handle?.probe() else { throw .gone }
        if code != 0 { throw lines.lost(wiring, consumer, code) }
    }

    /// Back to its safe level; dropped if that fails.
    fileprivate func makeSafe() {
        if attempt(safeLevel) != 0 { handle = nil }
        level = safeLevel
    }

    /// An error number, or 0; nil if the line is not held.
    private func attempt(_ wanted: Bool) -> Int32? {
        let code = handle?.set(wanted)
        if code == 0 { level = wanted }
        return code
    }

    fileprivate func take() throws(LineFailure) {
        handle = try OutputLine(wiring, safeLevel: safeLevel, consumer: consumer)
        level = safeLevel
    }
}

/// An input of the post.
final class HeldInput {
    fileprivate let wiring: InputWiring
    fileprivate let consumer: String
    private let worst: Bool?
    private var handle: InputLine?
    private var debouncer: Debouncer
    private var hasMoved = false
    private unowned let lines: HeldLines

    fileprivate init(_ wiring: InputWiring, worst: Bool?, consumer: String, _ lines: HeldLines) {
        self.wiring = wiring
        self.worst = worst
        self.consumer = consumer
        self.lines = lines
        debouncer = Debouncer(period: 0, worst: nil)
    }

    var isHeld: Bool { handle != nil }
    var descriptor: Int32? { handle?.descriptor }
    var readAt: Int64? { debouncer.readAt }

    /// The level that counts now: read from the line, never taken from an edge.
    func level() throws(DeviceError) -> Bool {
        var raw = false
        guard let code = handle?.get(&raw) else { throw .gone }
        if code != 0 { throw lines.lost(wiring.line, consumer, code) }
        let moved = hasMoved
        hasMoved = false
        return debouncer.take(raw, hasMoved: moved, at: monotonicNanoseconds())
    }

    /// Reads its edges away.
    fileprivate func takeEdges() {
        var count: UInt32 = 0
        guard let code = handle?.takeEdges(&count) else { return }
        if count > 0 { hasMoved = true }
        if code != 0 { _ = lines.lost(wiring.line, consumer, code) }
    }

    /// Whether the line still answers; dropped if not.
    fileprivate func probe() {
        var raw = false
        if handle?.get(&raw) != 0 { handle = nil }
    }

    fileprivate func take() throws(LineFailure) {
        // An input with a worst level is debounced by us, see `Debouncer`; others by the kernel where it can.
        let isKernels = worst == nil && GPIOLibrary.debouncesInKernel
        let microseconds = wiring.debounce.microseconds
        handle = try InputLine(
            wiring.line, kernelDebounceMicroseconds: isKernels ? UInt32(clamping: microseconds) : 0,
            consumer: consumer)
        debouncer = Debouncer(period: isKernels ? 0 : microseconds * 1_000, worst: worst)
        hasMoved = false
    }
}

/// All lines of a post. Belongs to the loop's thread.
final class HeldLines {
    /// How often lost lines are looked for, and outputs asked whether they are still there.
    static let lookEvery: Int64 = 1_000_000_000

    private(set) var outputs: [HeldOutput] = []
    private(set) var inputs: [HeldInput] = []
    /// Whether every line is held.
    private(set) var isWhole = false
    /// Counts losses: whoever was given the go-ahead before one has to ask for it again.
    private(set) var losses = 0
    /// What failed last, a line once.
    private(set) var failures: [LineFailure] = []
    /// Descriptors of the held inputs.
    private(set) var descriptors: [Int32] = []
    private(set) var lookAt: Int64 = 0
    private var polled: [pollfd] = []

    func output(_ wiring: LineWiring, safeLevel: Bool = false, as role: String) -> HeldOutput {
        let line = HeldOutput(wiring, safeLevel: safeLevel, consumer: Self.consumer(role), self)
        outputs.append(line)
        return line
    }

    func input(_ wiring: InputWiring, worst: Bool? = nil, as role: String) -> HeldInput {
        let line = HeldInput(wiring, worst: worst, consumer: Self.consumer(role), self)
        inputs.append(line)
        return line
    }

    /// The name that gpioinfo shows. The kernel keeps 31 bytes.
    static func consumer(_ role: String) -> String { String("holdfast:\(role)".prefix(31)) }

    /// Every line as the kernel shows it, without taking any.
    func survey() -> [SurveyedLine] {
        outputs.map { SurveyedLine($0.wiring, role: $0.consumer, isOutput: true) }
            + inputs.map { SurveyedLine($0.wiring.line, role: $0.consumer, isOutput: false) }
    }

    /// Takes every line that is not held: outputs first, each safe from the call that takes it.
    func take(at now: Int64) {
        failures = []
        for line in outputs where !line.isHeld {
            do { try line.take() } catch { failures.append(error) }
        }
        for line in inputs where !line.isHeld {
            do { try line.take() } catch { failures.append(error) }
        }
        settle(at: now)
    }

    /// Reads edges away after the loop woke. One call of the kernel finds the few lines that have any.
    func takeEdges() {
        guard poll(&polled, nfds_t(polled.count), 0) > 0 else { return }
        for index in polled.indices where polled[index].revents != 0 {
            let descriptor = polled[index].fd
            // A line that is lost here changes the lists: then every output is safe already and the rest can wait.
            guard let line = inputs.first(where: { $0.descriptor == descriptor }) else { return }
            line.takeEdges()
            if !isWhole { return }
        }
    }

    /// Looks for lost lines, and for losses, when it is time to.
    func service(at now: Int64) {
        guard lookAt <= now else { return }
        if !isWhole { return take(at: now) }
        lookAt = now + Self.lookEvery
        for line in outputs {
            // The first that is gone makes all the others safe and marks the post.
            do { try line.probe() } catch { return }
        }
    }

    /// A line failed. Every output goes safe, and what does not answer any more is let go, so that the kernel can free
    /// the chip and it can be taken again under whatever number it comes back.
    func lost(_ wiring: LineWiring, _ consumer: String, _ code: Int32) -> DeviceError {
        let failure = LineFailure(line: wiring.name, consumer: consumer, code: code)
        losses += 1
        if isWhole { failures = [] }
        if !failures.contains(failure) { failures.append(failure) }
        for line in outputs { line.makeSafe() }
        for line in inputs { line.probe() }
        settle(at: monotonicNanoseconds())
        // A line that failed once and answers now is a loss all the same: it is looked at again in a second.
        isWhole = false
        return failure.error
    }

    private func settle(at now: Int64) {
        descriptors = inputs.compactMap(\.descriptor)
        polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN | POLLPRI), revents: 0) }
        isWhole = outputs.allSatisfy(\.isHeld) && inputs.allSatisfy(\.isHeld)
        lookAt = now + Self.lookEvery
    }
}
