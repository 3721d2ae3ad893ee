"""The engineer at the bench: answers what `holdfast bringup` asks, and moves by hand what it wants moved."""
import json
import signal
import subprocess
import threading
import time

from post_bench import are_coils_off, check, chip, edges_seen, until

# What is moved by hand: its line, and the level that it has once it is moved.
MOVED = {
    "emergency stop": ("ESTOP_OK", False), "door": ("DOOR_OK", False), "tilt or water": ("TILT_OK", True),
    "protective earth": ("PE_OK", False), "grid": ("GRID_OK", False),
    "stop button of connector 1": ("STOP_BUTTON", False), "proximity of connector 1": ("PROXIMITY", True),
}


class Walk:
    """One run of the command, with answers; what is not answered is left out."""

    def __init__(self, tool, configuration, *parts, answers=None, hands=True):
        self.answers = {"close it": None, "TRIP": "TRIP", "OPEN": "OPEN", "again": None, "y or n": "y", "Type y": "y"}
        self.answers |= answers or {}
        self.hands, self.questions = hands, []
        arguments = [tool, "bringup", "--config", configuration, "--json"]
        for part in parts:
            arguments += ["--part", part]
        self.process = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()

    def listen(self):
        for line in self.process.stderr:
            self.questions.append(line.strip())
            if line.startswith("> "):
                self.meet(line[2:])

    def meet(self, question):
        device = question.split(":")[0]
        if device in MOVED:
            name, level = MOVED[device]
            if self.hands:
                chip.pull(name, level if "Enter" in question else not level)
            else:
                self.type("")
            return
        for words, answer in self.answers.items():
            if words in question:
                # Contactors are asked for by their own name.
                self.type(device[:2] if answer is None else answer)
                return

    def type(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def result(self):
        output = self.process.stdout.read()
        code = self.process.wait(120)
        self.listener.join(5)
        return code, json.loads(output) if output.startswith("{") else {"steps": [], "devices": []}

    def step(self, result, device):
        return next((step for step in result["steps"] if step["device"] == device), {})


def walk_the_board(tool, configuration, meter, contactors):
    contactors.closings = 0
    walk = Walk(tool, configuration)
    check(until(60, lambda: not are_coils_off(), every=0.02), "asked twice, a contactor closes", walk.questions[-5:])
    check(chip.is_high("K1_DRIVE") != chip.is_high("K2_DRIVE"), "one, never both")
    check(edges_seen("WATCHDOG", 0.2) >= 2, "the watchdog's gate is fed meanwhile")
    code, result = walk.result()
    wrong = [step for step in result["steps"] if step["verdict"] != "good"]
    check(code == 0 and not wrong and len(result["steps"]) == 17, "every device is as it must be", (code, wrong, walk.questions[-8:]))
    check(are_coils_off() and contactors.closings == 2, "each contactor was closed once", contactors.closings)
    for name in ("K1 of connector 1", "K2 of connector 1"):
        times = walk.step(result, name).get("milliseconds", {})
        print(f"        {name}: {times}", flush=True)
        check(0 < times.get("closes", 0) < 100 and 0 < times.get("opens", 0) < 100, f"{name} is timed both ways", times)
    readings = [device.get("reading") or {} for device in result["devices"]]
    voltage = next((value for value in readings[0].get("values", []) if value["quantity"] == "voltage"), {})
    check(len(readings) == 2 and voltage.get("raw") == [0, 0] and voltage.get("text") == "0.000 V",
          "the meter is read in volts, its raw registers beside", result["devices"])


def refuse(tool, configuration, meter, contactors):
    contactors.closings = 0

    def k1(what, code, **more):
        walk = Walk(tool, configuration, "contactors", **more)
        exit_code, result = walk.result()
        step = walk.step(result, "K1 of connector 1")
        holds = step.get("code") == code and exit_code == 1 and contactors.closings == 0
        check(holds, what + ", and no coil is driven", (contactors.closings, exit_code, result["steps"], walk.questions))

    meter.shows = (100.0, 0.0)
    k1("contacts that are live are refused", "contacts_live")
    meter.shows = None
    meter.tell(2, 507, 52_428 * 100 // 1_000)
    k1("a stage's side that is live is refused", "stage_live")
    meter.tell(2, 507, 0)
    chip.pull("ESTOP_OK", False)
    k1("a pressed emergency stop refuses", "emergency_stop_pressed")
    chip.pull("ESTOP_OK", True)
    k1("a breaker that nobody saw open refuses", "stage_not_cut_off", answers={"OPEN": ""})
    walk = Walk(tool, configuration, "contactors", answers={"again": ""})
    code, result = walk.result()
    check(walk.step(result, "K1 of connector 1").get("verdict") == "skipped" and code == 0,
          "whoever does not answer the second time gets nothing closed", result["steps"])
    check(contactors.closings == 0, "and no coil is driven", (contactors.closings, walk.questions))

    contactors.stuck.add("K1_MIRROR")
    walk = Walk(tool, configuration, "contactors")
    check(until(60, lambda: chip.is_high("K1_DRIVE"), every=0.02), "a contactor that does not move is driven")
    check(until(3, are_coils_off, every=0.02), "for a second at most")
    _, result = walk.result()
    step = walk.step(result, "K1 of connector 1")
    check(step.get("verdict") == "wrong" and "does not read closed" in step.get("found", ""), "and said so", step)
    walk = Walk(tool, configuration, "contactors")
    until(60, lambda: chip.is_high("K1_DRIVE"), every=0.02)
    walk.process.send_signal(signal.SIGTERM)
    check(until(0.3, are_coils_off, every=0.01), "SIGTERM opens what is closed")
    walk.result()
    walk = Walk(tool, configuration, "contactors")
    until(60, lambda: chip.is_high("K1_DRIVE"), every=0.02)
    chip.pull("ESTOP_OK", False)
    check(until(0.3, are_coils_off, every=0.01), "the emergency stop opens what is closed")
    check(walk.step(walk.result()[1], "K1 of connector 1").get("code") == "emergency_stop_pressed", "and is named")
    chip.pull("ESTOP_OK", True)
    contactors.stuck.clear()


def doctor(tool, configuration):
    """The doctor's findings, by what they are about."""
    said = subprocess.run([tool, "doctor", "--config", configuration, "--json"], capture_output=True, text=True)
    findings = {}
    for finding in json.loads(said.stdout) if said.stdout.startswith("[") else []:
        findings.setdefault(finding["check"], []).append(finding)
    return said.returncode, findings


def examine(tool, configuration, what, verdict, line, evidence):
    """Whether the doctor says that of one line, and has looked at every other."""
    _, findings = doctor(tool, configuration)
    lines = findings.get("line", [])
    found = [finding for finding in lines if finding["evidence"].startswith(line)]
    holds = len(lines) >= 20 and found and found[0]["verdict"] == verdict and evidence in found[0]["evidence"]
    check(holds, what, lines)
    return findings
