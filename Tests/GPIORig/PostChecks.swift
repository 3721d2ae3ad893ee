// A whole post's lines against the kernel: permissive, interlocks, debounce, a chip that goes and comes back.

import BoardProfiles
import Devices
import GPIODriver
import Glibc
import Post

private let chip = SimulatedChip(label: "holdfast-rig")

/// All circuits closed, contactors open: a mirror contact is closed while its contactor is open.
func wellWired() {
    for line in ["ESTOP_OK", "DOOR_OK", "PE_OK", "GRID_OK", "STOP_BUTTON", "PROXIMITY", "K1_MIRROR", "K2_MIRROR"] {
        chip.pull(line, up: true)
    }
    for line in ["TILT_OK", "LOCK_SENSE"] { chip.pull(line, up: false) }
}

/// What a device call threw; nil if nothing.
func thrown(_ body: () throws(DeviceError) -> Void) -> DeviceError? {
    do throws(DeviceError) {
        try body()
        return nil
    } catch {
        return error
    }
}

/// Lets the loop's part happen for a while: edges taken, what is due serviced, the watchdog fed.
func live(_ post: PostLines, milliseconds: Int) {
    let ends = nanoseconds() + Int64(milliseconds) * 1_000_000
    while nanoseconds() < ends {
        let due = min(post.serviceAt ?? ends, ends)
        let wait = max(0, min(due - nanoseconds(), 20_000_000))
        if events(post.edgeDescriptors, milliseconds: Int32((wait + 999_999) / 1_000_000)) != 0 { post.takeEdges() }
        if let serviceAt = post.serviceAt, serviceAt <= nanoseconds() { post.service() }
        _ = try? post.interlocks.read()
        _ = try? post.connectors[0].permissive.readBack()
        try? post.watchdog.feed()
    }
}

func permissiveChecks(_ checks: inout Checks, _ profile: BoardProfile) {
    checks.group("The permissive")
    let post = PostLines(profile)
    // Taken with a pull of the chip's own, the simulated line follows that: the wires are set afterwards.
    wellWired()
    live(post, milliseconds: 30)
    checks.check(post.isWhole, "every line of the profile is held", "\(post.failures)")
    let pair = post.connectors[0].permissive
    checks.check(!chip.isHigh("K1_DRIVE") && !chip.isHigh("K2_DRIVE"), "contactors are open from the start", "")
    checks.check(!chip.isHigh("FAN"), "the fan runs (active low)", "")
    let listed = output(of: "/usr/bin/gpioinfo", [])
    for name in ["holdfast:K1-drive", "holdfast:K2-mirror", "holdfast:emergency-stop", "holdfast:watchdog"] {
        checks.check(listed.contains("\"\(name)\""), "gpioinfo names \(name)", listed)
    }
    checks.check((try? post.interlocks.read()) == .allGood, "the interlocks are good", "\(post.failures)")
    checks.check(thrown { () throws(DeviceError) in try pair.allow(.charge) } == nil, "power is allowed", "")
    checks.check(chip.isHigh("K1_DRIVE") && chip.isHigh("K2_DRIVE"), "both coils are driven", "")
    let before = try? pair.readBack()
    checks.check(before?.plus == .open, "the read-back is the mirror contact, not the drive", "\(before as Any)")
    chip.pull("K1_MIRROR", up: false)
    live(post, milliseconds: 30)
    let mixed = try? pair.readBack()
    checks.check(
        mixed?.plus == .closed && mixed?.minus == .open, "one closed, one not: told apart", "\(mixed as Any)")
    if let serviceAt = post.serviceAt {
        checks.check(serviceAt - nanoseconds() <= 10_000_000, "energised, lines are read within 10 ms", "")
    } else {
        checks.check(false, "energised, the loop is told when to read", "never")
    }
    chip.pull("ESTOP_OK", up: false)
    checks.check(
        events(post.edgeDescriptors, milliseconds: 100) & Int16(POLLIN) != 0, "the emergency stop wakes", "")
    live(post, milliseconds: 20)
    checks.check((try? post.interlocks.read())?.emergencyStopPressed == true, "and reads as pressed", "")
    checks.check(thrown { () throws(DeviceError) in try pair.withdraw() } == nil, "power is withdrawn", "")
    checks.check(!chip.isHigh("K1_DRIVE") && !chip.isHigh("K2_DRIVE"), "both coils are off", "")
    lockChecks(&checks, post)
}

