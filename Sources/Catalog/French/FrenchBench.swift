// What is said to an engineer whose wish is refused on the bench, in French.

import Post

extension French {
    static func bench(_ refusal: BenchRefusal) -> BenchText {
        switch refusal {
        case .noSuchConnector:
            BenchText(
                "La borne à l'essai n'a pas ce connecteur.",
                "Comptez les connecteurs à partir de 1, dans l'ordre de la configuration.")
        case .anotherIsClosed:
            BenchText(
                "Un contacteur est déjà fermé à la main.",
                "Attendez qu'il soit ouvert : un seul à la fois peut être fermé.")
        case .interlocksUnknown:
            BenchText(
                "Les verrouillages ne peuvent pas être lus.",
                "Veillez à ce que chaque ligne du profil soit tenue et que le contrôleur de sécurité réponde.")
        case .emergencyStopPressed:
            BenchText(
                "À l'essai, l'arrêt d'urgence est enfoncé.",
                "Relâchez-le quand personne n'est en danger, puis recommencez l'étape.")
        case .tiltOrWater:
            BenchText(
                "Le capteur d'inclinaison ou d'eau de la borne s'est déclenché.",
                "Redressez la borne, séchez-la et vérifiez le circuit du capteur.")
        case .protectiveEarthLost:
            BenchText(
                "La terre de protection de la borne n'est pas bonne.",
                "Raccordez la terre, et vérifiez le contrôleur et son fil.")
        case .linesUnknown:
            BenchText(
                "Les lignes d'un connecteur ne peuvent pas être lues.",
                "Lisez dans le rapport quelle ligne manque, et corrigez son fil ou son nom.")
        case .vehicleConnected:
            BenchText(
                "Une fiche semble branchée à un véhicule, ou le pilote le dit.",
                "Débranchez toutes les fiches ; un véhicule peut mettre sa batterie sur les contacts.")
        case .contactorNotOpen:
            BenchText(
                "Un contacteur que personne ne commande n'est pas lu ouvert.",
                "Mesurez s'il est soudé ; vérifiez le contact miroir et son fil.")
        case .stageNotCutOff:
            BenchText(
                "L'unité de puissance n'est pas coupée de son alimentation.",
                "Faites d'abord commander le déclencheur ; le disjoncteur reste ouvert jusqu'à la fin.")
        case .stageVoltageUnknown:
            BenchText(
                "La tension du côté de l'unité de puissance ne peut pas être lue.",
                "Donnez à l'unité un appareil sur un bus dans le profil, et veillez à ce qu'il réponde.")
        case .stageLive:
            BenchText(
                "Le côté de l'unité de puissance est sous tension : 60 volts ou plus.",
                "Attendez la décharge ; si elle ne vient pas, l'alimentation n'est pas coupée.")
        case .contactVoltageUnknown:
            BenchText(
                "La tension aux contacts du connecteur ne peut pas être lue.",
                "Donnez au connecteur un compteur dans le profil, et veillez à ce qu'il réponde.")
        case .contactsLive:
            BenchText(
                "Les contacts du connecteur sont sous tension : 60 volts ou plus.",
                "Cherchez ce qui les alimente et déchargez-les avant toute manœuvre.")
        case .currentFlows:
            BenchText(
                "Du courant circule là où il ne doit pas.",
                "Cherchez sa source ; vérifiez le zéro du compteur et de l'unité de puissance.")
        case .timeIsUp:
            BenchText(
                "Les deux secondes de ce contacteur sont écoulées.",
                "Rien : il s'est ouvert ; demandez encore s'il doit se fermer une fois de plus.")
        }
    }
}
