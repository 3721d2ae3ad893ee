// Refusals and what a driver does next, in French.

import Post

extension French {
    static func advice(_ advice: DriverAdvice) -> String {
        switch advice {
        case .releaseEmergencyStop:
            "Quand le danger est passé, tournez le bouton rouge pour le libérer, débranchez et recommencez."
        case .leaveThePlug:
            "Ne touchez pas la prise et ne tirez pas le câble. Veuillez appeler le numéro indiqué sur la borne."
        case .keepAway: "Éloignez-vous de cette borne et de son câble, et utilisez-en une autre."
        case .useAnother: "Veuillez utiliser un autre connecteur ou une autre borne."
        case .comeLater: "Veuillez revenir plus tard ou charger sur un autre site."
        case .unplugAndRetry: "Débranchez votre véhicule, rebranchez-le et recommencez."
        case .unplugAndUseAnother: "Débranchez votre véhicule et utilisez un autre connecteur."
        case .letItCool: "Ne touchez pas la poignée avant qu'elle ait refroidi, dans quelques minutes."
        case .pushPlugHome: "Débranchez, enfoncez la prise jusqu'au déclic et recommencez."
        case .pullPlugAgain:
            "Appuyez sur arrêt, puis tirez la prise tout droit sans forcer. Si elle reste bloquée, appelez le numéro indiqué."
        case .readyTheVehicle:
            "Vérifiez que votre véhicule est réglé pour charger, débranchez, rebranchez et recommencez."
        case .justWait: "Veuillez patienter ; cela reprend tout seul."
        case .nothingToDo: "Vous n'avez rien à faire ; la charge continue."
        case .anotherCard: "Essayez une autre carte, ou utilisez une autre borne."
        case .askProvider: "Essayez une autre carte ou demandez au fournisseur de celle-ci."
        case .cardLater: "Essayez une autre carte ou revenez plus tard avec celle-ci."
        case .sameCard:
            "Utilisez la carte qui a ouvert la session pour l'arrêter, ou une autre pour en ouvrir une nouvelle."
        case .stopOrAnotherCard:
            "Pour finir l'autre session, appuyez sur arrêt ; pour une nouvelle, prenez une autre carte."
        case .ownCard:
            "Pour arrêter cette session, utilisez la carte qui l'a ouverte ; sinon, prenez un autre connecteur."
        case .tapAgain: "Attendez un moment, puis présentez de nouveau votre carte."
        case .anotherReader:
            "Utilisez un autre lecteur ou une autre borne, ou réessayez dans quelques minutes."
        case .tapSlowly: "Tenez votre carte à plat sur le lecteur une seconde, ou essayez une autre carte."
        case .tapInTurn: "Attendez la fin du contrôle de l'autre carte, puis présentez la vôtre."
        case .plugInFirst: "Branchez votre véhicule, puis présentez de nouveau votre carte."
        case .checkConnector: "Vérifiez le numéro et recommencez."
        case .unplugFirst: "Attendez que le véhicule présent soit débranché, ou utilisez un autre connecteur."
        case .clearTheCause: "Supprimez d'abord la cause du défaut, puis effacez-le."
        case .nothingRuns: "Vous n'avez rien à faire ; aucune énergie ne passe ici."
        case .nothingChanged:
            "Vous n'avez rien à faire : rien n'a changé à cette borne, et les cartes servent comme avant."
        case .smallerLimits:
            "Les cartes de la liste de cette borne servent, certaines pour moins d'énergie que d'habitude ; l'exploitant est prévenu."
        case .plugOrTap: "Branchez votre véhicule ou présentez votre carte."
        case .tapIfYours:
            "Si la réservation est la vôtre, présentez votre carte ; sinon, prenez un autre connecteur."
        case .tap: "Présentez votre carte au lecteur."
        case .plugIn: "Branchez votre véhicule."
        case .startsByItself: "Vous n'avez rien à faire ; la charge commence toute seule."
        case .stopByButton: "Pour arrêter, appuyez sur arrêt."
        case .stopAnyTime: "Pour arrêter, appuyez sur arrêt ou présentez votre carte."
        case .resumesByItself: "La charge reprend toute seule ; pour y mettre fin, appuyez sur arrêt."
        case .releasedSoon: "Veuillez patienter ; la prise sera libre dans un moment."
        case .unplug: "Veuillez débrancher votre véhicule."
        }
    }

