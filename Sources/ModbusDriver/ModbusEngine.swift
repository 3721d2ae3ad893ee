// One exchange at a time over one descriptor, without ever waiting: the caller brings the time and the news.

import CLibmodbus
import Glibc
public import Post

/// Sends one request and takes its answer once it is there whole.
///
/// The engine reads no clock and waits for nothing. It names the descriptor to watch and the instant by which it wants
/// to be called again; a thread that polls turns it live, and a loop that jumps from instant to instant turns the same
/// code against a simulated slave behind a socket pair.
///
/// What it guards against, since libmodbus' raw path does not: answers of another unit, function, length or
/// transaction, the confirmation of another write, more than one answer, an echo, an answer in pieces.
public final class ModbusEngine {
    /// The silences and checks of a line.
    public struct Settings: Hashable, Sendable {
        /// Silence between frames, 3.5 characters (1.75 ms above 19,200 baud: Modbus over serial line V1.02, 2.5.1.1).
        public var silence: Interval
        /// When bytes have stopped to come, the frame counts as ended. Engineering default 20 ms: USB adapters hand over
        /// what they have every 16 ms.
        public var frameGap: Interval
        /// How long nothing that can wait is asked on a serial line after an answer went missing, so that a late one meets
        /// no request it could fit. Longer than the slowest slave takes. None over TCP: late answers carry their number.
        public var quarantine: Interval
        /// Whether everything that is sent comes back.
        public var echoes: Bool
        /// What a byte takes on a serial line; nothing over TCP.
        var byteTakes: Interval

        /// The settings of a line of that speed.
        public init(
            framing: ModbusFraming, baud: Int32 = 9_600, echoes: Bool = false,
            frameGap: Interval = .milliseconds(20), quarantine: Interval = .milliseconds(500)
        ) {
            switch framing {
            case .tcp: silence = .zero
            case .rtu where baud > 19_200: silence = Interval(microseconds: 1_750)
            case .rtu:
                silence = Interval(microseconds: 3_500_000 * 11 / Int64(max(1, baud)) / 1_000 * 1_000 + 1_000)
            }
            self.frameGap = frameGap
            byteTakes = framing == .tcp ? .zero : Interval(microseconds: 11_000_000 / Int64(max(1, baud)))
            self.quarantine = framing == .tcp ? .zero : quarantine
            self.echoes = echoes
        }
    }

    /// What has happened so far.
    public struct Counts: Hashable, Sendable {
        /// Requests sent.
        public var requests: UInt64 = 0
        /// Answers taken.
        public var answers: UInt64 = 0
        /// Bytes thrown away that nobody had asked for.
        public var strayBytes: UInt64 = 0
        /// TCP answers thrown away because they belonged to an earlier request.
        public var lateAnswers: UInt64 = 0
        /// Exchanges that failed.
        public var failures: UInt64 = 0
    }

    struct Exchange {
        var request: ModbusRequest
        var sent: [UInt8]
        var deadline: Instant
        var transaction: UInt16
        var echoIsDue: Bool
        var waiting = 0
        /// A frame that was not ours has come meanwhile.
        var mismatch: ModbusFailure.Mismatch?
        var grewAt: Instant
    }

    let context: ModbusContext
    /// The silences and checks of the line.
    public let settings: Settings
    var exchange: Exchange?
    var frame = [UInt8](repeating: 0, count: ModbusContext.frameLengthAtMost)
    /// What has happened so far.
    public internal(set) var counts = Counts()
    private var transaction: UInt16 = 0
    private var lastActivity: Instant?
    /// Until when nothing that can wait is asked of anybody: a late answer would garble theirs.
    private var quarantineUntil = Instant.zero
    /// Until when nothing but "off" is asked of a unit whose answer is missing.
    private var unitUntil: [UInt8: Instant] = [:]
    /// Until when not even a command is told to such a unit.
    private var commandsFrom: [UInt8: Instant] = [:]
    private var isSimulatedLine = false

    /// An engine without a descriptor; nil if there is no memory.
    public convenience init?(_ framing: ModbusFraming, _ settings: Settings) {
        guard let context = ModbusContext(framing) else { return nil }
        self.init(context, settings)
    }

    init(_ context: consuming ModbusContext, _ settings: Settings) {
        self.context = context
        self.settings = settings
    }

    /// Takes over a connected descriptor. Throws `descriptorTooHigh` where libmodbus would abort the process.
    public func attach(_ descriptor: Int32) throws(ModbusFailure) {
        guard descriptor < Int32(FD_SETSIZE) else { throw .descriptorTooHigh(descriptor) }
        let flags = fcntl(descriptor, F_GETFL)
        _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
        context.attach(descriptor)
        isSimulatedLine = context.framing == .rtu
    }

    /// Closes the descriptor; an exchange under way is forgotten.
    public func close() {
        exchange = nil
        quarantineUntil = .zero
        unitUntil = [:]
        commandsFrom = [:]
        context.close()
    }

    /// The descriptor to watch for reading while an exchange is under way; -1 when there is none.
    public var descriptor: Int32 { context.descriptor }

    /// Whether an exchange is under way.
    public var isBusy: Bool { exchange != nil }

