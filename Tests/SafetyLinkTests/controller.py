"""A safety controller on a pseudo terminal, written from hardware/SafetyLink.md and from nothing else.

Prints the path of its port, then a line for each change in what the post says ("pilots 0 1"). Takes commands on
standard input, one a line:

  pilot N STATE        a to f, or x for a level outside every band (connectors count from 1)
  proximity N WORD     open, seated or invalid
  stop open|closed     its own emergency-stop circuit
  chain open|closed    its own interlock circuit
  follow on|off        the vehicle of connector 1 asks for energy (c) while its pilot says digital, else is at b
  be WORD              well, silent, corrupt (wrong checksum), replay (the number stands still), half (frames cut off),
                       noisy (other bytes between frames)
  connectors N
"""
import os
import select
import sys
import termios
import time
import tty

STATES = "abcdefx"
CONTACTS = ["open", "seated", "invalid"]


def checksum(data):
    value = 0xFFFF
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ (0x1021 if value & 0x8000 else 0)) & 0xFFFF
    return value


def framed(kind, body):
    checked = bytes([kind, len(body)]) + body
    return b"\xa5\x5a" + checked + checksum(checked).to_bytes(2, "big")


class Controller:
    def __init__(self):
        self.pilots, self.contacts = [0], [0]
        self.word, self.number, self.mood, self.follows = 3, 0, "well", False
        self.pending, self.heard, self.heard_at = b"", None, 0.0

    def obey(self, words):
        verb, rest = words[0], words[1:]
        if verb == "pilot":
            self.pilots[int(rest[0]) - 1] = STATES.index(rest[1])
        elif verb == "proximity":
            self.contacts[int(rest[0]) - 1] = CONTACTS.index(rest[1])
        elif verb in ("stop", "chain"):
            bit = 1 if verb == "stop" else 2
            self.word = self.word | bit if rest[0] == "closed" else self.word & ~bit
        elif verb == "follow":
            self.follows = rest[0] == "on"
        elif verb == "be":
            self.mood = rest[0]
        elif verb == "connectors":
            self.pilots, self.contacts = [0] * int(rest[0]), [0] * int(rest[0])

    def frame(self):
        if self.mood == "silent":
            return b""
        if self.mood != "replay":
            self.number = (self.number + 1) % 256
        pilots = self.pilots
        # The page: without a frame from the post for 500 ms every pilot is at -12 V.
        if time.monotonic() - self.heard_at > 0.5:
            pilots = [5] * len(pilots)
        body = bytes([self.number, self.word])
        for pilot, contact in zip(pilots, self.contacts):
            body += bytes([pilot, contact])
        whole = framed(0x21, body)
        if self.mood == "corrupt":
            return whole[:-1] + bytes([whole[-1] ^ 0x10])
        if self.mood == "half":
            return whole[: len(whole) // 2]
        if self.mood == "noisy":
            return b"\xa5\xa5\x5a\x21\xff" + whole + b"\xa5"
        return whole

    def take(self, data):
        self.pending += data
        while len(self.pending) >= 6:
            length = self.pending[3]
            if self.pending[:2] != b"\xa5\x5a" or length > 18:
                self.pending = self.pending[1:]
                continue
            whole, rest = self.pending[: 6 + length], self.pending[6 + length:]
            if len(whole) < 6 + length:
                return
            if whole[2] != 0x11 or framed(whole[2], whole[4:-2]) != whole:
                self.pending = self.pending[1:]
                continue
            self.pending = rest
            if self.heard != whole[5:-2]:
                print("pilots", *whole[5:-2], flush=True)
            self.heard, self.heard_at = whole[5:-2], time.monotonic()
            if self.follows and self.pilots[0] in (1, 2):
                self.pilots[0] = 2 if self.heard[0] == 1 else 1


def main():
    master, port = os.openpty()
    tty.setraw(port, termios.TCSANOW)
    os.set_blocking(master, False)
    print(os.ttyname(port), flush=True)
    # Kept open: a pseudo terminal whose last user leaves would look unplugged.
    controller, commands, due = Controller(), b"", 0.0
    while True:
        readable, _, _ = select.select([0, master], [], [], max(0.0, due - time.monotonic()))
        before = (list(controller.pilots), list(controller.contacts), controller.word)
        if 0 in readable:
            data = os.read(0, 4096)
            if not data:
                return
            *lines, commands = (commands + data).split(b"\n")
            for line in lines:
                controller.obey(line.decode().split())
        if master in readable:
            controller.take(os.read(master, 4096))
        if time.monotonic() >= due or before != (controller.pilots, controller.contacts, controller.word):
            due = time.monotonic() + 0.1
            try:
                os.write(master, controller.frame())
            except BlockingIOError:
                pass


sys.exit(main())
