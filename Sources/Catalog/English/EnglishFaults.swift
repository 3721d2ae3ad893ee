// The faults in English.

import Post

extension English {
    static let faults: [FaultText] = [
        FaultText(
            .emergencyStop, "Emergency stop pressed",
            "The emergency stop was pressed.",
            "Find out why it was pressed, then turn the button to release it; if it is released, check its wire."),
        FaultText(
            .doorOpen, "Door open",
            "A door of this post is open.",
            "Close and lock the door; if it is closed, check the door contact and its wire."),
        FaultText(
            .tiltOrWater, "Tilted or wet",
            "This post may have been hit, or water has got in.",
            "Cut the supply, inspect foundation, cabinet and sensors, dry what is wet, then clear the fault on site."
        ),
        FaultText(
            .protectiveEarthLost, "Protective earth lost",
            "The protective earth of this post is not good.",
            "Cut the supply and measure the protective earth before anybody touches the cabinet."),
        FaultText(
            .gridLost, "Grid supply lost",
            "The power supply of this site has failed.",
            "Check the main switch and the fuses, then ask the grid company; the post returns by itself."),
        FaultText(
            .phaseLost, "Supply phase lost",
            "A part of the power supply of this site has failed.",
            "Measure the three phases at the post's input, check fuses and the phase monitor; the post returns by itself."
        ),
        FaultText(
            .residualCurrentTripped, "Residual-current device tripped",
            "A protective switch in the power supply of this post has tripped.",
            "Look for the earth fault in the supply and the power stages, reset the device by hand, then clear the fault on site."
        ),
        FaultText(
            .residualCurrentUntested, "Residual-current device failed its test",
            "A protective switch of this post did not pass its own test.",
            "Test the residual-current device by its button, replace it if it does not trip; no session begins until it passes."
        ),
        FaultText(
            .linesLost, "Control lines lost",
            "This post has lost touch with its own switches.",
            "Check the input and output board, its cable and its supply; no other program may hold its lines."),
        FaultText(
            .safetyControllerSilent, "Safety controller silent",
            "The part of this post that watches the plug does not answer.",
            "Check the safety controller's supply and its link; it counts again after 2 s without a gap."),
        FaultText(
            .stopCircuitsDisagree, "Stop circuits disagree",
            "The emergency stop of this post does not work as it should.",
            "Look for a cut wire or a bridged contact in the two stop circuits, try the button, then clear the fault on site."
        ),
        FaultText(
            .weldedPlus, "Plus contactor welded",
            "The plus power switch of this connector may be stuck.",
            "Cut the supply, measure that the output is dead, replace the plus contactor, then clear the fault on site."
        ),
        FaultText(
            .weldedMinus, "Minus contactor welded",
            "The minus power switch of this connector may be stuck.",
            "Cut the supply, measure that the output is dead, replace the minus contactor, then clear the fault on site."
        ),
        FaultText(
            .weldedBoth, "Both contactors welded",
            "Both power switches of this connector may be stuck.",
            "Cut the supply at once, measure that the output is dead, replace both contactors, then clear the fault on site."
        ),
        FaultText(
            .contactorFailsToClose, "Contactor does not close",
            "The power switches of this connector did not close.",
            "Check coil voltage, permissive and read-back wires; earth was good, so do not look there first."),
        FaultText(
            .contactorDropped, "Contactor dropped",
            "A power switch of this connector opened by itself.",
            "Check the coil's supply, the interlock chain and loose wires; count it as an opening under load."),
        FaultText(
            .mirrorUnreadable, "Mirror contact unreadable",
            "This connector cannot tell whether its power switches are open.",
            "Check the mirror contacts, their wires and their input board; the connector returns by itself once they read."
        ),
        FaultText(
            .contactorReadsOpen, "Contactor reads open",
            "Current flows, yet a power switch reports that it is open.",
            "Check the mirror contact and its wire; the measured current says that the contactor is closed."),
        FaultText(
            .currentWhileOpen, "Current with contactors open",
            "Current flows although the power switches are open.",
            "Cut the supply, look for a welded contactor or a wrong current sensor, then clear the fault on site."),
        FaultText(
            .outputLiveBeforeTest, "Output live before the test",
            "The cable still carried voltage before the safety test.",
            "Check the discharge resistor and the power stage; the output must fall below 60 V."),
        FaultText(
            .outputLiveAfterStop, "Output live after the stop",
            "The plug may still carry voltage.",
            "Do not touch the plug; cut the supply, check the discharge resistor and look for a welded contactor."),
        FaultText(
            .testVoltageNotReached, "Test voltage not reached",
            "The safety test of the cable did not reach its voltage.",
            "Check the power stage, the fuses and the path from the stage to the plug."),
        FaultText(
            .shortCircuitAtTest, "Short circuit at the test",
            "The safety test found a short circuit in the cable or the vehicle.",
            "Inspect cable and plug for damage; if other vehicles show it too, take the connector out of service."),
        FaultText(
            .cableCheckTooSlow, "Cable check too slow",
            "The safety test of the cable took too long.",
            "Compare the times of stage and insulation monitor in the journal; vehicles give up after 40 s."),
        FaultText(
            .preChargeTimeout, "Pre-charge took too long",
            "This post could not match the voltage of your vehicle in time.",
            "Check whether the stage follows its set-point; if one model only, keep the recording for its maker."),
        FaultText(
            .preChargeMismatch, "Pre-charge voltage wrong",
            "The voltages of post and vehicle do not match.",
            "Compare the voltage sensors of stage, meter and insulation monitor."),
        FaultText(
            .insulationLow, "Insulation low",
            "The insulation of cable or vehicle is not good enough.",
            "Inspect and dry cable and plug; if other vehicles show it too, take the connector out of service."),
        FaultText(
            .voltageToEarthHigh, "Voltage to earth too high",
            "The voltage of cable and vehicle lies too far from earth.",
            "Look for insulation that has aged in power stage and cable, and for a foreign voltage at the output; measure both poles to earth."
        ),
        FaultText(
            .insulationSelfTestFailed, "Insulation monitor failed its test",
            "The insulation monitor of this post failed its own test.",
            "Check the monitor's earth wires and supply; replace the monitor if it fails again."),
        FaultText(
            .insulationSilent, "Insulation monitor silent",
            "The insulation monitor of this post does not answer.",
            "Check the monitor's supply, its bus cable, address and termination."),
        FaultText(
            .overVoltage, "Voltage too high",
            "The charging voltage rose too high.",
            "Check the stage's regulation and the voltage sensors; look whether the vehicle dropped its load."),
        FaultText(
            .underVoltage, "Voltage collapsed",
            "The charging voltage collapsed.",
            "Check the stage, its supply and the fuses."),
        FaultText(
            .overCurrent, "Current too high",
            "More current flowed than was allowed.",
            "Check the stage's regulation and compare the current sensors of stage and meter."),
        FaultText(
            .reverseCurrent, "Current flowed backwards",
            "Current flowed from the vehicle into this post.",
            "Check the blocking diode and the polarity of the current sensor."),
        FaultText(
            .voltageSensorsDisagree, "Voltage sensors disagree",
            "Two voltage measurements of this post do not agree.",
            "Compare stage, meter and insulation monitor with a reference; replace the one that is wrong."),
        FaultText(
            .vehicleLeftCharging, "Vehicle left charging",
            "Your vehicle stopped charging without saying goodbye.",
            "Nothing, if it is rare; if one model does it often, keep the recording for its maker."),
        FaultText(
            .pilotLost, "Pilot lost while charging",
            "The connection to your vehicle was lost while charging.",
            "Inspect the plug's pilot contact and the cable; people who pull the plug cause it too."),
        FaultText(
            .pilotShorted, "Pilot shorted to earth",
            "The signal wire of this connector is shorted.",
            "Inspect plug and cable for water and damage; measure pilot against earth."),
        FaultText(
            .pilotUnavailable, "Pilot stuck at minus 12 V",
            "The signal wire of this connector is stuck.",
            "Check the pilot generator and its supply."),
        FaultText(
            .pilotInvalid, "Pilot out of range",
            "The signal between post and vehicle is unclear.",
            "Inspect the plug's pilot contact; measure the levels with a test vehicle."),
        FaultText(
            .proximityLost, "Plug moved while charging",
            "The plug moved while charging.",
            "Inspect the latch and the proximity contact of the plug."),
        FaultText(
            .proximityInvalid, "Plug not recognised",
            "The plug sits badly or its latch is broken.",
            "Inspect the latch, the proximity contact and the cable; replace the plug if the latch is broken."),
        FaultText(
            .lockFailsToClose, "Lock does not close",
            "The plug could not be locked.",
            "Check the lock's motor, its sense contact and dirt in the socket."),
        FaultText(
            .lockOpened, "Lock opened while live",
            "The lock of the plug opened while charging.",
            "Inspect the lock's bolt and sense contact; find out whether somebody used force."),
        FaultText(
            .lockFailsToOpen, "Lock does not open",
            "The plug could not be unlocked.",
            "Use the emergency release once the output is dead; check the lock's motor and grease its bolt."),
        FaultText(
            .vehicleSilent, "Vehicle silent",
            "Your vehicle no longer answers.",
            "If one model only, keep the recording for its maker; if many, check the modem and the pilot."),
        FaultText(
            .vehicleNotReady, "Vehicle not ready",
            "Your vehicle did not get ready to charge in time.",
            "Nothing, if it is rare; if many vehicles do it, check the modem."),
        FaultText(
            .ventilationMissing, "No ventilation here",
            "Your vehicle asks for a ventilated place, and this one is not.",
            "Nothing if the room has no ventilation; in the open or beside a fan that always runs set `ventilated: true`."
        ),
        FaultText(
            .vehicleIgnoresStop, "Vehicle ignores the stop",
            "Your vehicle went on asking for current after the stop.",
            "Keep the recording for the vehicle's maker; inspect the contactors, which opened under load."),
        FaultText(
            .connectorWarm, "Plug warm",
            "The plug is warm, so this post gives less current.",
            "If it happens in cool weather, clean or replace the contacts of the plug."),
        FaultText(
            .connectorHot, "Plug too hot",
            "The plug is too hot.",
            "Let it cool, inspect the contacts for wear, replace the plug if they are discoloured."),
        FaultText(
            .handleWarm, "Handle warm",
            "The handle of the plug is warm, so this post gives less current.",
            "If it happens out of the sun, check the cooling of the cable and the contacts of the plug."),
        FaultText(
            .handleHot, "Handle too hot to touch",
            "The handle of the plug is too hot to touch.",
            "Check the cooling of the cable and shade the plug's holder; it serves again once the handle has cooled down."
        ),
        FaultText(
            .pinSensorFailed, "Plug temperature sensor failed",
            "A temperature sensor of the plug has failed.",
            "Replace the sensor or the cable; until then the connector gives half its current."),
        FaultText(
            .temperatureSilent, "Temperatures silent",
            "This post cannot measure its temperatures.",
            "Check the temperature board, its supply and its bus cable."),
        FaultText(
            .cabinetHot, "Cabinet hot",
            "This post is hot inside and must cool down.",
            "Clean the air filters, check the fans and what blocks the air."),
        FaultText(
            .coolingLost, "Cooling lost",
            "The cooling of this post does not run, so it gives less current.",
            "Check fans, pump and coolant level."),
        FaultText(
            .coolantLow, "Coolant low",
            "The cooling of the charging cables has lost its coolant.",
            "Look for the leak, refill and bleed the cooling; the post returns by itself once the pressure is back."
        ),
        FaultText(
            .clockStepped, "Clock was set",
            "The clock of this post was set to another time.",
            "Compare the clock with its time source; records keep their order by their numbers."),
        FaultText(
            .stageDerated, "Power stage derated",
            "A part of the power unit is out, so this post gives less current.",
            "Read the stage's own journal and replace the module that has failed."),
        FaultText(
            .stageFault, "Power stage fault",
            "The power unit of this post reports a fault.",
            "Read the stage's own journal, remove the cause and reset the stage."),
        FaultText(
            .stageSilent, "Power stage silent",
            "The power unit of this post does not answer.",
            "Check the stage's control supply, its bus cable, address and termination."),
        FaultText(
            .stageIgnoresOff, "Power stage ignores off",
            "The power unit of this post did not switch off when told to.",
            "Cut the supply, replace or repair the stage, then clear the fault on site."),
        FaultText(
            .meterSilent, "Meter silent",
            "The energy meter of this connector does not answer.",
            "Check the meter's supply, its bus cable, address, speed and parity."),
        FaultText(
            .meterWentBack, "Meter went back",
            "The energy meter of this connector counted backwards.",
            "Compare register and serial number, replace the meter if it is wrong, then clear the fault on site."),
        FaultText(
            .meterFrozen, "Meter does not count",
            "The energy meter of this connector does not count.",
            "Check the meter's current path, replace the meter, then clear the fault on site."),
        FaultText(
            .meterSwapped, "Meter swapped",
            "The energy meter of this connector is not the one it was.",
            "Enter the new meter in the configuration, then clear the fault on site; find out who changed it."),
        FaultText(
            .startNotRecorded, "Start not recorded",
            "This post could not write down the start of your session.",
            "Check the disk: free space, mount options, health."),
        FaultText(
            .samplesNotDurable, "Session data not recorded",
            "This post could not write down the energy of your session.",
            "Check the disk: free space, mount options, health; the post starts no session until it writes again."),
        FaultText(
            .stopNotRecorded, "Stop not recorded",
            "This post could not write down the end of the last session.",
            "Check the disk: free space, mount options, health; the stop is kept in memory and tried again."),
        FaultText(
            .latchNotRecorded, "Lock-out not recorded",
            "This post could not write down that a connector is locked out.",
            "Check the disk: free space, mount options, health; until it writes, a restart would forget the lock-out."
        ),
        FaultText(
            .limitSourceSilent, "Limit source silent",
            "The energy manager of this site is silent, so this post gives less current.",
            "Check the energy manager and the network to it; until it speaks the fail-safe limit counts."),
        FaultText(
            .crashLoop, "Restarted too often",
            "This post restarted too often and waits for service.",
            "Read the journal of the last starts, mend the cause, then clear the fault on site."),
        FaultText(
            .memoryHigh, "Memory runs short",
            "The computer of this post runs short of memory.",
            "Keep the recording and send it with the journal to the maker of the software; the post restarts by itself before it runs out."
        ),
        FaultText(
            .memoryExhausted, "Restart for want of memory",
            "This post restarts as soon as nobody charges here.",
            "Wait: the post restarts by itself once every connector is idle; if it comes back, send the recording to the maker of the software."
        ),
        FaultText(
            .internalDefect, "Internal defect",
            "This post found a mistake in its own program and stopped to be safe.",
            "Keep the recording and send it with the journal to the maker of the software."),
        FaultText(
            .stageTripped, "Power stage cut off",
            "The power supply of this connector was cut off because of a fault next to it.",
            "Mend the fault of the neighbouring connector, clear it there on site and switch the supply on again."),
        FaultText(
            .meterJumped, "Meter ran ahead",
            "The energy meter of this connector counted more than can have flowed; you pay only what was counted before.",
            "Compare the register with the stage's own count, check meter and wiring, then clear the fault on site."
        ),
        FaultText(
            .stopTooSlow, "Stop took too long",
            "The current did not come down in time, so the post cut it off.",
            "Check how the power stage follows its setpoint, and the readings of current; count an opening under load."
        ),
        FaultText(
            .cardReaderLost, "Card reader does not answer",
            "The card reader of this connector does not answer.",
            "Check the reader's cable and supply, or replace it; until then begin sessions by hand or through the cloud."
        ),
        FaultText(
            .insulationFrozen, "Insulation monitor repeats itself",
            "The insulation monitor of this connector repeats one old reading.",
            "Restart the insulation monitor, check its link, or replace it."),
        FaultText(
            .pilotPulsed, "Vehicle pulsed its signal",
            "The vehicle asked for energy for less than half a second.",
            "Nothing if it is seldom: some vehicles wake up so. If it happens often, check the pilot wire and its contact."
        ),
        FaultText(
            .tooCold, "Too cold",
            "It is too cold here to charge safely.",
            "Check the heating of the cabinet; the connector serves again by itself when it is warmer."),
        FaultText(
            .heatWithoutCooling, "Contacts heat up without cooling",
            "The contacts of this connector heat up because its cooling has failed.",
            "Check pump, fan and coolant for a leak or a block; the connector serves again once it has cooled down."
        ),
        FaultText(
            .meterDrifts, "Meter and power supply differ",
            "The energy meter and the power supply of this connector differ by more than 2 percent.",
            "Compare both with a reference; have the meter checked if it is the one that is wrong."),
        FaultText(
            .meterDisagrees, "Meter contradicts power supply",
            "The energy meter of this connector counts something else than what is delivered.",
            "Compare meter and power supply with a reference, replace the wrong one, then clear the fault on site."),
    ]
}
