// The faults in German.

import Post

extension German {
    static let faults: [FaultText] = [
        FaultText(
            .emergencyStop, "Not-Halt gedrückt",
            "Der Not-Halt wurde gedrückt.",
            "Klären Sie den Grund, dann drehen Sie den Knopf heraus; ist er frei, prüfen Sie seine Leitung."),
        FaultText(
            .doorOpen, "Tür offen",
            "Eine Tür dieser Ladesäule ist offen.",
            "Schließen Sie die Tür ab; ist sie zu, prüfen Sie den Türkontakt und seine Leitung."),
        FaultText(
            .tiltOrWater, "Gekippt oder nass",
            "Diese Ladesäule wurde vielleicht angefahren, oder Wasser ist eingedrungen.",
            "Schalten Sie frei, prüfen Sie Sockel, Schrank und Fühler, trocknen Sie, dann löschen Sie die Störung vor Ort."
        ),
        FaultText(
            .protectiveEarthLost, "Schutzleiter verloren",
            "Der Schutzleiter dieser Ladesäule ist nicht in Ordnung.",
            "Schalten Sie frei und messen Sie den Schutzleiter, bevor jemand den Schrank berührt."),
        FaultText(
            .gridLost, "Netz ausgefallen",
            "Die Stromversorgung dieses Standorts ist ausgefallen.",
            "Prüfen Sie Hauptschalter und Sicherungen, dann den Netzbetreiber; die Säule kommt von selbst zurück."),
        FaultText(
            .phaseLost, "Netzphase ausgefallen",
            "Ein Teil der Stromversorgung dieses Standorts ist ausgefallen.",
            "Messen Sie die drei Phasen am Eingang, prüfen Sie Sicherungen und Phasenwächter; die Säule kommt von selbst zurück."
        ),
        FaultText(
            .residualCurrentTripped, "Fehlerstromschutz ausgelöst",
            "Ein Schutzschalter in der Stromversorgung dieser Ladesäule hat ausgelöst.",
            "Suchen Sie den Erdschluss in Zuleitung und Leistungsteilen, schalten Sie ihn von Hand wieder ein, dann löschen Sie vor Ort."
        ),
        FaultText(
            .residualCurrentUntested, "Fehlerstromschutz besteht seinen Test nicht",
            "Ein Schutzschalter dieser Ladesäule hat seinen eigenen Test nicht bestanden.",
            "Drücken Sie die Prüftaste des Fehlerstromschutzes, ersetzen Sie ihn, wenn er nicht auslöst; bis dahin beginnt keine Ladung."
        ),
        FaultText(
            .linesLost, "Steuerleitungen verloren",
            "Diese Ladesäule erreicht ihre eigenen Schalter nicht mehr.",
            "Prüfen Sie die Ein- und Ausgabekarte, Kabel und Versorgung; kein anderes Programm darf die Leitungen halten."
        ),
        FaultText(
            .safetyControllerSilent, "Sicherheitssteuerung stumm",
            "Der Teil dieser Ladesäule, der den Stecker überwacht, antwortet nicht.",
            "Prüfen Sie Speisung und Verbindung der Sicherheitssteuerung; sie zählt wieder nach 2 s ohne Lücke."),
        FaultText(
            .stopCircuitsDisagree, "Not-Halt-Kreise uneins",
            "Der Not-Halt dieser Ladesäule arbeitet nicht, wie er soll.",
            "Suchen Sie Drahtbruch oder gebrückten Kontakt in beiden Kreisen, drücken Sie zur Probe, dann löschen Sie vor Ort."
        ),
        FaultText(
            .weldedPlus, "Plus-Schütz verschweißt",
            "Der Plus-Leistungsschalter dieses Anschlusses klemmt vielleicht.",
            "Schalten Sie frei, messen Sie Spannungsfreiheit, ersetzen Sie das Plus-Schütz, löschen Sie die Störung vor Ort."
        ),
        FaultText(
            .weldedMinus, "Minus-Schütz verschweißt",
            "Der Minus-Leistungsschalter dieses Anschlusses klemmt vielleicht.",
            "Schalten Sie frei, messen Sie Spannungsfreiheit, ersetzen Sie das Minus-Schütz, löschen Sie die Störung vor Ort."
        ),
        FaultText(
            .weldedBoth, "Beide Schütze verschweißt",
            "Beide Leistungsschalter dieses Anschlusses klemmen vielleicht.",
            "Schalten Sie sofort frei, messen Sie Spannungsfreiheit, ersetzen Sie beide Schütze, dann löschen Sie vor Ort."
        ),
        FaultText(
            .contactorFailsToClose, "Schütz schließt nicht",
            "Die Leistungsschalter dieses Anschlusses haben nicht geschlossen.",
            "Prüfen Sie Spulenspannung, Freigabe und Rückmeldung; der Schutzleiter war in Ordnung."),
        FaultText(
            .contactorDropped, "Schütz abgefallen",
            "Ein Leistungsschalter dieses Anschlusses hat von selbst geöffnet.",
            "Prüfen Sie Spulenversorgung, Sicherheitskette und lose Leitungen; zählen Sie es als Öffnen unter Last."
        ),
        FaultText(
            .mirrorUnreadable, "Spiegelkontakt nicht lesbar",
            "Dieser Anschluss kann nicht erkennen, ob seine Leistungsschalter offen sind.",
            "Prüfen Sie die Spiegelkontakte, ihre Leitungen und ihre Eingangsbaugruppe; der Anschluss kommt von selbst zurück, sobald sie lesbar sind."
        ),
        FaultText(
            .contactorReadsOpen, "Schütz meldet offen",
            "Es fließt Strom, aber ein Leistungsschalter meldet sich offen.",
            "Prüfen Sie den Spiegelkontakt und seine Leitung; der gemessene Strom sagt, dass das Schütz zu ist."),
        FaultText(
            .currentWhileOpen, "Strom bei offenen Schützen",
            "Es fließt Strom, obwohl die Leistungsschalter offen sind.",
            "Schalten Sie frei, suchen Sie ein verschweißtes Schütz oder einen falschen Stromwandler, löschen Sie vor Ort."
        ),
        FaultText(
            .outputLiveBeforeTest, "Spannung vor der Prüfung",
            "Das Kabel führte vor der Sicherheitsprüfung noch Spannung.",
            "Prüfen Sie Entladewiderstand und Leistungsteil; der Ausgang muss unter 60 V fallen."),
        FaultText(
            .outputLiveAfterStop, "Spannung nach dem Ende",
            "Der Stecker kann noch unter Spannung stehen.",
            "Berühren Sie den Stecker nicht; schalten Sie frei, prüfen Sie die Entladung, suchen Sie ein verschweißtes Schütz."
        ),
        FaultText(
            .testVoltageNotReached, "Prüfspannung nicht erreicht",
            "Die Sicherheitsprüfung des Kabels erreichte ihre Spannung nicht.",
            "Prüfen Sie Leistungsteil, Sicherungen und den Weg bis zum Stecker."),
        FaultText(
            .shortCircuitAtTest, "Kurzschluss bei der Prüfung",
            "Die Sicherheitsprüfung fand einen Kurzschluss in Kabel oder Fahrzeug.",
            "Prüfen Sie Kabel und Stecker; zeigen es auch andere Fahrzeuge, nehmen Sie den Anschluss außer Betrieb."
        ),
        FaultText(
            .cableCheckTooSlow, "Kabelprüfung zu langsam",
            "Die Sicherheitsprüfung des Kabels dauerte zu lange.",
            "Vergleichen Sie im Journal die Zeiten von Leistungsteil und Isolationswächter; Fahrzeuge geben nach 40 s auf."
        ),
        FaultText(
            .preChargeTimeout, "Vorladung zu lang",
            "Die Ladesäule erreichte die Spannung Ihres Fahrzeugs nicht rechtzeitig.",
            "Prüfen Sie, ob das Leistungsteil dem Sollwert folgt; bei nur einem Modell bewahren Sie die Aufzeichnung auf."
        ),
        FaultText(
            .preChargeMismatch, "Vorladespannung falsch",
            "Die Spannungen von Ladesäule und Fahrzeug passen nicht zusammen.",
            "Vergleichen Sie die Spannungsmessung von Leistungsteil, Zähler und Isolationswächter."),
        FaultText(
            .insulationLow, "Isolation schlecht",
            "Die Isolation von Kabel oder Fahrzeug ist nicht gut genug.",
            "Prüfen und trocknen Sie Kabel und Stecker; zeigen es auch andere Fahrzeuge, nehmen Sie ihn außer Betrieb."
        ),
        FaultText(
            .voltageToEarthHigh, "Spannung gegen Erde zu hoch",
            "Die Spannung von Kabel und Fahrzeug liegt zu weit von der Erde.",
            "Suchen Sie gealterte Isolation in Leistungsteil und Kabel und eine fremde Spannung am Ausgang; messen Sie beide Pole gegen Erde."
        ),
        FaultText(
            .insulationSelfTestFailed, "Isolationswächter hat versagt",
            "Der Isolationswächter hat seine eigene Prüfung nicht bestanden.",
            "Prüfen Sie seine Erdleitungen und Versorgung; ersetzen Sie ihn, wenn er wieder versagt."),
        FaultText(
            .insulationSilent, "Isolationswächter stumm",
            "Der Isolationswächter antwortet nicht.",
            "Prüfen Sie Versorgung, Buskabel, Adresse und Abschluss."),
        FaultText(
            .overVoltage, "Spannung zu hoch",
            "Die Ladespannung stieg zu hoch.",
            "Prüfen Sie Regelung und Spannungsmessung; sehen Sie nach, ob das Fahrzeug die Last abgeworfen hat."),
        FaultText(
            .underVoltage, "Spannung eingebrochen",
            "Die Ladespannung ist eingebrochen.",
            "Prüfen Sie Leistungsteil, Versorgung und Sicherungen."),
        FaultText(
            .overCurrent, "Strom zu hoch",
            "Es floss mehr Strom als erlaubt.",
            "Prüfen Sie die Regelung und vergleichen Sie die Strommessung von Leistungsteil und Zähler."),
        FaultText(
            .reverseCurrent, "Strom rückwärts",
            "Es floss Strom vom Fahrzeug in die Ladesäule.",
            "Prüfen Sie die Sperrdiode und die Richtung des Stromwandlers."),
        FaultText(
            .voltageSensorsDisagree, "Spannungsmessungen uneins",
            "Zwei Spannungsmessungen dieser Ladesäule stimmen nicht überein.",
            "Vergleichen Sie Leistungsteil, Zähler und Isolationswächter mit einer Referenz; ersetzen Sie, was falsch misst."
        ),
        FaultText(
            .vehicleLeftCharging, "Fahrzeug verließ die Ladung",
            "Ihr Fahrzeug hat das Laden ohne Abmeldung beendet.",
            "Nichts, wenn es selten ist; tut es ein Modell oft, bewahren Sie die Aufzeichnung für den Hersteller auf."
        ),
        FaultText(
            .pilotLost, "Pilot beim Laden verloren",
            "Die Verbindung zu Ihrem Fahrzeug ging beim Laden verloren.",
            "Prüfen Sie den Pilotkontakt des Steckers und das Kabel; auch Ziehen am Stecker ist eine Ursache."),
        FaultText(
            .pilotShorted, "Pilot kurzgeschlossen",
            "Die Signalleitung dieses Anschlusses ist kurzgeschlossen.",
            "Suchen Sie Wasser und Schäden an Stecker und Kabel; messen Sie den Piloten gegen Erde."),
        FaultText(
            .pilotUnavailable, "Pilot steht auf minus 12 V",
            "Die Signalleitung dieses Anschlusses hängt fest.",
            "Prüfen Sie den Pilotgenerator und seine Versorgung."),
        FaultText(
            .pilotInvalid, "Pilot außerhalb des Bereichs",
            "Das Signal zwischen Ladesäule und Fahrzeug ist unklar.",
            "Prüfen Sie den Pilotkontakt des Steckers; messen Sie die Pegel mit einem Prüffahrzeug."),
        FaultText(
            .proximityLost, "Stecker beim Laden bewegt",
            "Der Stecker hat sich beim Laden bewegt.",
            "Prüfen Sie Raste und Näherungskontakt des Steckers."),
        FaultText(
            .proximityInvalid, "Stecker nicht erkannt",
            "Der Stecker sitzt schlecht oder seine Raste ist gebrochen.",
            "Prüfen Sie Raste, Näherungskontakt und Kabel; ersetzen Sie den Stecker, wenn die Raste gebrochen ist."),
        FaultText(
            .lockFailsToClose, "Verriegelung schließt nicht",
            "Der Stecker ließ sich nicht verriegeln.",
            "Prüfen Sie Motor und Kontakt der Verriegelung und Schmutz in der Dose."),
        FaultText(
            .lockOpened, "Verriegelung unter Spannung offen",
            "Die Verriegelung des Steckers öffnete sich beim Laden.",
            "Prüfen Sie Riegel und Kontakt; klären Sie, ob jemand Gewalt angewendet hat."),
        FaultText(
            .lockFailsToOpen, "Verriegelung öffnet nicht",
            "Der Stecker ließ sich nicht entriegeln.",
            "Nutzen Sie die Notentriegelung, sobald der Ausgang spannungsfrei ist; prüfen Sie Motor und Riegel."),
        FaultText(
            .vehicleSilent, "Fahrzeug stumm",
            "Ihr Fahrzeug antwortet nicht mehr.",
            "Nur ein Modell: Aufzeichnung für den Hersteller aufbewahren; viele: Modem und Piloten prüfen."),
        FaultText(
            .vehicleNotReady, "Fahrzeug nicht bereit",
            "Ihr Fahrzeug wurde nicht rechtzeitig bereit.",
            "Nichts, wenn es selten ist; tun es viele Fahrzeuge, prüfen Sie das Modem."),
        FaultText(
            .ventilationMissing, "Keine Belüftung hier",
            "Ihr Fahrzeug verlangt einen belüfteten Platz, und dieser ist keiner.",
            "Nichts, wenn der Raum keine Belüftung hat; im Freien oder mit einem Lüfter, der immer läuft: `ventilated: true`."
        ),
        FaultText(
            .vehicleIgnoresStop, "Fahrzeug übergeht das Ende",
            "Ihr Fahrzeug verlangte nach dem Ende weiter Strom.",
            "Bewahren Sie die Aufzeichnung für den Hersteller auf; prüfen Sie die Schütze, die unter Last öffneten."
        ),
        FaultText(
            .connectorWarm, "Stecker warm",
            "Der Stecker ist warm, darum gibt die Ladesäule weniger Strom.",
            "Geschieht es bei kühlem Wetter, reinigen oder ersetzen Sie die Kontakte des Steckers."),
        FaultText(
            .connectorHot, "Stecker zu heiß",
            "Der Stecker ist zu heiß.",
            "Lassen Sie ihn abkühlen, prüfen Sie die Kontakte, ersetzen Sie ihn, wenn sie verfärbt sind."),
        FaultText(
            .handleWarm, "Griff warm",
            "Der Griff des Steckers ist warm, deshalb gibt die Ladesäule weniger Strom.",
            "Geschieht es ohne Sonne, prüfen Sie die Kühlung des Kabels und die Kontakte des Steckers."),
        FaultText(
            .handleHot, "Griff zu heiß zum Anfassen",
            "Der Griff des Steckers ist zu heiß zum Anfassen.",
            "Prüfen Sie die Kühlung des Kabels und beschatten Sie den Halter; abgekühlt dient der Anschluss wieder."
        ),
        FaultText(
            .pinSensorFailed, "Temperaturfühler im Stecker defekt",
            "Ein Temperaturfühler des Steckers ist ausgefallen.",
            "Ersetzen Sie Fühler oder Kabel; bis dahin gibt der Anschluss die Hälfte seines Stroms."),
        FaultText(
            .temperatureSilent, "Temperaturen stumm",
            "Diese Ladesäule kann ihre Temperaturen nicht messen.",
            "Prüfen Sie die Temperaturkarte, ihre Versorgung und ihr Buskabel."),
        FaultText(
            .cabinetHot, "Schrank heiß",
            "Die Ladesäule ist innen heiß und muss abkühlen.",
            "Reinigen Sie die Luftfilter, prüfen Sie die Lüfter und was die Luft versperrt."),
        FaultText(
            .coolingLost, "Kühlung ausgefallen",
            "Die Kühlung läuft nicht, darum gibt die Ladesäule weniger Strom.",
            "Prüfen Sie Lüfter, Pumpe und Kühlmittelstand."),
        FaultText(
            .coolantLow, "Zu wenig Kühlmittel",
            "Die Kühlung der Ladekabel hat ihr Kühlmittel verloren.",
            "Suchen Sie das Leck, füllen und entlüften Sie die Kühlung; die Säule kommt von selbst zurück, sobald der Druck wieder da ist."
        ),
        FaultText(
            .clockStepped, "Uhr wurde gestellt",
            "Die Uhr dieser Ladesäule wurde auf eine andere Zeit gestellt.",
            "Vergleichen Sie die Uhr mit ihrer Zeitquelle; die Aufzeichnungen behalten ihre Reihenfolge durch ihre Nummern."
        ),
        FaultText(
            .stageDerated, "Leistungsteil eingeschränkt",
            "Ein Teil der Leistungseinheit fehlt, darum gibt die Ladesäule weniger Strom.",
            "Lesen Sie das Journal des Leistungsteils und ersetzen Sie das defekte Modul."),
        FaultText(
            .stageFault, "Störung des Leistungsteils",
            "Die Leistungseinheit dieser Ladesäule meldet eine Störung.",
            "Lesen Sie das Journal des Leistungsteils, beheben Sie die Ursache und setzen Sie es zurück."),
        FaultText(
            .stageSilent, "Leistungsteil stumm",
            "Die Leistungseinheit dieser Ladesäule antwortet nicht.",
            "Prüfen Sie Steuerversorgung, Buskabel, Adresse und Abschluss."),
        FaultText(
            .stageIgnoresOff, "Leistungsteil schaltet nicht ab",
            "Die Leistungseinheit hat sich auf Befehl nicht abgeschaltet.",
            "Schalten Sie frei, ersetzen oder reparieren Sie das Leistungsteil, dann löschen Sie die Störung vor Ort."
        ),
        FaultText(
            .meterSilent, "Zähler stumm",
            "Der Energiezähler dieses Anschlusses antwortet nicht.",
            "Prüfen Sie Versorgung, Buskabel, Adresse, Geschwindigkeit und Parität."),
        FaultText(
            .meterWentBack, "Zähler lief rückwärts",
            "Der Energiezähler dieses Anschlusses hat rückwärts gezählt.",
            "Vergleichen Sie Stand und Seriennummer, ersetzen Sie den Zähler, wenn er falsch ist, löschen Sie vor Ort."
        ),
        FaultText(
            .meterFrozen, "Zähler steht",
            "Der Energiezähler dieses Anschlusses zählt nicht.",
            "Prüfen Sie den Strompfad, ersetzen Sie den Zähler, dann löschen Sie die Störung vor Ort."),
        FaultText(
            .meterSwapped, "Zähler getauscht",
            "Der Energiezähler dieses Anschlusses ist nicht mehr derselbe.",
            "Tragen Sie den neuen Zähler ein, löschen Sie die Störung vor Ort, klären Sie, wer getauscht hat."),
        FaultText(
            .startNotRecorded, "Beginn nicht gespeichert",
            "Die Ladesäule konnte den Beginn Ihrer Ladung nicht speichern.",
            "Prüfen Sie den Datenträger: freier Platz, Einbindung, Zustand."),
        FaultText(
            .samplesNotDurable, "Ladedaten nicht gespeichert",
            "Die Ladesäule konnte die Energie Ihrer Ladung nicht speichern.",
            "Prüfen Sie den Datenträger: freier Platz, Einbindung, Zustand; bis dahin beginnt keine Ladung."),
        FaultText(
            .stopNotRecorded, "Ende nicht gespeichert",
            "Die Ladesäule konnte das Ende der letzten Ladung nicht speichern.",
            "Prüfen Sie den Datenträger: freier Platz, Einbindung, Zustand; das Ende wird erneut geschrieben."),
        FaultText(
            .latchNotRecorded, "Sperre nicht gespeichert",
            "Die Ladesäule konnte nicht speichern, dass ein Anschluss gesperrt ist.",
            "Prüfen Sie den Datenträger: freier Platz, Einbindung, Zustand; ein Neustart vergäße sonst die Sperre."),
        FaultText(
            .limitSourceSilent, "Quelle der Grenze stumm",
            "Der Energiemanager des Standorts ist stumm, darum gibt die Ladesäule weniger Strom.",
            "Prüfen Sie den Energiemanager und sein Netz; bis dahin gilt die sichere Grenze."),
        FaultText(
            .crashLoop, "Zu oft neu gestartet",
            "Die Ladesäule startete zu oft neu und wartet auf den Service.",
            "Lesen Sie das Journal der letzten Starts, beheben Sie die Ursache, dann löschen Sie die Störung vor Ort."
        ),
        FaultText(
            .memoryHigh, "Speicher wird knapp",
            "Dem Rechner dieser Ladesäule wird der Speicher knapp.",
            "Senden Sie Aufzeichnung und Journal an den Hersteller der Software; die Säule startet von selbst neu, bevor der Speicher ausgeht."
        ),
        FaultText(
            .memoryExhausted, "Neustart aus Speichermangel",
            "Diese Ladesäule startet neu, sobald hier niemand mehr lädt.",
            "Warten Sie: die Säule startet von selbst neu, sobald alle Anschlüsse frei sind; kommt es wieder, senden Sie die Aufzeichnung ein."
        ),
        FaultText(
            .internalDefect, "Innerer Fehler",
            "Die Ladesäule fand einen Fehler in ihrem Programm und hielt sicherheitshalber an.",
            "Bewahren Sie die Aufzeichnung auf und senden Sie sie mit dem Journal an den Hersteller der Software."),
        FaultText(
            .stageTripped, "Leistungsteil abgeschaltet",
            "Der Strom dieses Anschlusses wurde wegen einer Störung nebenan abgeschaltet.",
            "Beheben und löschen Sie die Störung des Nachbaranschlusses vor Ort, dann schalten Sie den Strom wieder ein."
        ),
        FaultText(
            .meterJumped, "Zähler lief voraus",
            "Der Zähler zählte mehr, als geflossen sein kann; Sie zahlen nur, was vorher gezählt war.",
            "Vergleichen Sie mit dem Leistungsteil, prüfen Sie Zähler und Leitungen, löschen Sie die Störung vor Ort."
        ),
        FaultText(
            .stopTooSlow, "Ende dauerte zu lange",
            "Der Strom sank nicht rechtzeitig, darum hat die Ladesäule ihn getrennt.",
            "Prüfen Sie, ob das Leistungsteil seinem Sollwert folgt, und die Strommessung; zählen Sie eine Öffnung unter Last."
        ),
        FaultText(
            .cardReaderLost, "Kartenleser antwortet nicht",
            "Der Kartenleser dieses Anschlusses antwortet nicht.",
            "Prüfen Sie Kabel und Versorgung des Lesers oder ersetzen Sie ihn; bis dahin beginnen Sie Ladungen von Hand oder über die Cloud."
        ),
        FaultText(
            .insulationFrozen, "Isolationswächter wiederholt sich",
            "Der Isolationswächter dieses Anschlusses wiederholt einen alten Messwert.",
            "Starten Sie den Isolationswächter neu, prüfen Sie seine Verbindung oder ersetzen Sie ihn."),
        FaultText(
            .pilotPulsed, "Kurzer Impuls des Fahrzeugs",
            "Das Fahrzeug hat weniger als eine halbe Sekunde lang Energie verlangt.",
            "Nichts, wenn es selten ist: Manche Fahrzeuge wachen so auf. Ist es häufig, prüfen Sie die Pilotleitung und ihren Kontakt."
        ),
        FaultText(
            .tooCold, "Zu kalt",
            "Hier ist es zu kalt, um sicher zu laden.",
            "Prüfen Sie die Heizung des Schranks; der Anschluss dient von selbst wieder, wenn es wärmer ist."),
        FaultText(
            .heatWithoutCooling, "Kontakte heiß ohne Kühlung",
            "Die Kontakte dieses Anschlusses werden heiß, weil seine Kühlung ausgefallen ist.",
            "Suchen Sie an Pumpe, Lüfter und Kühlmittel ein Leck oder eine Verstopfung; abgekühlt dient der Anschluss wieder."
        ),
        FaultText(
            .meterDrifts, "Zähler und Leistungsteil weichen ab",
            "Zähler und Leistungsteil dieses Anschlusses weichen um mehr als 2 Prozent voneinander ab.",
            "Vergleichen Sie beide mit einer Referenz; lassen Sie den Zähler prüfen, wenn er falsch geht."),
        FaultText(
            .meterDisagrees, "Zähler widerspricht dem Leistungsteil",
            "Der Zähler dieses Anschlusses zählt etwas anderes, als geliefert wird.",
            "Vergleichen Sie Zähler und Leistungsteil mit einer Referenz, ersetzen Sie das falsche, dann löschen Sie die Störung vor Ort."
        ),
    ]
}
