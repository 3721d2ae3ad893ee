// Readers live: a serial one over a pseudo terminal, a keyboard by its recorded stream over a pipe.

import DeviceFiles
import Foundation
import Glibc
import Post
import Synchronization
import Testing

@testable import CardReaders

private func monotonic() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
}

/// The readings of a reader, and a wait for the next one.
private final class Taps: Sendable {
    private let all = Mutex<[CardReading]>([])
    private let semaphore = DispatchSemaphore(value: 0)

    func take(_ reading: CardReading) {
        all.withLock { $0.append(reading) }
        semaphore.signal()
    }

    /// The next reading; nil after ten seconds.
    func next() -> CardReading? {
        guard semaphore.wait(timeout: .now() + 10) == .success else { return nil }
        return all.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    var areNone: Bool { all.withLock { $0.isEmpty } }
}

/// Says yes once.
private final class Once: Sendable {
    private let isUsed = Atomic<Bool>(false)
    func isFirst() -> Bool { !isUsed.exchange(true, ordering: .relaxed) }
}

/// Two ends of a pseudo terminal; the reader's end is a path.
private final class Terminal {
    let master: Int32
    let path: String

    init() throws {
        var ends: (master: Int32, port: Int32) = (-1, -1)
        guard openpty(&ends.master, &ends.port, nil, nil, nil) == 0, let name = ttyname(ends.port) else {
            throw POSIXError(.ENODEV)
        }
        master = ends.master
        path = String(cString: name)
        close(ends.port)
    }

    func send(_ text: String) { _ = text.withCString { write(master, $0, strlen($0)) } }
    func hangUp() { close(master) }
}

private func serial(_ path: String, _ taps: Taps) throws -> CardReaderThread {
    let made = CardReaderThread(path: path, decoder: SerialCardDecoder(), now: { monotonic() }) {
        () throws(DeviceFileFailure) in
        try DeviceFile(serial: path, baud: 9_600)
    } found: {
        taps.take($0)
    }
    return try #require(made)
}

/// Whether that came true within ten seconds.
private func comes(_ isTrue: () -> Bool) -> Bool {
    let end = monotonic() + .seconds(10)
    while monotonic() < end {
        if isTrue() { return true }
        _ = poll(nil, 0, 5)
    }
    return false
}

@Suite("Card readers, live")
struct ReaderThreadTests {
    @Test("A tap at a serial reader is told once, garbage as garbage")
    func serialTap() throws {
        let terminal = try Terminal()
        let taps = Taps()
        let reader = try serial(terminal.path, taps)
        // What is sent before the port is ours is thrown away: say something until it is heard.
        #expect(
            comes {
                terminal.send("nothing\r"); return !taps.areNone
            })
        while !taps.areNone { _ = taps.next() }
        terminal.send("04A2B3C4\r\n04A2B3C4\r\n\u{2}04112233445566\u{3}")
        var heard: [CardReading] = []
        while heard.last != .card("card:04112233445566"), let next = taps.next() { heard.append(next) }
        #expect(heard.filter { $0 != .garbage } == [.card("card:04A2B3C4"), .card("card:04112233445566")])
        #expect(reader.trouble == nil)
        reader.stop()
        terminal.hangUp()
    }

    @Test("A reader that goes away is said with a remedy, and read again when it is back under its name")
    func goesAway() throws {
        let link = NSTemporaryDirectory() + "holdfast-reader-\(UUID().uuidString)"
        defer { unlink(link) }
        let taps = Taps()
        let reader = try serial(link, taps)
        #expect(comes { reader.trouble?.contains("does not exist: check the cable") == true })
        let first = try Terminal()
        symlink(first.path, link)
        #expect(comes { reader.trouble == nil })
        first.hangUp()
        #expect(comes { reader.trouble?.contains("no card is read until it is back") == true })
        unlink(link)
        let second = try Terminal()
        symlink(second.path, link)
        #expect(comes { reader.trouble == nil })
        #expect(
            comes {
                second.send("04A2B3C4\r"); return !taps.areNone
            })
        #expect(taps.next() == .card("card:04A2B3C4"))
        reader.stop()
        second.hangUp()
    }

    @Test("A keyboard's recorded stream is a tap; what is no input device is refused with the place to look")
    func keyboard() throws {
        var ends: (Int32, Int32) = (-1, -1)
        _ = withUnsafeMutableBytes(of: &ends) { bytes in
            bytes.withMemoryRebound(to: Int32.self) { pipe($0.baseAddress) }
        }
        let (readEnd, writeEnd) = ends
        _ = fcntl(readEnd, F_SETFL, O_NONBLOCK)
        let taps = Taps()
        let wasOpened = Once()
        let made = CardReaderThread(path: "a pipe", decoder: KeyboardCardDecoder(), now: { monotonic() }) {
            () throws(DeviceFileFailure) in
            guard wasOpened.isFirst() else { throw DeviceFileFailure("a pipe", .lost) }
            return DeviceFile(open: readEnd)
        } found: {
            taps.take($0)
        }
        let reader = try #require(made)
        let bytes = keys(cardKeys)
        _ = bytes.withUnsafeBytes { write(writeEnd, $0.baseAddress, $0.count) }
        #expect(taps.next() == .card("card:04A2B3C4"))
        close(writeEnd)
        #expect(comes { reader.trouble?.contains("is gone") == true })
        reader.stop()
        let failure = #expect(throws: DeviceFileFailure.self) { _ = try DeviceFile(input: "/dev/null") }
        #expect(failure?.description.contains("/dev/input/by-id") == true)
    }
}
