// Refusals and what a driver does next, in German.

import Post

extension German {
    static func advice(_ advice: DriverAdvice) -> String {
        switch advice {
        case .releaseEmergencyStop:
            "Wenn die Gefahr vorbei ist, drehen Sie den roten Knopf heraus, stecken Sie ab und beginnen Sie neu."
        case .leaveThePlug:
            "Berühren Sie den Stecker nicht und ziehen Sie nicht am Kabel. Bitte rufen Sie die Nummer an der Säule an."
        case .keepAway: "Bitte halten Sie Abstand von dieser Ladesäule und ihrem Kabel und nehmen Sie eine andere."
        case .useAnother: "Bitte benutzen Sie einen anderen Anschluss oder eine andere Ladesäule."
        case .comeLater: "Bitte kommen Sie später wieder oder laden Sie an einem anderen Standort."
        case .unplugAndRetry: "Stecken Sie Ihr Fahrzeug ab und wieder an und beginnen Sie neu."
        case .unplugAndUseAnother: "Stecken Sie Ihr Fahrzeug ab und benutzen Sie bitte einen anderen Anschluss."
        case .letItCool: "Fassen Sie den Griff erst an, wenn er in einigen Minuten abgekühlt ist."
        case .pushPlugHome: "Stecken Sie ab, schieben Sie den Stecker bis zum Klick hinein und beginnen Sie neu."
        case .pullPlugAgain:
            "Drücken Sie Stopp und ziehen Sie den Stecker gerade heraus, ohne Gewalt. Klemmt er, rufen Sie die Nummer an."
        case .readyTheVehicle:
            "Prüfen Sie, ob Ihr Fahrzeug auf Laden gestellt ist, stecken Sie ab und wieder an und beginnen Sie neu."
        case .justWait: "Bitte warten Sie einen Moment; es geht von selbst weiter."
        case .nothingToDo: "Sie müssen nichts tun; das Laden geht weiter."
        case .anotherCard: "Versuchen Sie eine andere Karte, oder nehmen Sie eine andere Ladesäule."
        case .askProvider: "Versuchen Sie eine andere Karte oder fragen Sie den Anbieter dieser Karte."
        case .cardLater: "Versuchen Sie eine andere Karte oder kommen Sie später mit dieser wieder."
        case .sameCard:
            "Beenden Sie die Ladung mit der Karte, die sie begonnen hat, oder beginnen Sie mit einer anderen eine neue."
        case .stopOrAnotherCard:
            "Um die andere Sitzung zu beenden, drücken Sie Stopp; für eine neue nehmen Sie eine andere Karte."
        case .ownCard:
            "Zum Beenden brauchen Sie die Karte, die diese Ladung begonnen hat; sonst nehmen Sie einen anderen Anschluss."
        case .tapAgain: "Warten Sie einen Moment und halten Sie Ihre Karte noch einmal an den Leser."
        case .anotherReader:
            "Nehmen Sie einen anderen Leser oder eine andere Ladesäule, oder versuchen Sie es in einigen Minuten wieder."
        case .tapSlowly: "Halten Sie Ihre Karte eine Sekunde flach an den Leser oder versuchen Sie eine andere."
        case .tapInTurn: "Warten Sie, bis die andere Karte geprüft ist, dann halten Sie Ihre an den Leser."
        case .plugInFirst: "Stecken Sie Ihr Fahrzeug an und halten Sie Ihre Karte noch einmal an den Leser."
        case .checkConnector: "Prüfen Sie die Nummer und fragen Sie noch einmal."
        case .unplugFirst:
            "Warten Sie, bis das Fahrzeug hier abgesteckt ist, oder nehmen Sie einen anderen Anschluss."
        case .clearTheCause: "Beheben Sie zuerst die Ursache der Störung, dann löschen Sie sie."
        case .nothingRuns: "Sie müssen nichts tun; hier fließt keine Energie."
        case .nothingChanged:
            "Sie müssen nichts tun: An dieser Säule hat sich nichts geändert, und Karten gelten wie zuvor."
        case .smallerLimits:
            "Karten auf der Liste dieser Säule gelten, manche für weniger Energie als sonst; der Betreiber weiß davon."
        case .plugOrTap: "Stecken Sie Ihr Fahrzeug an oder halten Sie Ihre Karte an den Leser."
        case .tapIfYours:
            "Ist die Reservierung Ihre, halten Sie Ihre Karte an den Leser; sonst nehmen Sie einen anderen."
        case .tap: "Halten Sie Ihre Karte an den Leser."
        case .plugIn: "Stecken Sie Ihr Fahrzeug an."
        case .startsByItself: "Sie müssen nichts tun; das Laden beginnt von selbst."
        case .stopByButton: "Zum Beenden drücken Sie Stopp."
        case .stopAnyTime: "Zum Beenden drücken Sie Stopp oder halten Sie Ihre Karte an den Leser."
        case .resumesByItself: "Das Laden geht von selbst weiter; zum Beenden drücken Sie Stopp."
        case .releasedSoon: "Bitte warten Sie; der Stecker ist gleich frei."
        case .unplug: "Bitte stecken Sie Ihr Fahrzeug ab."
        }
    }

