// What is said to an engineer whose wish is refused on the bench, in English.

import Post

extension English {
    static func bench(_ refusal: BenchRefusal) -> BenchText {
        switch refusal {
        case .noSuchConnector:
            BenchText(
                "The post on the bench has no such connector.",
                "Count connectors from 1, as the configuration lists them.")
        case .anotherIsClosed:
            BenchText(
                "A contactor is already closed by hand.",
                "Wait until it has opened: only one may be closed at a time.")
        case .interlocksUnknown:
            BenchText(
                "The interlocks cannot be read.",
                "See that every line of the profile is held and the safety controller is heard.")
        case .emergencyStopPressed:
            BenchText(
                "On the bench the emergency stop is pressed.",
                "Release it once nobody is in danger, then begin the step again.")
        case .tiltOrWater:
            BenchText(
                "The tilt or water sensor of the post has tripped.",
                "Set the post upright, dry it, and check the sensor's circuit.")
        case .protectiveEarthLost:
            BenchText(
                "The protective earth of the post is not good.",
                "Connect the earth, and check the monitor and its wire.")
        case .linesUnknown:
            BenchText(
                "The lines of a connector cannot be read.",
                "Read in the report which line is missing, and mend its wire or its name.")
        case .vehicleConnected:
            BenchText(
                "A plug seems to be in a vehicle, or the pilot says so.",
                "Draw every plug; a vehicle can put its battery on the contacts.")
        case .contactorNotOpen:
            BenchText(
                "A contactor that nobody drives does not read open.",
                "Measure whether it is welded; check its mirror contact and the wire.")
        case .stageNotCutOff:
            BenchText(
                "The power unit has not been cut off from its supply.",
                "Let the walk drive the shunt trip first; the breaker stays open until the end.")
        case .stageVoltageUnknown:
            BenchText(
                "The voltage on the power unit's side cannot be read.",
                "Give the stage a device on a bus in the profile, and see that it answers.")
        case .stageLive:
            BenchText(
                "The power unit's side is live: 60 volts or more.",
                "Wait until it has discharged; if it does not, its supply is not cut off.")
        case .contactVoltageUnknown:
            BenchText(
                "The voltage at the contacts of the connector cannot be read.",
                "Give the connector a meter in the profile, and see that it answers.")
        case .contactsLive:
            BenchText(
                "The contacts of the connector are live: 60 volts or more.",
                "Find what feeds them, and discharge them, before anything is switched.")
        case .currentFlows:
            BenchText(
                "Current flows where none may flow.",
                "Find its source; check the zero of meter and power unit.")
        case .timeIsUp:
            BenchText(
                "The two seconds for this contactor are over.",
                "Nothing: it has opened; ask again if you need to see it close once more.")
        }
    }
}
