// What is said to an engineer whose wish is refused on the bench, in German.

import Post

extension German {
    static func bench(_ refusal: BenchRefusal) -> BenchText {
        switch refusal {
        case .noSuchConnector:
            BenchText(
                "Der Prüfling hat keinen solchen Anschluss.",
                "Zählen Sie die Anschlüsse ab 1, wie die Konfiguration sie aufführt.")
        case .anotherIsClosed:
            BenchText(
                "Ein Schütz ist bereits von Hand geschlossen.",
                "Warten Sie, bis es offen ist: Nur eines darf zugleich geschlossen sein.")
        case .interlocksUnknown:
            BenchText(
                "Die Verriegelungen sind nicht lesbar.",
                "Sorgen Sie dafür, dass alle Leitungen des Profils gehalten werden und der Sicherheitsregler zu hören ist."
            )
        case .emergencyStopPressed:
            BenchText(
                "Am Prüfplatz ist der Not-Halt gedrückt.",
                "Entriegeln Sie ihn, wenn niemand in Gefahr ist, und beginnen Sie den Schritt neu.")
        case .tiltOrWater:
            BenchText(
                "Der Neigungs- oder Wassersensor des Prüflings hat angesprochen.",
                "Stellen Sie die Säule auf, trocknen Sie sie, und prüfen Sie den Stromkreis des Sensors.")
        case .protectiveEarthLost:
            BenchText(
                "Der Schutzleiter des Prüflings ist nicht in Ordnung.",
                "Schließen Sie den Schutzleiter an, und prüfen Sie den Wächter und seine Leitung.")
        case .linesUnknown:
            BenchText(
                "Die Leitungen eines Anschlusses sind nicht lesbar.",
                "Lesen Sie im Bericht, welche Leitung fehlt, und berichtigen Sie Draht oder Namen.")
        case .vehicleConnected:
            BenchText(
                "Ein Stecker scheint in einem Fahrzeug zu stecken, oder der Pilot sagt es.",
                "Ziehen Sie alle Stecker ab; ein Fahrzeug kann seine Batterie auf die Kontakte schalten.")
        case .contactorNotOpen:
            BenchText(
                "Ein nicht angesteuertes Schütz wird nicht als offen gelesen.",
                "Messen Sie, ob es verschweißt ist; prüfen Sie Spiegelkontakt und Leitung.")
        case .stageNotCutOff:
            BenchText(
                "Das Leistungsteil ist nicht von seiner Speisung getrennt.",
                "Lassen Sie zuerst den Arbeitsstromauslöser ansteuern; der Schalter bleibt bis zum Ende offen.")
        case .stageVoltageUnknown:
            BenchText(
                "Die Spannung auf der Seite des Leistungsteils ist nicht lesbar.",
                "Geben Sie dem Leistungsteil im Profil ein Gerät an einem Bus, und sorgen Sie dafür, dass es antwortet."
            )
        case .stageLive:
            BenchText(
                "Die Seite des Leistungsteils steht unter Spannung: 60 Volt oder mehr.",
                "Warten Sie die Entladung ab; bleibt sie aus, ist die Speisung nicht getrennt.")
        case .contactVoltageUnknown:
            BenchText(
                "Die Spannung an den Kontakten des Anschlusses ist nicht lesbar.",
                "Geben Sie dem Anschluss im Profil einen Zähler, und sorgen Sie dafür, dass er antwortet.")
        case .contactsLive:
            BenchText(
                "Die Kontakte des Anschlusses stehen unter Spannung: 60 Volt oder mehr.",
                "Suchen Sie, was sie speist, und entladen Sie sie, bevor etwas geschaltet wird.")
        case .currentFlows:
            BenchText(
                "Es fließt Strom, wo keiner fließen darf.",
                "Suchen Sie die Quelle; prüfen Sie den Nullpunkt von Zähler und Leistungsteil.")
        case .timeIsUp:
            BenchText(
                "Die zwei Sekunden für dieses Schütz sind um.",
                "Nichts: Es hat geöffnet; fragen Sie erneut, wenn es noch einmal schließen soll.")
        }
    }
}