private func lockChecks(_ checks: inout Checks, _ post: PostLines) {
    guard let lock = post.connectors[0].lock else { return checks.check(false, "there is a lock") }
    try? lock.drive(isHeld: true)
    checks.check(chip.isHigh("LOCK_CLOSE") && !chip.isHigh("LOCK_OPEN"), "the lock's motor runs one way", "")
    try? lock.drive(isHeld: false)
    checks.check(!chip.isHigh("LOCK_CLOSE") && chip.isHigh("LOCK_OPEN"), "or the other, never both", "")
    live(post, milliseconds: 350)
    checks.check(!chip.isHigh("LOCK_OPEN"), "and stops after its pulse", "")
    checks.check(
        thrown { () throws(DeviceError) in try post.upstream[0].trip() } == nil, "the breaker is tripped", "")
    checks.check(chip.isHigh("UPSTREAM_TRIP"), "by its line", "")
}

func debounceChecks(_ checks: inout Checks, _ profile: BoardProfile) {
    checks.group("Debounce")
    var profile = profile
    profile.interlocks.door.debounce = .milliseconds(20)
    profile.connectors[0].plus.mirror.debounce = .milliseconds(20)
    let post = PostLines(profile)
    wellWired()
    live(post, milliseconds: 60)
    // Nine changes in some 25 ms, ending with the door open and the contactor closed.
    undisturbed(atMost: 40) {
        settle(post)
        for change in 1...9 {
            chip.pull("DOOR_OK", up: change % 2 == 0)
            chip.pull("K1_MIRROR", up: change % 2 == 0)
            live(post, milliseconds: 2)
        }
    }
    checks.check((try? post.interlocks.read())?.doorOpen == false, "a bounce of 25 ms does not count yet", "")
    checks.check((try? post.connectors[0].permissive.readBack().plus) == .open, "nor on a mirror contact", "")
    live(post, milliseconds: 40)
    checks.check((try? post.interlocks.read())?.doorOpen == true, "the level that stands for 20 ms does", "")
    checks.check((try? post.connectors[0].permissive.readBack().plus) == .closed, "on the mirror contact, too", "")
    undisturbed(atMost: 200) {
        settle(post)
        for change in 1...20 {
            chip.pull("DOOR_OK", up: change % 2 == 0)
            chip.pull("K1_MIRROR", up: change % 2 == 0)
            live(post, milliseconds: 4)
        }
    }
    checks.check(
        (try? post.interlocks.read())?.doorOpen == true, "a door that flutters without end reads as open", "shut")
    // The kernel's debounce (libgpiod 2) knows no worst: it would say the same of a door, for ever.
    checks.check(
        (try? post.connectors[0].permissive.readBack().plus) == .open, "a mirror contact keeps what last stood", "")
    wellWired()
    live(post, milliseconds: 60)
    checks.check((try? post.interlocks.read())?.doorOpen == false, "and as shut once it stands shut", "open")
}

/// Closes all circuits and lets them stand.
private func settle(_ post: PostLines) {
    wellWired()
    live(post, milliseconds: 80)
}

/// Runs `body` until it was not held up by whatever else this machine does: its own time, without `settle`'s 80 ms, may
/// not exceed the bound. What it proves is about levels that stand or do not, and a stall lets them stand.
private func undisturbed(atMost milliseconds: Int64, _ body: () -> Void) {
    for _ in 0..<20 {
        let began = nanoseconds()
        body()
        if nanoseconds() - began <= (milliseconds + 80 + 5) * 1_000_000 { return }
    }
    say("        (this machine is too busy for the timing of the next checks)")
}