    static let refusals: [RefusalText] = [
        RefusalText(
            .unknownToken, "Cette borne ne connaît pas votre carte.",
            "Inscrivez la carte sur la liste, ou laissez la borne demander au nuage pour les cartes inconnues."),
        RefusalText(
            .expiredToken, "Votre carte est expirée.",
            "Renouvelez l'inscription si le contrat vaut encore."),
        RefusalText(
            .notYetValidToken, "Votre carte n'est pas encore valable.",
            "Vérifiez le premier jour de l'inscription sur la liste."),
        RefusalText(
            .blockedToken, "Votre carte est bloquée.",
            "Demandez la raison au fournisseur ; débloquez-la sur la liste si c'est une erreur."),
        RefusalText(
            .tokenInUse, "Votre carte charge déjà un autre véhicule.",
            "Rien : une carte a une session ; arrêtez l'autre si elle a été oubliée."),
        RefusalText(
            .tokenTooSoon, "Votre carte vient d'être utilisée.",
            "Rien : la liste demande une pause entre deux sessions de cette carte."),
        RefusalText(
            .sessionsUsedUp, "Votre carte a épuisé ses sessions pour le moment.",
            "Augmentez le nombre de sessions sur la liste si le contrat le permet."),
        RefusalText(
            .energyUsedUp, "Votre carte a épuisé son énergie pour le moment.",
            "Augmentez l'énergie sur la liste si le contrat le permet, ou installez une liste plus fraîche."),
        RefusalText(
            .notYourSession, "Cette session a été ouverte avec une autre carte.",
            "Rien : seule la même carte ou son groupe arrête une session ; vous pouvez l'arrêter vous-même."),
        RefusalText(
            .lookUpTooLate, "Votre carte n'a pas pu être contrôlée à temps.",
            "Vérifiez le disque qui porte la liste : sa santé et ce qui l'occupe."),
        RefusalText(
            .lookUpDamaged, "Votre carte n'a pas pu être contrôlée, car la liste est abîmée.",
            "Réinstallez la liste et vérifiez le disque qui la porte."),
        RefusalText(
            .readerGarbage, "Votre carte n'a pas pu être lue.",
            "Si c'est fréquent, nettoyez le lecteur, vérifiez son câble ou remplacez-le."),
        RefusalText(
            .readerBusy, "Une autre carte est en cours de contrôle.",
            "Rien : le lecteur sert une carte après l'autre."),
        RefusalText(
            .noList, "Cette borne n'a pas de liste de cartes utilisable.",
            "Installez une liste signée, ou rétablissez la liaison avec le nuage."),
        RefusalText(
            .cloudRefused, "Le fournisseur de votre carte l'a refusée.",
            "Demandez au fournisseur ; la borne ne fait que transmettre sa réponse."),
        RefusalText(
            .cloudTooLate, "Le fournisseur de votre carte n'a pas répondu à temps.",
            "Inscrivez la carte sur la liste pour n'avoir à demander à personne ; vérifiez la liaison avec le nuage."
        ),
        RefusalText(
            .cloudFailed, "Le fournisseur de votre carte n'a pas pu être interrogé.",
            "Inscrivez la carte sur la liste pour n'avoir à demander à personne ; lisez la dernière erreur du nuage."
        ),
        RefusalText(
            .connectorFaulted, "Ce connecteur a un défaut.",
            "Voyez le défaut du connecteur et son remède."),
        RefusalText(
            .connectorUnavailable, "Ce connecteur est hors service.",
            "Remettez-le en service si les travaux sont finis."),
        RefusalText(
            .connectorReserved, "Ce connecteur est retenu pour quelqu'un d'autre.",
            "Annulez la réservation si elle ne sert plus."),
        RefusalText(
            .connectorBusy, "Ce connecteur est occupé.",
            "Attendez la fin de la session, ou arrêtez-la."),
        RefusalText(
            .noVehicle, "Aucun véhicule n'est branché.",
            "Demandez d'abord au conducteur de brancher, ou relancez la session ensuite."),
        RefusalText(
            .recordsFailing, "Cette borne ne peut pas enregistrer de session en ce moment.",
            "Vérifiez le disque : place libre, options de montage, santé."),
        RefusalText(
            .notReadyYet, "Cette borne n'est pas encore prête.",
            "Attendez une demi-minute ; si cela dure, lisez ce que le connecteur attend."),
        RefusalText(
            .nothingToStop, "Il n'y a pas de session à arrêter ici.",
            "Vérifiez le numéro du connecteur."),
        RefusalText(
            .faultStillPresent, "La cause du défaut est toujours là.",
            "Suivez d'abord le remède du défaut, puis effacez-le."),
        RefusalText(
            .noSuchConnector, "Cette borne n'a pas de connecteur de ce numéro.",
            "Lisez les connecteurs de la borne dans son état ; à l'écran, ils comptent à partir de 1."),
        RefusalText(
            .noSuchFault, "Ce connecteur n'a pas ce défaut.",
            "Lisez les défauts présents dans l'état."),
        RefusalText(
            .exposureUsedUp, "Cette borne ne peut plus commencer de session tant qu'elle est hors ligne.",
            "Rétablissez la connexion pour que le cloud connaisse l'énergie ; ou permettez plus de risque sur la liste."
        ),
        RefusalText(
            .readerPaused, "Ce lecteur fait une pause, car trop de cartes inconnues ont été présentées.",
            "Voyez qui se tient au lecteur ; la liste dit après combien de cartes inconnues il s'arrête, et combien de temps."
        ),
        RefusalText(
            .mustAskProvider, "Le fournisseur de votre carte doit être consulté et reste injoignable.",
            "Rien : le fournisseur ne permet pas de réponse par la liste ; rétablissez la connexion au cloud."),
        RefusalText(
            .deniedInSession, "La charge a été arrêtée, car votre carte vient d'être bloquée.",
            "Demandez au bureau qui signe l'objet de blocage pourquoi il nomme cette carte ; la session s'est terminée dans l'ordre."
        ),
    ]
}
