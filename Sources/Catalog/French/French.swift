// Everything but the faults, in French.

import Post

/// The words of French.
enum French: Words {
    static let decimalSign = ","

    static func label(_ label: Label) -> String {
        switch label {
        case .driver: "conducteur"
        case .operator: "exploitant"
        case .cleared: "levée"
        case .connector: "connecteur"
        case .noFault: "Aucun défaut n'est présent."
        }
    }

    static let nothingCharged = "La charge s'est terminée avant que de l'énergie ne passe."

    static func charging(kilowatts: String) -> String { "Votre véhicule se charge à \(kilowatts) kW." }

    static func internet(isUp: Bool) -> String {
        isUp
            ? "Cette borne est reliée à Internet."
            : "Internet est coupé. La charge fonctionne comme toujours ; votre reçu suivra."
    }

    static func waiting(_ clause: String, left: SpokenTime) -> String {
        switch left {
        case .seconds(1): "\(clause) : encore 1 seconde."
        case .seconds(let count): "\(clause) : encore \(count) secondes."
        case .minutes(let count): "\(clause) : encore \(count) minutes environ."
        case .hours(let count): "\(clause) : encore \(count) heures environ."
        }
    }

    static func pauseEnds(left: SpokenTime) -> String {
        switch left {
        case .seconds(1): "Si cela dure plus de 1 seconde, la session se termine."
        case .seconds(let count): "Si cela dure plus de \(count) secondes, la session se termine."
        case .minutes(let count): "Si cela dure plus de \(count) minutes environ, la session se termine."
        case .hours(let count): "Si cela dure plus de \(count) heures environ, la session se termine."
        }
    }

    static func overdue(_ clause: String) -> String { "\(clause) : cela dure plus que prévu." }

    static func waiting(_ waiting: Waiting) -> String {
        switch waiting {
        case .nothing: "Rien n'est attendu"
        case .records: "En attente des enregistrements de la borne"
        case .card: "En attente d'une carte"
        case .plug: "En attente de la prise"
        case .lookUp: "En attente du contrôle de votre carte"
        case .cloud: "En attente du fournisseur de votre carte"
        case .stage: "En attente de l'unité de puissance, qu'un autre connecteur utilise"
        case .lock: "En attente du verrouillage de la prise"
        case .vehicle: "En attente de la réponse du véhicule"
        case .outputDead: "En attente d'un câble sans tension"
        case .contactorsClose: "En attente de la fermeture des interrupteurs"
        case .testVoltage: "En attente de la tension d'essai"
        case .insulation: "En attente de l'essai d'isolement"
        case .startRecord: "En attente de l'enregistrement du début"
        case .preCharge: "En attente de l'égalité avec la tension du véhicule"
        case .rampDown: "En attente de la baisse du courant"
        case .contactorsOpen: "En attente de l'ouverture des interrupteurs"
        case .discharge: "En attente de la baisse de la tension"
        case .release: "En attente de la libération de la prise"
        case .unplug: "En attente du débranchement du véhicule"
        case .powerShare: "En attente d'une part de la puissance du site"
        case .vehicleDemand: "En attente d'une demande d'énergie du véhicule"
        case .faultToClear: "En attente du service sur place"
        case .faultCause: "En attente de la fin de la cause du défaut"
        case .meterAfterRestart: "En attente du compteur après un redémarrage"
        }
    }

    static func waitingForStage(of connector: Int) -> String {
        "En attente de l'unité de puissance, que le connecteur \(connector) utilise"
    }

    static func state(_ phase: ConnectorPhase) -> String {
        switch phase {
        case .unavailable: "Ce connecteur n'est pas disponible."
        case .available: "Ce connecteur est libre."
        case .reserved: "Ce connecteur est réservé."
        case .occupied: "Votre véhicule est branché."
        case .authorized: "Votre carte est acceptée."
        case .preparing: "La charge se prépare."
        case .charging: "Votre véhicule se charge."
        case .suspendedByVehicle: "Votre véhicule a suspendu la charge."
        case .suspendedByPost: "La borne a suspendu la charge."
        case .stopping: "La charge s'arrête."
        case .finishing: "La charge est terminée."
        case .faulted: "Ce connecteur est en panne."
        }
    }

