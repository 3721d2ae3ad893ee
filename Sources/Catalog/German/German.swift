// Everything but the faults, in German.

import Post

/// The words of German.
enum German: Words {
    static let decimalSign = ","

    static func label(_ label: Label) -> String {
        switch label {
        case .driver: "Fahrer"
        case .operator: "Betreiber"
        case .cleared: "Freigabe"
        case .connector: "Anschluss"
        case .noFault: "Es liegt keine Störung vor."
        }
    }

    static let nothingCharged = "Das Laden endete, bevor Energie floss."

    static func charging(kilowatts: String) -> String { "Ihr Fahrzeug lädt mit \(kilowatts) kW." }

    static func internet(isUp: Bool) -> String {
        isUp
            ? "Diese Ladesäule ist mit dem Internet verbunden."
            : "Das Internet ist ausgefallen. Das Laden geht wie immer; Ihr Beleg folgt."
    }

    static func waiting(_ clause: String, left: SpokenTime) -> String {
        switch left {
        case .seconds(1): "\(clause): noch 1 Sekunde."
        case .seconds(let count): "\(clause): noch \(count) Sekunden."
        case .minutes(let count): "\(clause): noch etwa \(count) Minuten."
        case .hours(let count): "\(clause): noch etwa \(count) Stunden."
        }
    }

    static func pauseEnds(left: SpokenTime) -> String {
        switch left {
        case .seconds(1): "Dauert das länger als 1 Sekunde, endet der Ladevorgang."
        case .seconds(let count): "Dauert das länger als \(count) Sekunden, endet der Ladevorgang."
        case .minutes(let count): "Dauert das länger als etwa \(count) Minuten, endet der Ladevorgang."
        case .hours(let count): "Dauert das länger als etwa \(count) Stunden, endet der Ladevorgang."
        }
    }

    static func overdue(_ clause: String) -> String { "\(clause): es dauert länger als vorgesehen." }

    static func waiting(_ waiting: Waiting) -> String {
        switch waiting {
        case .nothing: "Auf nichts wird gewartet"
        case .records: "Warten auf die Aufzeichnungen der Ladesäule"
        case .card: "Warten auf eine Karte"
        case .plug: "Warten auf den Stecker"
        case .lookUp: "Warten auf die Prüfung Ihrer Karte"
        case .cloud: "Warten auf den Anbieter Ihrer Karte"
        case .stage: "Warten auf die Leistungseinheit, die ein anderer Anschluss nutzt"
        case .lock: "Warten auf das Verriegeln des Steckers"
        case .vehicle: "Warten auf die Antwort des Fahrzeugs"
        case .outputDead: "Warten auf ein spannungsfreies Kabel"
        case .contactorsClose: "Warten auf das Schließen der Leistungsschalter"
        case .testVoltage: "Warten auf die Prüfspannung"
        case .insulation: "Warten auf die Isolationsprüfung"
        case .startRecord: "Warten auf das Speichern des Beginns"
        case .preCharge: "Warten auf die gleiche Spannung wie im Fahrzeug"
        case .rampDown: "Warten auf das Sinken des Stroms"
        case .contactorsOpen: "Warten auf das Öffnen der Leistungsschalter"
        case .discharge: "Warten auf das Sinken der Spannung"
        case .release: "Warten auf die Freigabe des Steckers"
        case .unplug: "Warten auf das Abstecken des Fahrzeugs"
        case .powerShare: "Warten auf einen Anteil an der Leistung des Standorts"
        case .vehicleDemand: "Warten auf den Energiewunsch des Fahrzeugs"
        case .faultToClear: "Warten auf den Service vor Ort"
        case .faultCause: "Warten auf das Ende der Störungsursache"
        case .meterAfterRestart: "Warten auf den Zähler nach einem Neustart"
        }
    }

    static func waitingForStage(of connector: Int) -> String {
        "Warten auf die Leistungseinheit, die Anschluss \(connector) nutzt"
    }

    static func state(_ phase: ConnectorPhase) -> String {
        switch phase {
        case .unavailable: "Dieser Anschluss ist nicht verfügbar."
        case .available: "Dieser Anschluss ist frei."
        case .reserved: "Dieser Anschluss ist reserviert."
        case .occupied: "Ihr Fahrzeug ist angesteckt."
        case .authorized: "Ihre Karte ist angenommen."
        case .preparing: "Das Laden wird vorbereitet."
        case .charging: "Ihr Fahrzeug lädt."
        case .suspendedByVehicle: "Ihr Fahrzeug hat das Laden unterbrochen."
        case .suspendedByPost: "Die Ladesäule hat das Laden unterbrochen."
        case .stopping: "Das Laden wird beendet."
        case .finishing: "Das Laden ist beendet."
        case .faulted: "Dieser Anschluss ist gestört."
        }
    }

