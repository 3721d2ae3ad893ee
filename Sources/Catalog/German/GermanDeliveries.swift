// Why a list, trust bundle, deny object or delta was not taken, and what the operator does, in German.

extension German {
    static func delivery(_ refusal: DeliveryRefusal) -> BenchText {
        switch refusal {
        case .notAList:
            BenchText(
                "Die Datei beginnt nicht wie eine Kartenliste.",
                "Prüfen Sie, ob die richtige Datei gesendet wurde, und zwar binär.")
        case .notABundle:
            BenchText(
                "Die Datei beginnt nicht wie ein Schlüsselbund.",
                "Prüfen Sie, ob die richtige Datei gesendet wurde, und zwar binär.")
        case .notADenyObject:
            BenchText(
                "Die Datei beginnt nicht wie ein Sperrobjekt.",
                "Prüfen Sie, ob die richtige Datei gesendet wurde, und zwar binär.")
        case .notADelta:
            BenchText(
                "Die Datei ist kein Nachtrag, den diese Version lesen kann.",
                "Erzeugen Sie ihn neu, oder senden Sie die ganze Liste.")
        case .unknownFormat:
            BenchText(
                "Diese Version kennt das Format nicht.",
                "Aktualisieren Sie die Säule, oder stellen Sie im Format 1 aus.")
        case .formatTooOld:
            BenchText(
                "Der Schlüsselbund lässt Listen dieses Formats nicht mehr zu.",
                "Stellen Sie die Liste in einem neueren aus.")
        case .badHeader:
            BenchText(
                "Im Kopf steht ein Wert, den keine Ausgabestelle schreibt.",
                "Holen Sie die Datei noch einmal.")
        case .unsigned:
            BenchText(
                "Noch niemand hat es unterschrieben.",
                "Unterschreiben Sie es, oder fügen Sie die Unterschrift an, die zurückkam.")
        case .unknownIssuer:
            BenchText(
                "Kein Schlüssel, dem diese Säule traut, hat es unterschrieben.",
                "Installieren Sie den richtigen Schlüsselbund oder die richtige Liste.")
        case .badSignature:
            BenchText(
                "Eine Unterschrift passt nicht zum Kopf.",
                "Die Datei wurde verändert; holen Sie sie noch einmal.")
        case .wrongRole:
            BenchText(
                "Der Schlüssel, der es unterschrieben hat, darf das nicht.",
                "Nehmen Sie den Schlüssel der richtigen Aufgabe.")
        case .tooFewSignatures:
            BenchText(
                "Zu wenige Stammschlüssel haben den Bund unterschrieben.",
                "Sammeln Sie die fehlenden Unterschriften, und fügen Sie sie zusammen.")
        case .badKey:
            BenchText(
                "Der Schlüssel hat keine 32 Bytes nach Ed25519.",
                "Erzeugen Sie Schlüssel mit holdfast allowlist keygen.")
        case .weakKey:
            BenchText(
                "Der öffentliche Schlüssel ist als schwach bekannt und beweist nichts.",
                "Erzeugen Sie einen neuen.")
        case .keyOutOfDate:
            BenchText(
                "Es wurde zu einer Zeit ausgestellt, für die sein Schlüssel nicht gilt.",
                "Unterschreiben Sie mit dem heutigen Schlüssel.")
        case .issuedInFuture:
            BenchText(
                "Es ist über einen Tag weiter datiert als die Zeit, deren sich diese Säule sicher ist.",
                "Stellen Sie die Uhr der Ausgabestelle, und stellen Sie es neu aus; kam es nicht von ihr, ist ihr Schlüssel gestohlen."
            )
        case .beyondKeyScope:
            BenchText(
                "Sein Schlüssel gilt nur für einen anderen Standort.",
                "Unterschreiben Sie mit dem Schlüssel dieses Bereichs.")
        case .aboveCeiling:
            BenchText(
                "Ein Profil gewährt mehr, als der Schlüsselbund diesem Schlüssel erlaubt.",
                "Senken Sie es, oder heben Sie die Obergrenze an.")
        case .truncated:
            BenchText(
                "Die Datei ist kürzer als die unterschriebene Länge.",
                "Die Übertragung brach ab; holen Sie die Datei noch einmal.")
        case .trailingBytes:
            BenchText(
                "Die Datei ist länger als die unterschriebene Länge.",
                "Holen Sie sie noch einmal.")
        case .wrongOperator:
            BenchText(
                "Ein anderer Betreiber hat es ausgestellt.",
                "Holen Sie Ihre eigene Datei.")
        case .wrongScope:
            BenchText(
                "Die Liste gilt für einen anderen Standort oder eine andere Säule.",
                "Holen Sie die Liste dieser Säule.")
        case .wrongList:
            BenchText(
                "Die Liste gehört zu einer anderen Reihe von Fassungen, als diese Säule sie führt.",
                "Holen Sie die Liste ihrer Reihe, oder installieren Sie zuerst den Schlüsselbund, der diese aufgibt."
            )
        case .bundleTooOld:
            BenchText(
                "Die Liste braucht einen neueren Schlüsselbund, als die Säule hat.",
                "Installieren Sie zuerst die Schlüsselbunde dazwischen.")
        case .bundleGap:
            BenchText(
                "Dazwischen fehlt ein Schlüsselbund.",
                "Installieren Sie die Schlüsselbunde einen nach dem anderen.")
        case .badBundle:
            BenchText(
                "Der Schlüsselbund widerspricht sich (Schlüssel doppelt, mehr Unterschriften verlangt als Stammschlüssel da sind).",
                "Erzeugen Sie ihn neu.")
        case .belowMinimum:
            BenchText(
                "Der Schlüsselbund hat Listen dieser Fassung zurückgezogen.",
                "Holen Sie die neueste.")
        case .versionJump:
            BenchText(
                "Die Fassung liegt zu weit über der installierten.",
                "Fragen Sie vor allem anderen die Ausgabestelle.")
        case .rollback:
            BenchText(
                "Es ist älter als das, was installiert ist.",
                "Nichts Älteres wird je zurückgenommen; senden Sie das Neueste.")
        case .equivocation:
            BenchText(
                "Zwei verschiedene tragen dieselbe Fassung.",
                "Fragen Sie sofort die Ausgabestelle.")
        case .bodyCorrupt:
            BenchText(
                "Der Inhalt passt nicht zur unterschriebenen Prüfsumme.",
                "Holen Sie die Datei noch einmal.")
        case .policyCorrupt:
            BenchText(
                "Die Regeln passen nicht zur unterschriebenen Prüfsumme.",
                "Holen Sie die Liste noch einmal.")
        case .badPolicy:
            BenchText(
                "Die Regeln enthalten eine sinnlose Grenze (Älteres gewährt mehr, oder ein Profil steht doppelt).",
                "Stellen Sie die Liste neu aus.")
        case .directoryCorrupt:
            BenchText(
                "Das Verzeichnis passt nicht zur unterschriebenen Prüfsumme.",
                "Holen Sie die Liste noch einmal.")
        case .pageCorrupt:
            BenchText(
                "Eine Seite passt nicht zur unterschriebenen Prüfsumme.",
                "Vielleicht versagt der Datenträger; holen Sie die Liste noch einmal.")
        case .unsorted:
            BenchText(
                "Die Einträge steigen nicht auf, oder einer steht doppelt.",
                "Stellen Sie die Liste neu aus.")
        case .badRecord:
            BenchText(
                "Ein Eintrag nennt ein Profil, das den Regeln fehlt, oder endet vor seinem Anfang.",
                "Stellen Sie die Liste neu aus.")
        case .miscounted:
            BenchText(
                "Die Liste nennt andere Zahlen hinzugekommener oder entfernter Fahrer, als es sind.",
                "Stellen Sie sie neu aus.")
        case .suspiciousShrinkage:
            BenchText(
                "Die Liste würde ungewöhnlich viele Fahrer entfernen.",
                "Lassen Sie sie mit einem zweiten Listenschlüssel unterschreiben, oder bestätigen Sie sie durch ihren Fingerabdruck."
            )
        case .suspiciousGrowth:
            BenchText(
                "Die Liste würde ungewöhnlich viele Fahrer hinzufügen.",
                "Lassen Sie sie mit einem zweiten Listenschlüssel unterschreiben, oder bestätigen Sie sie durch ihren Fingerabdruck."
            )
        case .wrongBase:
            BenchText(
                "Der Nachtrag geht von einer anderen Liste aus.",
                "Holen Sie den richtigen Nachtrag oder die ganze Liste.")
        case .deltaMismatch:
            BenchText(
                "Der Nachtrag führt nicht zu der Liste, die unterschrieben wurde.",
                "Holen Sie die ganze Liste.")
        case .unreadable:
            BenchText(
                "Die Datei ist nicht lesbar.",
                "Prüfen Sie, ob sie da ist und ob Sie sie lesen dürfen.")
        case .diskFailed:
            BenchText(
                "Der Datenträger der Säule hat es nicht angenommen.",
                "Schaffen Sie Platz, oder prüfen Sie den Datenträger; senden Sie dann noch einmal.")
        case .markNotWritten:
            BenchText(
                "Es liegt an seinem Platz, aber die Aufzeichnungen konnten es nicht festhalten: Es gilt vom nächsten Start an.",
                "Schaffen Sie Platz, oder prüfen Sie den Datenträger; senden Sie es dann noch einmal.")
        case .markDamaged:
            BenchText(
                "Die Aufzeichnungen sagen nicht mehr, welche Liste die neueste war; keine wird angenommen.",
                "Prüfen Sie die Aufzeichnungen, oder lassen Sie den Kundendienst neue beginnen.")
        case .bundleDamaged:
            BenchText(
                "Der gespeicherte Schlüsselbund ist beschädigt; die Liste gilt als abgelaufen, und keine wird angenommen.",
                "Senden Sie diesen Schlüsselbund noch einmal, oder alle vom ersten an.")
        case .bundleMissing:
            BenchText(
                "Der gespeicherte Schlüsselbund ist weg; die Liste gilt als abgelaufen, und keine wird angenommen.",
                "Senden Sie diesen Schlüsselbund noch einmal, oder alle vom ersten an.")
        case .bundleNotTheNewest:
            BenchText(
                "Der gespeicherte Schlüsselbund ist nicht der zuletzt übernommene; die Liste gilt als abgelaufen.",
                "Senden Sie diesen Schlüsselbund noch einmal, oder alle vom ersten an.")
        case .denyDamaged:
            BenchText(
                "Das gespeicherte Sperrobjekt ist beschädigt; die Liste gilt höchstens als veraltet.",
                "Senden Sie dieses Sperrobjekt noch einmal, oder ein neueres.")
        case .denyMissing:
            BenchText(
                "Das gespeicherte Sperrobjekt ist weg; die Liste gilt höchstens als veraltet.",
                "Senden Sie dieses Sperrobjekt noch einmal, oder ein neueres.")
        case .denyNotTheNewest:
            BenchText(
                "Das gespeicherte Sperrobjekt ist nicht das zuletzt übernommene; die Liste gilt höchstens als veraltet.",
                "Senden Sie dieses Sperrobjekt noch einmal, oder ein neueres.")
        case .listDamaged:
            BenchText(
                "Die gespeicherte Liste ist beschädigt; keine Karte ist bekannt.",
                "Senden Sie diese Liste noch einmal, oder eine neuere.")
        case .listMissing:
            BenchText(
                "Die gespeicherte Liste ist weg; keine Karte ist bekannt.",
                "Senden Sie diese Liste noch einmal, oder eine neuere.")
        case .busy:
            BenchText(
                "Gerade wird eine andere Liste installiert.",
                "Warten Sie, bis das fertig ist, und senden Sie dann noch einmal.")
        case .noOperator:
            BenchText(
                "Diese Säule nimmt keine Liste an, weil ihr nicht gesagt wurde, wessen.",
                "Nennen Sie in der Konfiguration, bei der Kartenliste, den Betreiber oder die Datei des Schlüsselbunds."
            )
        case .tooLarge:
            BenchText(
                "Der Nachtrag ist länger als alles, was diese Säule annimmt.",
                "Senden Sie die ganze Liste.")
        }
    }
}