    static let refusals: [RefusalText] = [
        RefusalText(
            .unknownToken, "Diese Ladesäule kennt Ihre Karte nicht.",
            "Nehmen Sie die Karte in die Liste auf, oder lassen Sie die Säule die Cloud nach unbekannten Karten fragen."
        ),
        RefusalText(
            .expiredToken, "Ihre Karte ist abgelaufen.",
            "Erneuern Sie den Eintrag in der Liste, wenn der Vertrag noch gilt."),
        RefusalText(
            .notYetValidToken, "Ihre Karte gilt noch nicht.",
            "Prüfen Sie den ersten Tag des Eintrags in der Liste."),
        RefusalText(
            .blockedToken, "Ihre Karte ist gesperrt.",
            "Fragen Sie den Anbieter nach dem Grund; entsperren Sie die Karte in der Liste, wenn das falsch ist."),
        RefusalText(
            .tokenInUse, "Ihre Karte lädt schon ein anderes Fahrzeug.",
            "Nichts: Eine Karte hat eine Ladung; beenden Sie die andere, wenn sie vergessen wurde."),
        RefusalText(
            .tokenTooSoon, "Ihre Karte wurde gerade erst benutzt.",
            "Nichts: Die Liste verlangt eine Pause zwischen zwei Ladungen dieser Karte."),
        RefusalText(
            .sessionsUsedUp, "Ihre Karte hat ihre Ladungen vorerst verbraucht.",
            "Erhöhen Sie die Zahl der Ladungen in der Liste, wenn der Vertrag es erlaubt."),
        RefusalText(
            .energyUsedUp, "Ihre Karte hat ihre Energie vorerst verbraucht.",
            "Erhöhen Sie die Energie in der Liste, wenn der Vertrag es erlaubt, oder spielen Sie eine neuere Liste ein."
        ),
        RefusalText(
            .notYourSession, "Diese Ladung wurde mit einer anderen Karte begonnen.",
            "Nichts: Nur dieselbe Karte oder ihre Gruppe beendet eine Ladung; Sie selbst dürfen es auch."),
        RefusalText(
            .lookUpTooLate, "Ihre Karte konnte nicht rechtzeitig geprüft werden.",
            "Prüfen Sie den Datenträger der Liste: seinen Zustand und was ihn sonst beschäftigt."),
        RefusalText(
            .lookUpDamaged, "Ihre Karte konnte nicht geprüft werden, weil die Liste beschädigt ist.",
            "Spielen Sie die Liste neu ein und prüfen Sie den Datenträger."),
        RefusalText(
            .readerGarbage, "Ihre Karte konnte nicht gelesen werden.",
            "Geschieht es oft, reinigen Sie den Leser, prüfen Sie sein Kabel oder ersetzen Sie ihn."),
        RefusalText(
            .readerBusy, "Gerade wird eine andere Karte geprüft.",
            "Nichts: Der Leser bedient eine Karte nach der anderen."),
        RefusalText(
            .noList, "Diese Ladesäule hat keine Liste von Karten, die sie nutzen kann.",
            "Spielen Sie eine signierte Liste ein, oder stellen Sie die Verbindung zur Cloud wieder her."),
        RefusalText(
            .cloudRefused, "Der Anbieter Ihrer Karte hat sie abgelehnt.",
            "Fragen Sie den Anbieter; die Säule gibt nur seine Antwort weiter."),
        RefusalText(
            .cloudTooLate, "Der Anbieter Ihrer Karte hat nicht rechtzeitig geantwortet.",
            "Nehmen Sie die Karte in die Liste auf, dann muss niemand gefragt werden; prüfen Sie die Verbindung zur Cloud."
        ),
        RefusalText(
            .cloudFailed, "Der Anbieter Ihrer Karte konnte nicht gefragt werden.",
            "Nehmen Sie die Karte in die Liste auf, dann muss niemand gefragt werden; lesen Sie den letzten Fehler der Cloud."
        ),
        RefusalText(
            .connectorFaulted, "Dieser Anschluss hat eine Störung.",
            "Sehen Sie die Störung des Anschlusses und ihre Abhilfe an."),
        RefusalText(
            .connectorUnavailable, "Dieser Anschluss ist außer Betrieb.",
            "Nehmen Sie ihn wieder in Betrieb, wenn die Arbeit getan ist."),
        RefusalText(
            .connectorReserved, "Dieser Anschluss ist für jemand anderen reserviert.",
            "Heben Sie die Reservierung auf, wenn sie nicht gebraucht wird."),
        RefusalText(
            .connectorBusy, "Dieser Anschluss ist belegt.",
            "Warten Sie auf das Ende der Ladung, oder beenden Sie sie."),
        RefusalText(
            .noVehicle, "Es ist kein Fahrzeug angesteckt.",
            "Bitten Sie, zuerst anzustecken, oder starten Sie danach noch einmal."),
        RefusalText(
            .recordsFailing, "Diese Ladesäule kann gerade keine Ladungen speichern.",
            "Prüfen Sie den Datenträger: freier Platz, Einbindung, Zustand."),
        RefusalText(
            .notReadyYet, "Diese Ladesäule ist noch nicht bereit.",
            "Warten Sie eine halbe Minute; bleibt es so, lesen Sie, worauf der Anschluss wartet."),
        RefusalText(
            .nothingToStop, "Hier gibt es keine Ladung zu beenden.",
            "Prüfen Sie die Nummer des Anschlusses."),
        RefusalText(
            .faultStillPresent, "Die Ursache der Störung besteht noch.",
            "Folgen Sie zuerst der Abhilfe der Störung, dann löschen Sie sie."),
        RefusalText(
            .noSuchConnector, "Diese Ladesäule hat keinen Anschluss mit dieser Nummer.",
            "Lesen Sie die Anschlüsse im Status; auf dem Bildschirm zählen sie ab 1."),
        RefusalText(
            .noSuchFault, "Dieser Anschluss hat diese Störung nicht.",
            "Lesen Sie die bestehenden Störungen im Status."),
        RefusalText(
            .exposureUsedUp, "Diese Ladesäule darf ohne Verbindung keine weiteren Ladungen beginnen.",
            "Stellen Sie die Verbindung wieder her, damit die Cloud von der Energie erfährt; oder erlauben Sie in der Liste mehr Risiko."
        ),
        RefusalText(
            .readerPaused, "Dieser Leser macht eine Pause, weil zu viele unbekannte Karten gezeigt wurden.",
            "Sehen Sie nach, wer am Leser steht; die Liste sagt, nach wie vielen unbekannten Karten er wie lange pausiert."
        ),
        RefusalText(
            .mustAskProvider, "Der Anbieter Ihrer Karte muss gefragt werden und ist nicht erreichbar.",
            "Nichts: Der Anbieter erlaubt keine Antwort aus einer Liste; stellen Sie die Verbindung zur Cloud wieder her."
        ),
        RefusalText(
            .deniedInSession, "Das Laden wurde beendet, weil Ihre Karte gesperrt worden ist.",
            "Fragen Sie die Stelle, die das Sperrobjekt unterschreibt, warum es diese Karte nennt; die Ladung wurde geordnet beendet."
        ),
    ]
}