func unplugChecks(_ checks: inout Checks, _ profile: BoardProfile) {
    checks.group("A chip that goes while it is held, and comes back")
    let post = PostLines(profile)
    wellWired()
    live(post, milliseconds: 30)
    let pair = post.connectors[0].permissive
    checks.check(thrown { () throws(DeviceError) in try pair.allow(.charge) } == nil, "power is allowed", "")
    let number = chip.number
    chip.bind(false)
    let went = nanoseconds()
    let seen = events(post.edgeDescriptors, milliseconds: 50)
    checks.check(seen & Int16(POLLERR | POLLHUP) != 0, "poll says POLLERR or POLLHUP at once", "\(seen)")
    post.takeEdges()
    let milliseconds = (nanoseconds() - went) / 1_000_000
    checks.check(!post.isWhole && milliseconds <= 50, "known after \(milliseconds) ms (row 89: 50 ms)", "")
    checks.check(
        thrown { () throws(DeviceError) in _ = try post.interlocks.read() } == .gone, "interlocks: gone", "")
    checks.check(thrown { () throws(DeviceError) in _ = try pair.readBack() } == .gone, "read-backs: gone", "")
    checks.check(thrown { () throws(DeviceError) in try pair.allow(.charge) } == .gone, "power: refused", "")
    checks.check(thrown { () throws(DeviceError) in try post.watchdog.feed() } == .gone, "watchdog: not fed", "")
    checks.check(post.edgeDescriptors.isEmpty, "no dead descriptor is left to spin on", "")
    pause(milliseconds: 60)
    checks.check((post.serviceAt ?? 0) > nanoseconds(), "nothing overdue keeps the loop from sleeping", "overdue")
    checks.check(
        post.failures.first?.code == ENODEV, "the failure is named: \(post.failures.first?.description ?? "")")
    live(post, milliseconds: 1_200)
    checks.check(!post.isWhole && post.failures.first?.code == ENOENT, "while it is away it is looked for", "")

    chip.bind(true)
    live(post, milliseconds: 1_500)
    checks.check(
        post.isWhole, "back (\(number ?? "") became \(chip.number ?? "")), found by name", "\(post.failures)")
    checks.check(!chip.isHigh("K1_DRIVE") && !chip.isHigh("K2_DRIVE"), "its outputs are safe", "")
    checks.check(
        thrown { () throws(DeviceError) in try pair.allow(.test) } == .gone,
        "power stays refused: no contact vouches")
    wellWired()
    live(post, milliseconds: 30)
    checks.check(thrown { () throws(DeviceError) in try pair.allow(.test) } == nil, "read-backs agree: allowed", "")

    chip.bind(false)
    post.takeEdges()
    chip.bind(true)
    live(post, milliseconds: 1_500)
    // The other welded meanwhile.
    chip.pull("K1_MIRROR", up: true)
    live(post, milliseconds: 30)
    checks.check(post.isWhole, "back once more", "\(post.failures)")
    checks.check(
        thrown { () throws(DeviceError) in try pair.allow(.test) } == .gone, "with a mirror closed: refused",
        "allowed")
    chip.pull("K2_MIRROR", up: true)
    live(post, milliseconds: 30)
    checks.check(
        thrown { () throws(DeviceError) in try pair.allow(.test) } == nil, "until it reads open", "refused")
}

func secondChipChecks(_ checks: inout Checks, _ profile: BoardProfile) {
    checks.group("One chip of two goes")
    let other = SimulatedChip(label: "holdfast-other")
    var profile = profile
    profile.connectors[0].lamp?.red = LineWiring(name: "ELSEWHERE")
    let post = PostLines(profile)
    wellWired()
    live(post, milliseconds: 30)
    let pair = post.connectors[0].permissive
    checks.check(thrown { () throws(DeviceError) in try pair.allow(.charge) } == nil, "power is allowed", "")
    other.bind(false)
    live(post, milliseconds: 1_100)
    checks.check(!post.isWhole, "a chip with nothing but an output is missed within a second", "")
    checks.check(!chip.isHigh("K1_DRIVE") && !chip.isHigh("K2_DRIVE"), "and what the other drives is safe", "")
    other.bind(true)
    live(post, milliseconds: 1_200)
    checks.check(post.isWhole, "it is taken again", "\(post.failures)")
    checks.check(!chip.isHigh("K1_DRIVE"), "and nothing is driven by that", "")
}
