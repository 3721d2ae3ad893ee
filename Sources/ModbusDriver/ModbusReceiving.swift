// Taking an answer that is there: the two framings, and every way in which it can be wrong.

import CLibmodbus
import Glibc
import Post

extension ModbusEngine {
    /// Over TCP the frame is looked at before it is taken: the socket lets us peek.
    func takeTCP(_ current: Exchange) throws(ModbusFailure) -> [UInt16]? {
        while true {
            let count = recv(descriptor, &frame, frame.count, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
            if count == 0 { throw .closed }
            if count < 0 {
                let code = errno
                if code == EAGAIN || code == EINTR { return nil }
                throw .ofSystem(code)
            }
            exchange?.waiting = count
            guard count >= 8 else { return nil }
            let word = { (offset: Int) in UInt16(self.frame[offset]) << 8 | UInt16(self.frame[offset + 1]) }
            // After a header that cannot be, nothing tells where the next frame begins.
            guard word(2) == 0, (3...254).contains(word(4)) else { throw .outOfStep }
            let whole = 6 + Int(word(4))
            guard count >= whole else { return nil }
            guard word(0) == current.transaction else {
                readAway(atMost: whole)
                counts.lateAnswers += 1
                exchange?.waiting = 0
                continue
            }
            // A length that does not fit the answer's own count: nothing tells where the next frame begins.
            if frame[7] & 0x80 == 0, frame[7] <= 4, whole != 9 + Int(frame[8]) { throw .outOfStep }
            do throws(ModbusFailure) {
                let answer = try current.request.registers(in: frame.span.extracting(6..<whole))
                // Right in every respect. The library would take it in three pieces and wait for each of them.
                readAway(atMost: whole)
                return answer
            } catch {
                if error != .outOfStep { readAway(atMost: whole) }
                throw error
            }
        }
    }

    /// On a serial line nothing can be looked at before it is taken: what tells is how many bytes there are, and that
    /// no more come.
    func takeRTU(_ current: Exchange, _ now: Instant) throws(ModbusFailure) -> [UInt16]? {
        var available = Int(holdfast_bytes_waiting(descriptor))
        if available < 0 { throw .ofSystem(errno) }
        if available == 0 {
            if isHungUp { throw .closed }
            return nil
        }
        if current.echoIsDue {
            let sent = current.sent.count + 2
            guard available >= sent else { return nil }
            try takeEcho(current, length: sent)
            available -= sent
        }
        if available != exchange?.waiting {
            exchange?.waiting = available
            exchange?.grewAt = now
        }
        let expected = current.request.answerLength + 2
        guard available <= expected else {
            readAway(atMost: .max)
            throw .collision
        }
        let hasEnded = now >= (exchange?.grewAt ?? now) + settings.frameGap || now >= current.deadline
        guard available == expected || available >= Self.shortestRTU && hasEnded else { return nil }
        return try receiveOrGoOn(current, now)
    }

    private func receiveRTU(_ current: Exchange) throws(ModbusFailure) -> [UInt16] {
        let taken = context.receive(unit: current.request.unit, into: &frame)
        defer { flush() }
        if taken == 0 { throw .foreign(.unit) }
        if taken < 0 {
            switch -taken {
            case holdfast_modbus_bad_checksum: throw .badChecksum
            case holdfast_modbus_bad_data, ETIMEDOUT: throw .torn
            default: throw .ofSystem(-taken)
            }
        }
        return try current.request.registers(in: frame.span.extracting(0..<Int(taken) - 2))
    }

    /// A right frame that is not ours is thrown away and ours still waited for: it may be on its way behind it.
    private func receiveOrGoOn(_ current: Exchange, _ now: Instant) throws(ModbusFailure) -> [UInt16]? {
        do throws(ModbusFailure) {
            return try receiveRTU(current)
        } catch {
            guard case .foreign(let mismatch) = error, now < current.deadline else { throw error }
            counts.lateAnswers += 1
            exchange?.mismatch = mismatch
            exchange?.waiting = 0
            return nil
        }
    }

    /// An adapter that echoes hands back exactly what was sent, checksum included, before anything else.
    private func takeEcho(_ current: Exchange, length: Int) throws(ModbusFailure) {
        let count = read(descriptor, &frame, length)
        exchange?.echoIsDue = false
        guard count == length, frame[..<current.sent.count].elementsEqual(current.sent) else {
            readAway(atMost: .max)
            throw .badEcho
        }
    }

    var isHungUp: Bool {
        var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&state, 1, 0) > 0 else { return false }
        // Readable with nothing to read is the end of a stream.
        return holdfast_bytes_waiting(descriptor) == 0
    }
}
