// Everything but the faults, in English.

import Post

/// The words of English.
enum English: Words {
    static let decimalSign = "."

    static func label(_ label: Label) -> String {
        switch label {
        case .driver: "driver"
        case .operator: "operator"
        case .cleared: "cleared"
        case .connector: "connector"
        case .noFault: "No fault is present."
        }
    }

    static let nothingCharged = "Charging has ended before any energy flowed."

    static func charging(kilowatts: String) -> String { "Your vehicle is charging with \(kilowatts) kW." }

    static func internet(isUp: Bool) -> String {
        isUp
            ? "This post is connected to the internet."
            : "The internet is down. Charging works as always; your receipt will follow."
    }

    static func waiting(_ clause: String, left: SpokenTime) -> String {
        switch left {
        case .seconds(1): "\(clause): 1 second left."
        case .seconds(let count): "\(clause): \(count) seconds left."
        case .minutes(let count): "\(clause): about \(count) minutes left."
        case .hours(let count): "\(clause): about \(count) hours left."
        }
    }

    static func pauseEnds(left: SpokenTime) -> String {
        switch left {
        case .seconds(1): "If this lasts longer than 1 second, the session ends."
        case .seconds(let count): "If this lasts longer than \(count) seconds, the session ends."
        case .minutes(let count): "If this lasts longer than about \(count) minutes, the session ends."
        case .hours(let count): "If this lasts longer than about \(count) hours, the session ends."
        }
    }

    static func overdue(_ clause: String) -> String { "\(clause): this takes longer than it should." }

    static func waiting(_ waiting: Waiting) -> String {
        switch waiting {
        case .nothing: "Nothing is awaited"
        case .records: "Waiting for the records of this post"
        case .card: "Waiting for a card"
        case .plug: "Waiting for the plug"
        case .lookUp: "Waiting for your card to be checked"
        case .cloud: "Waiting for your card's provider to answer"
        case .stage: "Waiting for the power unit, which another connector uses"
        case .lock: "Waiting for the plug to be locked"
        case .vehicle: "Waiting for the vehicle to answer"
        case .outputDead: "Waiting for the cable to be free of voltage"
        case .contactorsClose: "Waiting for the power switches to close"
        case .testVoltage: "Waiting for the test voltage"
        case .insulation: "Waiting for the insulation test"
        case .startRecord: "Waiting for the start to be written down"
        case .preCharge: "Waiting for the voltage to match the vehicle's"
        case .rampDown: "Waiting for the current to fall"
        case .contactorsOpen: "Waiting for the power switches to open"
        case .discharge: "Waiting for the voltage to fall"
        case .release: "Waiting for the plug to be released"
        case .unplug: "Waiting for the vehicle to be unplugged"
        case .powerShare: "Waiting for a share of the site's power"
        case .vehicleDemand: "Waiting for the vehicle to ask for energy"
        case .faultToClear: "Waiting for service on site"
        case .faultCause: "Waiting for the cause of the fault to go away"
        case .meterAfterRestart: "Waiting for the meter after a restart"
        }
    }

    static func waitingForStage(of connector: Int) -> String {
        "Waiting for the power unit, which connector \(connector) uses"
    }

    static func state(_ phase: ConnectorPhase) -> String {
        switch phase {
        case .unavailable: "This connector is not available."
        case .available: "This connector is free."
        case .reserved: "This connector is reserved."
        case .occupied: "Your vehicle is plugged in."
        case .authorized: "Your card is accepted."
        case .preparing: "Charging is being prepared."
        case .charging: "Your vehicle is charging."
        case .suspendedByVehicle: "Your vehicle has paused charging."
        case .suspendedByPost: "This post has paused charging."
        case .stopping: "Charging is being stopped."
        case .finishing: "Charging has finished."
        case .faulted: "This connector is out of order."
        }
    }

    static func reason(_ calm: Calm) -> String {
        switch calm {
        case .outOfService: "The operator has taken it out of service."
        case .nobodyThere: "Nobody is using it."
        case .energyFlows: "Energy flows as your vehicle asks for it."
        }
    }

    static func limiting(_ party: LimitingParty) -> String {
        switch party {
        case .none: "Nothing limits the power."
        case .vehicle: "Your vehicle asks for no more power."
        case .cable: "The cable bears no more current."
        case .stage: "This post can give no more power."
        case .site: "The power of this site is limited, and shared among its vehicles."
        case .externalLimit: "The operator or the grid limits the power now."
        case .failSafe: "The energy manager is silent, so a cautious limit counts."
        case .temperature: "The power is lower because something is warm."
        case .allowance: "Your card allows no more power."
        }
    }

    static func ended(_ reason: StopReason) -> String {
        switch reason {
        case .local: "Charging was stopped at the post."
        case .deAuthorized: "The card is no longer accepted."
        case .emergencyStop: "The emergency stop ended charging."
        case .energyLimitReached: "The card's energy limit was reached."
        case .evDisconnected: "The vehicle was unplugged."
        case .groundFault: "An insulation fault ended charging."
        case .other: "A fault ended charging."
        case .powerLoss: "The power supply failed."
        case .reboot: "This post restarted."
        case .remote: "The operator stopped charging."
        case .stoppedByEV: "The vehicle ended charging."
        case .timeLimitReached: "The time limit was reached."
        case .timeout: "A step took longer than it may."
        case .overcurrentFault: "Too much current flowed."
        case .powerQuality: "The voltage left its range."
        }
    }

    static func rule(_ rule: Rule) -> String {
        switch rule {
        case .powerNeedsEverything: "Power needs everything that its degree needs, by young readings."
        case .emergencyAtOnce: "An emergency withdraws power at once; every other stop has a time budget."
        case .measuredAgrees: "What is measured agrees with what was commanded."
        case .releasedOnlyWhenDead: "A plug is released only when its contacts read below 60 V."
        case .recordedBeforeEnergy: "No energy flows before the start is on the disk."
        case .energyNeverDecreases: "A session's energy never decreases and comes from one meter."
        case .decidedLocally: "A card is decided on as soon as it has been looked up here."
        case .oneSessionEach: "One card has one session, one connector has one session."
        case .grantsWithinLimits: "What is granted stays within every limit."
        case .safeAfterStart: "After every start the outputs are safe first."
        case .bounded: "Queues, memory and work for each event have a bound."
        }
    }

    static func mayClear(_ release: FaultRelease) -> String {
        switch release {
        case .withCause: "Nobody needs to clear it: it goes away with its cause."
        case .whenUnplugged:
            "Nobody needs to clear it: it goes away once its cause is gone and the vehicle unplugged."
        case .byService: "Only service on site may clear it, with a reason, once its cause is gone."
        }
    }

    static func gravity(_ gravity: FaultClass) -> String {
        switch gravity {
        case .emergency: "Emergency: power is withdrawn at once."
        case .error: "Error: the session is shut down within 2.5 seconds."
        case .graceful: "Stop: the session ends in good order."
        case .derate: "Derating: charging goes on with less power."
        case .block: "Block: no new session begins."
        case .warning: "Warning: nothing else changes."
        }
    }
}
