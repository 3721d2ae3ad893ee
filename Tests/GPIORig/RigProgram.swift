// The program that runs in the rig's guest: the driver against a real kernel's chip. `hardware/rig/test` starts it.

import BoardProfiles
import GPIODriver
import Glibc

@main
struct RigProgram {
    static func main() throws {
        guard CommandLine.arguments.count > 1 else {
            say("gpio-rig PROFILE [hold]: run it by hardware/rig/test, in the guest")
            exit(64)
        }
        let path = CommandLine.arguments[1]
        let profile = try BoardProfile.read(path: path)
        if CommandLine.arguments.count > 2 { return holdPower(profile) }
        say(
            "libgpiod \(GPIOLibrary.version), debounce by \(GPIOLibrary.debouncesInKernel ? "kernel and us" : "us")"
        )
        var checks = Checks()
        try findingChecks(&checks)
        try levelChecks(&checks)
        try burstChecks(&checks)
        permissiveChecks(&checks, profile)
        debounceChecks(&checks, profile)
        killChecks(&checks, path, profile)
        unplugChecks(&checks, profile)
        secondChipChecks(&checks, profile)
        latency(profile)
        say("\(checks.passed) checks hold, \(checks.failed) do not")
        exit(checks.failed == 0 ? 0 : 1)
    }
}
