// Why a line could not be taken or used: the device error that the runtime acts on, and the sentence for a person.

public import Devices
import Glibc

/// A line that failed: which, for what, why and what to do about it.
public struct LineFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line's name.
    public var line: String
    /// The name under which it is, or should be, held.
    public var consumer: String
    /// The error number of the kernel or the library.
    public var code: Int32

    init(line: String, consumer: String, code: Int32) {
        self.line = line
        self.consumer = consumer
        self.code = code
    }

    /// The kind of failure that the runtime acts on.
    public var error: DeviceError { DeviceError(lineCode: code) }

    /// What failed, why, and what to do.
    public var description: String { "The line \(line) (\(consumer)) \(reason)" }

    /// A sentence for each way of failing: a missing chip is one trouble, however many lines it has.
    public static func sentences(_ failures: [LineFailure]) -> [String] {
        var told: [(first: LineFailure, others: [String])] = []
        for failure in failures {
            if let place = told.firstIndex(where: { $0.first.code == failure.code }) {
                told[place].others.append(failure.line)
            } else {
                told.append((failure, []))
            }
        }
        return told.map { first, others in
            others.isEmpty
                ? first.description
                : "\(first) The same is true of \(others.count) more: \(others.joined(separator: ", "))."
        }
    }

    private var reason: String {
        switch code {
        case EBUSY: "is held by somebody else: gpioinfo says by whom; stop that program, or unload that driver."
        case ENOENT:
            "does not exist: gpioinfo lists what there is; check the profile, the device tree and the chip."
        case ENODEV, ENXIO: "is gone: its chip was unplugged or its driver unbound; it is looked for every second."
        case ENOTUNIQ: "exists on several chips: name its chip's label in the profile (gpiodetect lists them)."
        case EACCES, EPERM: "may not be used: give the service's user the group of /dev/gpiochip*."
        case EINVAL:
            "was refused as invalid: the kernel may lack the interface that this program's libgpiod speaks "
                + "(libgpiod 1 needs CONFIG_GPIO_CDEV_V1), or the chip the bias that the profile asks for."
        default: "failed with error \(code) (\(String(cString: strerror(code))))."
        }
    }
}

extension DeviceError {
    /// The kind of failure behind an error number of the line functions.
    init(lineCode code: Int32) {
        switch code {
        case EBUSY: self = .busy
        case ENOENT, ENODEV, ENXIO: self = .gone
        case ENOTSUP, EOPNOTSUPP: self = .unsupported
        default: self = .system(code)
        }
    }
}