    static func reason(_ calm: Calm) -> String {
        switch calm {
        case .outOfService: "Der Betreiber hat ihn außer Betrieb genommen."
        case .nobodyThere: "Niemand benutzt ihn."
        case .energyFlows: "Die Energie fließt, wie Ihr Fahrzeug sie verlangt."
        }
    }

    static func limiting(_ party: LimitingParty) -> String {
        switch party {
        case .none: "Nichts begrenzt die Leistung."
        case .vehicle: "Ihr Fahrzeug verlangt nicht mehr Leistung."
        case .cable: "Das Kabel verträgt nicht mehr Strom."
        case .stage: "Die Ladesäule kann nicht mehr Leistung geben."
        case .site: "Die Leistung des Standorts ist begrenzt und wird unter seinen Fahrzeugen geteilt."
        case .externalLimit: "Der Betreiber oder das Netz begrenzt die Leistung gerade."
        case .failSafe: "Der Energiemanager ist stumm, darum gilt eine vorsichtige Grenze."
        case .temperature: "Die Leistung ist wegen Wärme geringer."
        case .allowance: "Ihre Karte erlaubt nicht mehr Leistung."
        }
    }

    static func ended(_ reason: StopReason) -> String {
        switch reason {
        case .local: "Das Laden wurde an der Säule beendet."
        case .deAuthorized: "Die Karte wird nicht mehr angenommen."
        case .emergencyStop: "Der Not-Halt hat das Laden beendet."
        case .energyLimitReached: "Die Energiegrenze der Karte ist erreicht."
        case .evDisconnected: "Das Fahrzeug wurde abgesteckt."
        case .groundFault: "Ein Isolationsfehler hat das Laden beendet."
        case .other: "Eine Störung hat das Laden beendet."
        case .powerLoss: "Die Stromversorgung ist ausgefallen."
        case .reboot: "Die Ladesäule wurde neu gestartet."
        case .remote: "Der Betreiber hat das Laden beendet."
        case .stoppedByEV: "Das Fahrzeug hat das Laden beendet."
        case .timeLimitReached: "Die Zeitgrenze ist erreicht."
        case .timeout: "Ein Schritt dauerte länger als erlaubt."
        case .overcurrentFault: "Es floss zu viel Strom."
        case .powerQuality: "Die Spannung verließ ihren Bereich."
        }
    }

    static func rule(_ rule: Rule) -> String {
        switch rule {
        case .powerNeedsEverything: "Leistung braucht alles, was ihr Grad verlangt, nach jungen Messwerten."
        case .emergencyAtOnce: "Ein Notfall nimmt die Leistung sofort weg; jedes andere Ende hat eine Frist."
        case .measuredAgrees: "Was gemessen wird, stimmt mit dem überein, was befohlen wurde."
        case .releasedOnlyWhenDead: "Ein Stecker wird erst freigegeben, wenn seine Kontakte unter 60 V liegen."
        case .recordedBeforeEnergy: "Keine Energie fließt, bevor der Beginn gespeichert ist."
        case .energyNeverDecreases: "Die Energie einer Ladung sinkt nie und kommt von einem Zähler."
        case .decidedLocally: "Über eine Karte wird entschieden, sobald sie hier nachgeschlagen ist."
        case .oneSessionEach: "Eine Karte hat eine Ladung, ein Anschluss hat eine Ladung."
        case .grantsWithinLimits: "Was gewährt wird, bleibt in allen Grenzen."
        case .safeAfterStart: "Nach jedem Start sind zuerst die Ausgänge sicher."
        case .bounded: "Warteschlangen, Speicher und Arbeit je Ereignis sind begrenzt."
        }
    }

    static func mayClear(_ release: FaultRelease) -> String {
        switch release {
        case .withCause: "Niemand muss sie löschen: Sie vergeht mit ihrer Ursache."
        case .whenUnplugged:
            "Niemand muss sie löschen: Sie vergeht, wenn die Ursache weg und das Fahrzeug abgesteckt ist."
        case .byService: "Nur der Service vor Ort darf sie löschen, mit Grund, wenn die Ursache weg ist."
        }
    }

    static func gravity(_ gravity: FaultClass) -> String {
        switch gravity {
        case .emergency: "Notfall: Die Leistung wird sofort weggenommen."
        case .error: "Fehler: Die Ladung wird in 2,5 Sekunden abgebrochen."
        case .graceful: "Ende: Die Ladung endet geordnet."
        case .derate: "Minderung: Das Laden geht mit weniger Leistung weiter."
        case .block: "Sperre: Keine neue Ladung beginnt."
        case .warning: "Warnung: Sonst ändert sich nichts."
        }
    }
}
