"""What stands around a post in the rig's machine: the chips' wires, the contactors, the meter, and the questions asked."""
import json
import os
import socket
import struct
import subprocess
import threading
import time

PROVED = {"passed": 0, "failed": 0}


def check(holds, what, found=""):
    PROVED["passed" if holds else "failed"] += 1
    print(f"  {'ok  ' if holds else 'FAIL'}  {what}" + ("" if holds else f": {found}"), flush=True)
    return holds


def until(seconds, is_true, every=0.3):
    """Whether that comes true; looked at seldom, since the emulated processor has other things to do."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_true():
            return True
        time.sleep(every)
    return False


def make_resident(files=()):
    """Reads these files, and every file that a process has mapped, into the guest's memory.

    The guest's clock leaps while it waits for the host: a page of a program that is fetched later takes seconds by it.
    """
    wanted = set(files)
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/maps") as maps:
                wanted |= {line.split(None, 5)[5].strip() for line in maps if "/" in line}
        except (OSError, IndexError):
            pass
    for path in wanted:
        if path.startswith(("/dev", "/proc", "/sys")) or not os.path.isfile(path):
            continue
        with open(path, "rb") as file:
            while file.read(1 << 20):
                pass


class Chip:
    """A simulated chip as the simulator sees it: levels and pulls by the line's name."""

    def __init__(self, label):
        self.place = "/run/gpio/" + label
        self.names = open(self.place + "/lines").read().split()
        self.levels = {}

    def file(self, line, what):
        entries = os.listdir(self.place + "/device/")
        chip = next((entry for entry in entries if entry.startswith("gpiochip")), None)
        if chip is None:
            raise OSError("the chip is unbound")
        return f"{self.place}/device/{chip}/sim_gpio{self.names.index(line)}/{what}"

    def is_high(self, line):
        if line in self.levels:
            try:
                return os.pread(self.levels[line], 1, 0) == b"1"
            except OSError:
                # The chip has gone since; it may be back.
                os.close(self.levels.pop(line))
        self.levels[line] = os.open(self.file(line, "value"), os.O_RDONLY)
        return os.pread(self.levels[line], 1, 0) == b"1"

    def pull(self, line, up):
        with open(self.file(line, "pull"), "w") as file:
            file.write("pull-up" if up else "pull-down")

    def edges(self, line, count):
        """So many changes as fast as they can be made; the last one leaves it low if their number is odd."""
        with open(self.file(line, "pull"), "wb", buffering=0) as file:
            for edge in range(count):
                os.pwrite(file.fileno(), b"pull-up" if edge % 2 else b"pull-down", 0)

    def bind(self, is_bound):
        name = os.path.basename(os.path.realpath(self.place + "/device"))
        with open("/sys/bus/platform/drivers/gpio-sim/" + ("bind" if is_bound else "unbind"), "w") as file:
            file.write(name)

    def table(self):
        return " ".join(f"{name}={self.is_high(name):d}" for name in self.names)


chip = Chip("holdfast-rig")
other_chip = Chip("holdfast-other")


def well_wired():
    """Every circuit closed, both contactors open, no plug."""
    for line in ("ESTOP_OK", "DOOR_OK", "PE_OK", "GRID_OK", "STOP_BUTTON", "K1_MIRROR", "K2_MIRROR"):
        chip.pull(line, True)
    for line in ("TILT_OK", "LOCK_SENSE", "PROXIMITY"):
        chip.pull(line, False)


def are_coils_off():
    """A chip that is gone drives nothing."""
    try:
        return not chip.is_high("K1_DRIVE") and not chip.is_high("K2_DRIVE")
    except OSError:
        return True


def edges_seen(line, seconds):
    level, edges, end = chip.is_high(line), 0, time.monotonic() + seconds
    while time.monotonic() < end:
        now = chip.is_high(line)
        edges += now != level
        level = now
    return edges


class Contactors(threading.Thread):
    """Two contactors and a lock: mirror contacts follow the coils, with bounce; the lock's contact follows its motor."""

    def __init__(self):
        super().__init__(daemon=True)
        self.stuck = set()
        self.closings = 0

    def run(self):
        seen = {}
        while True:
            try:
                for coil, mirror in (("K1_DRIVE", "K1_MIRROR"), ("K2_DRIVE", "K2_MIRROR")):
                    is_driven = chip.is_high(coil)
                    if seen.get(coil) != is_driven:
                        self.closings += is_driven
                        # A mirror contact is closed (high) while the contactor is open; it bounces before it rests.
                        if mirror not in self.stuck:
                            for level in (is_driven, not is_driven, is_driven, not is_driven):
                                chip.pull(mirror, level)
                    seen[coil] = is_driven
                if chip.is_high("LOCK_CLOSE"):
                    chip.pull("LOCK_SENSE", True)
                if chip.is_high("LOCK_OPEN"):
                    chip.pull("LOCK_SENSE", False)
            except OSError:
                seen = {}
            time.sleep(0.01)


class Meter(threading.Thread):
    """An Eastron DCM230 (unit 1) and the voltage of an EA PSB (unit 2), by pymodbus in a process of their own.

    The meter shows what the simulated world says is so at the contacts. Its register goes on where it stood when that
    world, which lives in the daemon, begins anew: a register that goes back is a fault, and the post says so.
    """

    def __init__(self, python, slave, socket_path):
        super().__init__(daemon=True)
        self.socket_path = socket_path
        self.installed_at, self.flowed, self.before = 4_000_000.0, 0.0, 0.0
        # What it shows whatever the world says; nothing: what the world says.
        self.shows = None
        self.process = subprocess.Popen(
            [python, slave, "1502", "1", "2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        self.show(0.0, 0.0)

    def show(self, volts, amperes):
        volts, amperes = self.shows or (volts, amperes)
        register = (self.installed_at + self.before + self.flowed) / 1_000
        for address, value in ((0, volts), (6, amperes), (72, register)):
            self.tell(1, address, *struct.unpack(">HH", struct.pack(">f", value)))

    def tell(self, unit, address, *words):
        self.process.stdin.write(" ".join(map(str, (unit, address, *words))) + "\n")
        self.process.stdin.flush()

    def run(self):
        while True:
            try:
                truth = ask(self.socket_path, "POST", "/v1/sim/look")["connectors"][0]
                if truth["flowed_watt_hours"] < self.flowed:
                    self.before += self.flowed
                self.flowed = truth["flowed_watt_hours"]
                self.show(truth["contact_volts"], truth["contact_amperes"])
            except (OSError, ValueError, LookupError):
                # Without a daemon the contactors are open.
                self.show(0.0, 0.0)
            time.sleep(0.25)


def ask(path, method, what, body=None):
    """One request to the daemon over its socket."""
    data = json.dumps(body or {}).encode() if method == "POST" else b""
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(20)
        link.connect(path)
        head = f"{method} {what} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        link.sendall(f"{head}Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
        answer = b""
        while part := link.recv(65536):
            answer += part
    return json.loads(answer.split(b"\r\n\r\n", 1)[1])
