#!/usr/bin/env python3
"""Modbus slaves for tests: well-behaved ones of pymodbus, and ones that misbehave on purpose.

    slaves.py {tcp,rtu} FAULT [--percent N] [--seed N] [--unit N]

Prints where it is ("tcp 127.0.0.1:41234" or "rtu /dev/pts/7") and serves until its input ends.
Register a of unit u holds (7 a + 1000 u) modulo 65536 with every fault, until it is written: a wrong value is seen at
once. With --unit N only that unit misbehaves.
FAULT is one of
    none          answers rightly
    pymodbus      answers rightly, by pymodbus: an Eastron DCM230 at unit 1 (401.25 V, 125.5 A, 1234.5 kWh)
    silent        never answers
    slow          a byte every 60 ms
    late          each answer comes 180 ms after its request
    crc           PERCENT of the answers have a wrong bit
    unit          another unit answers
    length        a register too few
    exception     exception 2
    echo          everything that is sent comes back first
    twice         each answer comes twice
    reset         closes the connection instead of answering
    never-accepts listens and never accepts (tcp)
"""

import argparse
import asyncio
import os
import random
import select
import socket
import struct
import sys
import threading
import time
import tty

EXCEPTION = 2


def crc(data: bytes) -> bytes:
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return struct.pack("<H", value)


def content(unit: int, address: int) -> int:
    return address * 7 + unit * 1000 & 0xFFFF