    /// From when on a request to whatever unit may be sent. One that cannot wait ("off") keeps only the silence between
    /// frames.
    public func readyAt(isUrgent: Bool) -> Instant {
        let afterSilence = lastActivity.map { $0 + settings.silence } ?? .zero
        return isUrgent ? afterSilence : max(afterSilence, quarantineUntil, unitUntil.values.max() ?? .zero)
    }

    /// From when on a request to that unit may be sent. What is awaited does not wait for other units: their late answers
    /// are told by their number, so they can cost this exchange and are never taken for its answer.
    func readyAt(_ unit: UInt8, isAwaited: Bool) -> Instant {
        let ofUnit = max(readyAt(isUrgent: true), unitUntil[unit] ?? .zero)
        return isAwaited ? ofUnit : max(ofUnit, quarantineUntil)
    }

    /// From when on a command may be told to that unit. It does not wait for late answers where one has come garbled: what
    /// confirms a command bears what was told, and what was told is read back.
    func readyForCommand(_ unit: UInt8) -> Instant {
        max(readyAt(isUrgent: true), commandsFrom[unit] ?? .zero)
    }

    /// Whether an exchange is under way of which nothing has come yet.
    var hasHeardNothing: Bool {
        guard let exchange, exchange.waiting == 0, exchange.mismatch == nil else { return false }
        return holdfast_bytes_waiting(descriptor) <= 0
    }

    /// Waits no longer for the answer; it counts as missing.
    func abandon(at now: Instant) { finish(.failure(.silent), at: now) }

    /// The instant by which `advance` wants to be called although nothing has come in.
    public var wakeAt: Instant? {
        guard let exchange else { return nil }
        let mayHaveEnded = context.framing == .rtu && exchange.waiting >= Self.shortestRTU
        return mayHaveEnded ? min(exchange.deadline, exchange.grewAt + settings.frameGap) : exchange.deadline
    }

    /// Sends a request whose answer is wanted within that time. The caller has waited for `readyAt`.
    public func begin(_ request: ModbusRequest, within: Interval, at now: Instant) throws(ModbusFailure) {
        let bytes = try request.bytes()
        guard descriptor >= 0 else { throw .notConnected }
        // libmodbus writes to a serial line with write(2), which on a socket pair without another end is a signal.
        if isSimulatedLine, isHungUp { throw .closed }
        flush()
        transaction &+= 1
        counts.requests += 1
        let code = context.send(bytes, transaction: transaction)
        lastActivity = now
        guard code == 0 else {
            counts.failures += 1
            throw .ofSystem(code)
        }
        exchange = Exchange(
            request: request, sent: bytes, deadline: now + within, transaction: transaction,
            echoIsDue: settings.echoes && context.framing == .rtu, grewAt: now)
    }

    /// Looks whether the answer is there. Nil: not yet.
    public func advance(at now: Instant) -> Result<[UInt16], ModbusFailure>? {
        guard let current = exchange else { return nil }
        let outcome: Result<[UInt16], ModbusFailure>?
        do throws(ModbusFailure) {
            let answer = context.framing == .tcp ? try takeTCP(current) : try takeRTU(current, now)
            if let answer {
                outcome = .success(answer)
            } else if now >= current.deadline {
                guard (exchange?.waiting ?? 0) > 0 else {
                    if let mismatch = exchange?.mismatch { throw .foreign(mismatch) }
                    throw .silent
                }
                // Over TCP the rest of a piece could be taken for the beginning of the next answer.
                throw context.framing == .tcp ? .outOfStep : .torn
            } else {
                outcome = nil
            }
        } catch {
            outcome = .failure(error)
        }
        guard let outcome else { return nil }
        finish(outcome, at: now)
        return outcome
    }

    private func finish(_ outcome: Result<[UInt16], ModbusFailure>, at now: Instant) {
        let ended = exchange
        exchange = nil
        lastActivity = now
        switch outcome {
        case .success: counts.answers += 1
        case .failure(let failure):
            counts.failures += 1
            guard let ended, failure.mayAnswerLate else { return }
            quarantineUntil = now + settings.quarantine
            // Whenever it was given up: the answer has its whole time, and the quarantine after that.
            let until = max(now, ended.deadline) + settings.quarantine
            unitUntil[ended.request.unit] = until
            // One that has come garbled: only what may be left of it.
            let rest = Interval(
                microseconds: settings.byteTakes.microseconds * Int64(ended.request.answerLength + 2))
            commandsFrom[ended.request.unit] = failure.hasAnswered ? now + settings.frameGap + rest : until
        }
    }

    /// The shortest frame on a serial line: unit, function, exception code, checksum.
    static let shortestRTU = 5

    /// Throws away what nobody asked for. Over TCP late answers carry their number and are told from the awaited one.
    func flush() {
        guard context.framing == .rtu else { return }
        counts.strayBytes += UInt64(max(0, holdfast_bytes_waiting(descriptor)))
        // A socket pair is no serial line (ENOTTY): read it empty instead.
        if !context.flush() { readAway(atMost: .max) }
    }

    func readAway(atMost most: Int) {
        var left = most
        while left > 0 {
            let count = read(descriptor, &frame, min(left, frame.count))
            guard count > 0 else { return }
            left -= count
        }
    }
}
