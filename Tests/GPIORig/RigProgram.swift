// The program that runs in the rig's guest: the driver against a real kernel's chip. `hardware/rig/test` starts it.

import BoardProfiles
import GPIODriver
import Glibc

@main
struct RigProgram {
    static func main() throws {
        guard CommandLine.arguments.count > 1 else {
            say("gpio-rig PROFILE [hold|latency]: run it by hardware/rig/test, in the guest")
            exit(64)
        }
        let path = CommandLine.arguments[1]
        let profile = try BoardProfile.read(path: path)
        // A page that is fetched from the host later would stand in the middle of what is timed.
        mlockall(MCL_CURRENT | MCL_FUTURE)
        switch CommandLine.arguments.dropFirst(2).first {
        case "hold": return holdPower(profile)
        case "latency": return latency(profile)
        default: break
        }
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
        say("\(checks.passed) checks hold, \(checks.failed) do not")
        exit(checks.failed == 0 ? 0 : 1)
    }
}
