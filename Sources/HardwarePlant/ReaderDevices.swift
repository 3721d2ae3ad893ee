// The card readers of a post: each on a thread of its own, which hands a tap to the look-up and never to the loop.

import BoardProfiles
import CardReaders
import DeviceFiles
import Devices
import Post
import Runtime

/// The readers of a post, running.
final class ReaderDevices {
    let readers: [any CardReader]
    private let threads: [CardReaderThread]

    /// Starts them. Without `lookUps` there is nobody to ask about a card: then no reader is opened.
    init(
        _ wirings: [ReaderWiring], _ control: LiveControl, _ lookUps: LookUpThread?, _ clock: LoopClock,
        _ troubles: PlantTroubles
    ) {
        var readers: [any CardReader] = []
        var threads: [CardReaderThread] = []
        for (index, wiring) in wirings.enumerated() {
            let reader = lookUps.flatMap {
                Self.start(wiring, ReaderID(UInt8(truncatingIfNeeded: index)), control.inbox, $0, clock)
            }
            guard let reader else {
                readers.append(NotFitted())
                continue
            }
            readers.append(reader)
            threads.append(reader)
            troubles.ask { [weak reader] in
                reader?.trouble.map { "The card reader \(index + 1) is not there: \($0)" }
            }
        }
        self.readers = readers
        self.threads = threads
    }

    /// Ends their threads.
    func stop() {
        for thread in threads { thread.stop() }
    }

    private static func start(
        _ wiring: ReaderWiring, _ id: ReaderID, _ inbox: LiveInbox, _ lookUps: LookUpThread, _ clock: LoopClock
    ) -> CardReaderThread? {
        let path = wiring.device
        let found: @Sendable (CardReading) -> Void = { reading in
            switch reading {
            // One that is still looked up keeps its reader busy: the driver's second try finds it free.
            case .card(let card): _ = lookUps.present(card, reader: id)
            case .garbage: inbox.post(.readerGarbage(id))
            }
        }
        switch wiring.kind {
        case .serial(let baud):
            return CardReaderThread(path: path, decoder: SerialCardDecoder(), now: { clock.now }) {
                () throws(DeviceFileFailure) in
                try DeviceFile(serial: path, baud: baud)
            } found: {
                found($0)
            }
        case .keyboard:
            return CardReaderThread(path: path, decoder: KeyboardCardDecoder(), now: { clock.now }) {
                () throws(DeviceFileFailure) in
                try DeviceFile(input: path)
            } found: {
                found($0)
            }
        }
    }
}