class Slave:
    """One slave's answers, and how they go wrong."""

    def __init__(self, fault: str, percent: float, seed: int, unit: "int | None" = None):
        self.fault = fault
        self.unit = unit
        self.percent = percent
        self.random = random.Random(seed)
        self.written: dict[int, int] = {}

    def body(self, request: bytes) -> bytes:
        unit, function = request[0], request[1]
        address, count = struct.unpack(">HH", request[2:6])
        fault = self.fault if self.unit in (None, unit) else "none"
        if fault == "exception":
            return bytes([unit, function | 0x80, EXCEPTION])
        if function == 16:
            for index in range(count):
                self.written[address + index] = struct.unpack(">H", request[7 + 2 * index:9 + 2 * index])[0]
            return request[:6]
        if function in (5, 6):
            self.written[address] = count
            return request[:6]
        if function == 1:
            return bytes([unit, function, 1, int(self.written.get(address) == 0xFF00)])
        words = [self.written.get(address + i, content(unit, address + i)) for i in range(count)]
        if fault == "length":
            words = words[:-1]
        if fault == "unit":
            unit = unit % 247 + 1
        return bytes([unit, function, 2 * len(words)]) + struct.pack(f">{len(words)}H", *words)

    def spoil(self, frame: bytes) -> bytes:
        """A wrong bit in so many of a hundred frames."""
        if self.fault != "crc" or self.random.random() * 100 >= self.percent:
            return frame
        bit = self.random.randrange(len(frame) * 8)
        spoilt = bytearray(frame)
        spoilt[bit // 8] ^= 1 << bit % 8
        return bytes(spoilt)

    def answer(self, send, request: bytes, frame) -> bool:
        """Sends what this slave sends; False if the connection is to be closed instead."""
        if self.unit not in (None, request[0]):
            send(frame(self.body(request)))
            return True
        if self.fault == "silent":
            return True
        if self.fault == "reset":
            return False
        whole = self.spoil(frame(self.body(request)))
        if self.fault == "late":
            # On a thread of its own: the next request is read meanwhile, and its answer comes later still.
            threading.Timer(0.18, send, [whole]).start()
        elif self.fault == "slow":
            for byte in whole:
                send(bytes([byte]))
                time.sleep(0.06)
        else:
            send(whole)
            if self.fault == "twice":
                send(whole)
        return True


def serve_tcp(slave: Slave) -> None:
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(0 if slave.fault == "never-accepts" else 8)
    host, port = server.getsockname()
    waiting = []
    if slave.fault == "never-accepts":
        # A full queue: the kernel drops whatever comes next.
        for _ in range(4):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex((host, port))
            waiting.append(client)
        time.sleep(0.1)
    say(f"tcp {host}:{port}")
    if slave.fault == "never-accepts":
        threading.Event().wait()
    while True:
        connection, _ = server.accept()
        threading.Thread(target=converse_tcp, args=(slave, connection), daemon=True).start()


def converse_tcp(slave: Slave, connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    pending = b""
    while True:
        try:
            received = connection.recv(4096)
        except OSError:
            return
        if not received:
            return
        pending += received
        while len(pending) >= 6 and len(pending) >= 6 + struct.unpack(">H", pending[4:6])[0]:
            length = struct.unpack(">H", pending[4:6])[0]
            header, request = pending[:4], pending[6:6 + length]
            pending = pending[6 + length:]

            def send(data: bytes) -> None:
                try:
                    connection.sendall(data)
                except OSError:
                    pass

            if not slave.answer(send, request, lambda body: header + struct.pack(">H", len(body)) + body):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()
                return


def serve_rtu(slave: Slave) -> None:
    master, line = os.openpty()
    tty.setraw(master)
    tty.setraw(line)
    say(f"rtu {os.ttyname(line)}")
    pending = b""
    while True:
        try:
            pending += os.read(master, 4096)
        except OSError:
            return
        while True:
            length = request_length(pending)
            if length is None or len(pending) < length:
                break
            request, pending = pending[:length], pending[length:]
            if crc(request[:-2]) != request[-2:]:
                pending = b""
                break
            send = lambda data: os.write(master, data)
            if slave.fault == "echo":
                send(request)
            if not slave.answer(send, request[:-2], lambda body: body + crc(body)):
                os.close(line)
                os.close(master)
                return


def request_length(pending: bytes) -> "int | None":
    if len(pending) < 8:
        return None
    return 9 + pending[6] if pending[1] == 16 else 8


def floats(values: "dict[int, float]", count: int) -> "list[int]":
    words = [0] * count
    for address, value in values.items():
        words[address:address + 2] = struct.unpack(">HH", struct.pack(">f", value))
    return words


async def serve_pymodbus(transport: str) -> None:
    from pymodbus.server import StartAsyncSerialServer, StartAsyncTcpServer
    from pymodbus.simulator import DataType, SimData, SimDevice

    words = floats({0: 401.25, 6: 125.5, 12: 50356.875, 72: 1234.5, 74: 0.25}, 88)
    device = SimDevice(1, simdata=[SimData(0, values=words, datatype=DataType.REGISTERS)])
    if transport == "tcp":
        probe = socket.socket()
        probe.bind(("127.0.0.1", 0))
        address = probe.getsockname()
        probe.close()
        task = asyncio.create_task(StartAsyncTcpServer(device, address=address))
        while True:
            try:
                _, writer = await asyncio.open_connection(*address)
                writer.close()
                break
            except OSError:
                await asyncio.sleep(0.02)
        say(f"tcp {address[0]}:{address[1]}")
    else:
        ours, theirs = bridge()
        task = asyncio.create_task(StartAsyncSerialServer(device, port=theirs, baudrate=115200))
        await asyncio.sleep(0.5)
        say(f"rtu {ours}")
    await task


def bridge() -> "tuple[str, str]":
    """Two serial lines with a wire between them."""
    ends = [os.openpty(), os.openpty()]
    for master, line in ends:
        tty.setraw(master)
        tty.setraw(line)

    def pump() -> None:
        while True:
            ready, _, _ = select.select([ends[0][0], ends[1][0]], [], [])
            for master in ready:
                other = ends[1][0] if master == ends[0][0] else ends[0][0]
                os.write(other, os.read(master, 4096))

    threading.Thread(target=pump, daemon=True).start()
    return os.ttyname(ends[0][1]), os.ttyname(ends[1][1])


def say(text: str) -> None:
    print(text, flush=True)


def end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("transport", choices=["tcp", "rtu"])
    parser.add_argument("fault")
    parser.add_argument("--percent", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unit", type=int)
    options = parser.parse_args()
    threading.Thread(target=end_with_parent, daemon=True).start()
    if options.fault == "pymodbus":
        asyncio.run(serve_pymodbus(options.transport))
        return
    slave = Slave(options.fault, options.percent, options.seed, options.unit)
    serve_tcp(slave) if options.transport == "tcp" else serve_rtu(slave)


if __name__ == "__main__":
    main()