    static func reason(_ calm: Calm) -> String {
        switch calm {
        case .outOfService: "L'exploitant l'a mis hors service."
        case .nobodyThere: "Personne ne l'utilise."
        case .energyFlows: "L'énergie passe comme votre véhicule la demande."
        }
    }

    static func limiting(_ party: LimitingParty) -> String {
        switch party {
        case .none: "Rien ne limite la puissance."
        case .vehicle: "Votre véhicule ne demande pas plus de puissance."
        case .cable: "Le câble ne supporte pas plus de courant."
        case .stage: "La borne ne peut pas donner plus de puissance."
        case .site: "La puissance du site est limitée et partagée entre ses véhicules."
        case .externalLimit: "L'exploitant ou le réseau limite la puissance en ce moment."
        case .failSafe: "Le gestionnaire d'énergie est muet, une limite prudente vaut donc."
        case .temperature: "La puissance est réduite à cause de la chaleur."
        case .allowance: "Votre carte ne permet pas plus de puissance."
        }
    }

    static func ended(_ reason: StopReason) -> String {
        switch reason {
        case .local: "La charge a été arrêtée à la borne."
        case .deAuthorized: "La carte n'est plus acceptée."
        case .emergencyStop: "L'arrêt d'urgence a mis fin à la charge."
        case .energyLimitReached: "La limite d'énergie de la carte a été atteinte."
        case .evDisconnected: "Le véhicule a été débranché."
        case .groundFault: "Un défaut d'isolement a mis fin à la charge."
        case .other: "Un défaut a mis fin à la charge."
        case .powerLoss: "L'alimentation électrique a été coupée."
        case .reboot: "La borne a redémarré."
        case .remote: "L'exploitant a arrêté la charge."
        case .stoppedByEV: "Le véhicule a mis fin à la charge."
        case .timeLimitReached: "La limite de temps a été atteinte."
        case .timeout: "Une étape a duré plus que permis."
        case .overcurrentFault: "Il a passé trop de courant."
        case .powerQuality: "La tension est sortie de sa plage."
        }
    }

    static func rule(_ rule: Rule) -> String {
        switch rule {
        case .powerNeedsEverything: "La puissance exige tout ce que son degré exige, par des mesures récentes."
        case .emergencyAtOnce: "Une urgence retire aussitôt la puissance ; tout autre arrêt a un délai."
        case .measuredAgrees: "Ce qui est mesuré concorde avec ce qui a été commandé."
        case .releasedOnlyWhenDead: "Une prise n'est libérée que si ses contacts sont sous 60 V."
        case .recordedBeforeEnergy: "Aucune énergie ne passe avant que le début soit sur le disque."
        case .energyNeverDecreases: "L'énergie d'une session ne baisse jamais et vient d'un seul compteur."
        case .decidedLocally: "Une carte est jugée dès qu'elle a été cherchée ici."
        case .oneSessionEach: "Une carte a une session, un connecteur a une session."
        case .grantsWithinLimits: "Ce qui est accordé reste dans toutes les limites."
        case .safeAfterStart: "Après chaque démarrage, les sorties sont d'abord mises en sécurité."
        case .bounded: "Les files, la mémoire et le travail par événement sont bornés."
        }
    }

    static func mayClear(_ release: FaultRelease) -> String {
        switch release {
        case .withCause: "Personne n'a à l'effacer : il disparaît avec sa cause."
        case .whenUnplugged:
            "Personne n'a à l'effacer : il disparaît quand sa cause a disparu et que le véhicule est débranché."
        case .byService: "Seul le service sur place peut l'effacer, avec une raison, quand sa cause a disparu."
        }
    }

    static func gravity(_ gravity: FaultClass) -> String {
        switch gravity {
        case .emergency: "Urgence : la puissance est retirée aussitôt."
        case .error: "Erreur : la session est arrêtée en 2,5 secondes."
        case .graceful: "Arrêt : la session se termine en bon ordre."
        case .derate: "Réduction : la charge continue avec moins de puissance."
        case .block: "Blocage : aucune nouvelle session ne commence."
        case .warning: "Avertissement : rien d'autre ne change."
        }
    }
}
