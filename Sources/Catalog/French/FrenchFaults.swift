// The faults in French.

import Post

extension French {
    static let faults: [FaultText] = [
        FaultText(
            .emergencyStop, "Arrêt d'urgence enclenché",
            "L'arrêt d'urgence a été enclenché.",
            "Cherchez la raison, puis tournez le bouton pour le libérer ; s'il est libre, vérifiez son câble."),
        FaultText(
            .doorOpen, "Porte ouverte",
            "Une porte de cette borne est ouverte.",
            "Fermez la porte à clé ; si elle est fermée, vérifiez son contact et son câble."),
        FaultText(
            .tiltOrWater, "Inclinée ou mouillée",
            "Cette borne a peut-être été heurtée, ou de l'eau y est entrée.",
            "Coupez l'alimentation, examinez socle, armoire et capteurs, séchez, puis effacez le défaut sur place."),
        FaultText(
            .protectiveEarthLost, "Terre de protection perdue",
            "La terre de protection de cette borne n'est pas bonne.",
            "Coupez l'alimentation et mesurez la terre avant que quiconque touche l'armoire."),
        FaultText(
            .gridLost, "Réseau électrique perdu",
            "L'alimentation électrique de ce site est coupée.",
            "Vérifiez l'interrupteur général et les fusibles, puis le fournisseur ; la borne revient d'elle-même."),
        FaultText(
            .phaseLost, "Phase du réseau perdue",
            "Une partie de l'alimentation électrique de ce site est coupée.",
            "Mesurez les trois phases à l'entrée, vérifiez fusibles et contrôleur de phases ; la borne revient d'elle-même."
        ),
        FaultText(
            .residualCurrentTripped, "Dispositif différentiel déclenché",
            "Un interrupteur de protection de l'alimentation de cette borne a déclenché.",
            "Cherchez le défaut à la terre dans l'alimentation et les étages, réarmez à la main, puis effacez sur place."
        ),
        FaultText(
            .residualCurrentUntested, "Test du différentiel échoué",
            "Un interrupteur de protection de cette borne n'a pas réussi son propre test.",
            "Essayez le dispositif différentiel par son bouton, remplacez-le s'il ne déclenche pas ; aucune charge ne commence avant."
        ),
        FaultText(
            .linesLost, "Lignes de commande perdues",
            "Cette borne a perdu le contact avec ses propres interrupteurs.",
            "Vérifiez la carte d'entrées et sorties, son câble, son alimentation ; aucun autre programme ne doit la tenir."
        ),
        FaultText(
            .safetyControllerSilent, "Contrôleur de sécurité muet",
            "La partie de cette borne qui surveille la prise ne répond pas.",
            "Vérifiez l'alimentation et la liaison du contrôleur ; il compte à nouveau après 2 s sans coupure."),
        FaultText(
            .stopCircuitsDisagree, "Circuits d'arrêt en désaccord",
            "L'arrêt d'urgence de cette borne ne fonctionne pas comme il devrait.",
            "Cherchez un fil coupé ou un contact ponté dans les deux circuits, essayez le bouton, puis effacez sur place."
        ),
        FaultText(
            .weldedPlus, "Contacteur plus soudé",
            "L'interrupteur de puissance plus de ce connecteur est peut-être bloqué.",
            "Coupez l'alimentation, mesurez l'absence de tension, remplacez le contacteur plus, effacez le défaut sur place."
        ),
        FaultText(
            .weldedMinus, "Contacteur moins soudé",
            "L'interrupteur de puissance moins de ce connecteur est peut-être bloqué.",
            "Coupez l'alimentation, mesurez l'absence de tension, remplacez le contacteur moins, effacez le défaut sur place."
        ),
        FaultText(
            .weldedBoth, "Deux contacteurs soudés",
            "Les deux interrupteurs de puissance de ce connecteur sont peut-être bloqués.",
            "Coupez aussitôt l'alimentation, mesurez l'absence de tension, remplacez les deux contacteurs, puis effacez."
        ),
        FaultText(
            .contactorFailsToClose, "Contacteur ne ferme pas",
            "Les interrupteurs de puissance de ce connecteur ne se sont pas fermés.",
            "Vérifiez la tension de bobine, l'autorisation et les fils de retour ; la terre était bonne."),
        FaultText(
            .contactorDropped, "Contacteur retombé",
            "Un interrupteur de puissance de ce connecteur s'est ouvert de lui-même.",
            "Vérifiez l'alimentation de la bobine, la chaîne de sécurité et les fils ; comptez une ouverture en charge."
        ),
        FaultText(
            .mirrorUnreadable, "Contact miroir illisible",
            "Ce connecteur ne peut pas savoir si ses interrupteurs de puissance sont ouverts.",
            "Vérifiez les contacts miroirs, leurs fils et leur carte d'entrées ; le connecteur revient de lui-même dès qu'ils se lisent."
        ),
        FaultText(
            .contactorReadsOpen, "Contacteur lu ouvert",
            "Le courant passe, mais un interrupteur se dit ouvert.",
            "Vérifiez le contact miroir et son fil ; le courant mesuré dit que le contacteur est fermé."),
        FaultText(
            .currentWhileOpen, "Courant à contacteurs ouverts",
            "Le courant passe alors que les interrupteurs sont ouverts.",
            "Coupez l'alimentation, cherchez un contacteur soudé ou un capteur faux, puis effacez le défaut sur place."
        ),
        FaultText(
            .outputLiveBeforeTest, "Sortie sous tension avant l'essai",
            "Le câble portait encore une tension avant l'essai de sécurité.",
            "Vérifiez la résistance de décharge et l'étage de puissance ; la sortie doit tomber sous 60 V."),
        FaultText(
            .outputLiveAfterStop, "Sortie sous tension après l'arrêt",
            "La prise peut encore porter une tension.",
            "Ne touchez pas la prise ; coupez l'alimentation, vérifiez la décharge, cherchez un contacteur soudé."),
        FaultText(
            .testVoltageNotReached, "Tension d'essai non atteinte",
            "L'essai de sécurité du câble n'a pas atteint sa tension.",
            "Vérifiez l'étage de puissance, les fusibles et le chemin jusqu'à la prise."),
        FaultText(
            .shortCircuitAtTest, "Court-circuit à l'essai",
            "L'essai de sécurité a trouvé un court-circuit dans le câble ou le véhicule.",
            "Examinez câble et prise ; si d'autres véhicules le montrent, mettez le connecteur hors service."),
        FaultText(
            .cableCheckTooSlow, "Essai du câble trop lent",
            "L'essai de sécurité du câble a duré trop longtemps.",
            "Comparez les temps de l'étage et du contrôleur d'isolement au journal ; un véhicule renonce après 40 s."
        ),
        FaultText(
            .preChargeTimeout, "Précharge trop longue",
            "La borne n'a pas pu égaler à temps la tension de votre véhicule.",
            "Vérifiez que l'étage suit sa consigne ; si un seul modèle est touché, gardez l'enregistrement."),
        FaultText(
            .preChargeMismatch, "Tension de précharge fausse",
            "Les tensions de la borne et du véhicule ne concordent pas.",
            "Comparez les capteurs de tension de l'étage, du compteur et du contrôleur d'isolement."),
        FaultText(
            .insulationLow, "Isolement faible",
            "L'isolement du câble ou du véhicule n'est pas assez bon.",
            "Examinez et séchez câble et prise ; si d'autres véhicules le montrent, mettez le connecteur hors service."
        ),
        FaultText(
            .voltageToEarthHigh, "Tension à la terre trop haute",
            "La tension du câble et du véhicule est trop loin de la terre.",
            "Cherchez un isolement vieilli dans étage et câble et une tension étrangère à la sortie ; mesurez les deux pôles à la terre."
        ),
        FaultText(
            .insulationSelfTestFailed, "Contrôleur d'isolement défaillant",
            "Le contrôleur d'isolement a échoué à son propre essai.",
            "Vérifiez ses fils de terre et son alimentation ; remplacez-le s'il échoue encore."),
        FaultText(
            .insulationSilent, "Contrôleur d'isolement muet",
            "Le contrôleur d'isolement ne répond pas.",
            "Vérifiez son alimentation, son câble de bus, son adresse et la terminaison."),
        FaultText(
            .overVoltage, "Tension trop haute",
            "La tension de charge est montée trop haut.",
            "Vérifiez la régulation de l'étage et les capteurs de tension ; voyez si le véhicule a coupé sa charge."
        ),
        FaultText(
            .underVoltage, "Tension effondrée",
            "La tension de charge s'est effondrée.",
            "Vérifiez l'étage, son alimentation et les fusibles."),
        FaultText(
            .overCurrent, "Courant trop fort",
            "Il a passé plus de courant que permis.",
            "Vérifiez la régulation de l'étage et comparez les capteurs de courant."),
        FaultText(
            .reverseCurrent, "Courant inversé",
            "Le courant est allé du véhicule vers la borne.",
            "Vérifiez la diode de blocage et le sens du capteur de courant."),
        FaultText(
            .voltageSensorsDisagree, "Capteurs de tension en désaccord",
            "Deux mesures de tension de cette borne ne concordent pas.",
            "Comparez étage, compteur et contrôleur d'isolement à une référence ; remplacez celui qui se trompe."),
        FaultText(
            .vehicleLeftCharging, "Véhicule parti de la charge",
            "Votre véhicule a cessé la charge sans l'annoncer.",
            "Rien si c'est rare ; si un modèle le fait souvent, gardez l'enregistrement pour son fabricant."),
        FaultText(
            .pilotLost, "Pilote perdu en charge",
            "La liaison avec votre véhicule a été perdue pendant la charge.",
            "Examinez le contact pilote de la prise et le câble ; tirer la prise en est aussi la cause."),
        FaultText(
            .pilotShorted, "Pilote en court-circuit",
            "Le fil de signal de ce connecteur est en court-circuit.",
            "Cherchez eau et dommages dans la prise et le câble ; mesurez le pilote contre la terre."),
        FaultText(
            .pilotUnavailable, "Pilote bloqué à moins 12 V",
            "Le fil de signal de ce connecteur est bloqué.",
            "Vérifiez le générateur du pilote et son alimentation."),
        FaultText(
            .pilotInvalid, "Pilote hors plage",
            "Le signal entre la borne et le véhicule n'est pas clair.",
            "Examinez le contact pilote de la prise ; mesurez les niveaux avec un véhicule d'essai."),
        FaultText(
            .proximityLost, "Prise déplacée en charge",
            "La prise a bougé pendant la charge.",
            "Examinez le loquet et le contact de proximité de la prise."),
        FaultText(
            .proximityInvalid, "Prise non reconnue",
            "La prise est mal enfoncée ou son loquet est cassé.",
            "Examinez le loquet, le contact de proximité et le câble ; remplacez la prise si le loquet est cassé."),
        FaultText(
            .lockFailsToClose, "Verrou ne ferme pas",
            "La prise n'a pas pu être verrouillée.",
            "Vérifiez le moteur du verrou, son contact et la saleté dans le socle."),
        FaultText(
            .lockOpened, "Verrou ouvert sous tension",
            "Le verrou de la prise s'est ouvert pendant la charge.",
            "Examinez le pêne et son contact ; cherchez si quelqu'un a forcé."),
        FaultText(
            .lockFailsToOpen, "Verrou n'ouvre pas",
            "La prise n'a pas pu être déverrouillée.",
            "Utilisez le secours une fois la sortie sans tension ; vérifiez le moteur et graissez le pêne."),
        FaultText(
            .vehicleSilent, "Véhicule muet",
            "Votre véhicule ne répond plus.",
            "Un seul modèle : gardez l'enregistrement pour son fabricant ; plusieurs : vérifiez modem et pilote."),
        FaultText(
            .vehicleNotReady, "Véhicule pas prêt",
            "Votre véhicule n'a pas été prêt à temps.",
            "Rien si c'est rare ; si beaucoup de véhicules le font, vérifiez le modem."),
        FaultText(
            .ventilationMissing, "Pas de ventilation ici",
            "Votre véhicule demande un endroit ventilé, et celui-ci ne l'est pas.",
            "Rien si le local n'est pas ventilé ; en plein air, ou si un ventilateur tourne toujours : `ventilated: true`."
        ),
        FaultText(
            .vehicleIgnoresStop, "Véhicule ignore l'arrêt",
            "Votre véhicule a demandé du courant après l'arrêt.",
            "Gardez l'enregistrement pour son fabricant ; examinez les contacteurs, qui ont ouvert en charge."),
        FaultText(
            .connectorWarm, "Prise chaude",
            "La prise est chaude, la borne donne donc moins de courant.",
            "Si cela arrive par temps frais, nettoyez ou remplacez les contacts de la prise."),
        FaultText(
            .connectorHot, "Prise trop chaude",
            "La prise est trop chaude.",
            "Laissez-la refroidir, examinez l'usure des contacts, remplacez la prise s'ils sont colorés."),
        FaultText(
            .handleWarm, "Poignée chaude",
            "La poignée de la prise est chaude, la borne donne donc moins de courant.",
            "Si cela arrive hors du soleil, vérifiez le refroidissement du câble et les contacts de la prise."),
        FaultText(
            .handleHot, "Poignée trop chaude au toucher",
            "La poignée de la prise est trop chaude au toucher.",
            "Vérifiez le refroidissement du câble et mettez le support à l'ombre ; refroidie, la prise sert à nouveau."
        ),
        FaultText(
            .pinSensorFailed, "Capteur de température de prise en panne",
            "Un capteur de température de la prise est en panne.",
            "Remplacez le capteur ou le câble ; en attendant, le connecteur donne la moitié de son courant."),
        FaultText(
            .temperatureSilent, "Températures muettes",
            "Cette borne ne peut pas mesurer ses températures.",
            "Vérifiez la carte de température, son alimentation et son câble de bus."),
        FaultText(
            .cabinetHot, "Armoire chaude",
            "La borne est chaude à l'intérieur et doit refroidir.",
            "Nettoyez les filtres à air, vérifiez les ventilateurs et ce qui gêne l'air."),
        FaultText(
            .coolingLost, "Refroidissement perdu",
            "Le refroidissement ne tourne pas, la borne donne donc moins de courant.",
            "Vérifiez ventilateurs, pompe et niveau du liquide."),
        FaultText(
            .coolantLow, "Liquide de refroidissement bas",
            "Le refroidissement des câbles de charge a perdu son liquide.",
            "Cherchez la fuite, remplissez et purgez le circuit ; la borne revient d'elle-même dès que la pression est là."
        ),
        FaultText(
            .clockStepped, "Horloge réglée",
            "L'horloge de cette borne a été réglée sur une autre heure.",
            "Comparez l'horloge à sa source de temps ; les enregistrements gardent leur ordre par leurs numéros."),
        FaultText(
            .stageDerated, "Étage de puissance réduit",
            "Une partie de l'unité de puissance manque, la borne donne donc moins de courant.",
            "Lisez le journal de l'étage et remplacez le module en panne."),
        FaultText(
            .stageFault, "Défaut de l'étage de puissance",
            "L'unité de puissance de cette borne signale un défaut.",
            "Lisez le journal de l'étage, supprimez la cause et réarmez l'étage."),
        FaultText(
            .stageSilent, "Étage de puissance muet",
            "L'unité de puissance de cette borne ne répond pas.",
            "Vérifiez l'alimentation de commande de l'étage, son câble de bus, son adresse et la terminaison."),
        FaultText(
            .stageIgnoresOff, "Étage ignore l'arrêt",
            "L'unité de puissance ne s'est pas coupée sur ordre.",
            "Coupez l'alimentation, réparez ou remplacez l'étage, puis effacez le défaut sur place."),
        FaultText(
            .meterSilent, "Compteur muet",
            "Le compteur d'énergie de ce connecteur ne répond pas.",
            "Vérifiez son alimentation, son câble de bus, son adresse, sa vitesse et sa parité."),
        FaultText(
            .meterWentBack, "Compteur revenu en arrière",
            "Le compteur d'énergie de ce connecteur a compté à rebours.",
            "Comparez index et numéro de série, remplacez le compteur s'il est faux, puis effacez le défaut sur place."
        ),
        FaultText(
            .meterFrozen, "Compteur figé",
            "Le compteur d'énergie de ce connecteur ne compte pas.",
            "Vérifiez le chemin du courant, remplacez le compteur, puis effacez le défaut sur place."),
        FaultText(
            .meterSwapped, "Compteur échangé",
            "Le compteur d'énergie de ce connecteur n'est plus le même.",
            "Inscrivez le nouveau compteur dans la configuration, effacez le défaut sur place, cherchez qui l'a changé."
        ),
        FaultText(
            .startNotRecorded, "Début non enregistré",
            "La borne n'a pas pu enregistrer le début de votre session.",
            "Vérifiez le disque : place libre, options de montage, santé."),
        FaultText(
            .samplesNotDurable, "Données de session non enregistrées",
            "La borne n'a pas pu enregistrer l'énergie de votre session.",
            "Vérifiez le disque : place libre, options de montage, santé ; aucune session d'ici là."),
        FaultText(
            .stopNotRecorded, "Fin non enregistrée",
            "La borne n'a pas pu enregistrer la fin de la dernière session.",
            "Vérifiez le disque : place libre, options de montage, santé ; la fin reste en mémoire et sera réessayée."
        ),
        FaultText(
            .latchNotRecorded, "Verrouillage non enregistré",
            "La borne n'a pas pu enregistrer qu'un connecteur est hors service.",
            "Vérifiez le disque : place libre, options, santé ; d'ici là, un redémarrage oublierait le verrouillage."
        ),
        FaultText(
            .limitSourceSilent, "Source de limite muette",
            "Le gestionnaire d'énergie du site est muet, la borne donne donc moins de courant.",
            "Vérifiez le gestionnaire d'énergie et son réseau ; d'ici là, la limite de secours vaut."),
        FaultText(
            .crashLoop, "Redémarrages trop fréquents",
            "La borne a redémarré trop souvent et attend le service.",
            "Lisez le journal des derniers démarrages, réparez la cause, puis effacez le défaut sur place."),
        FaultText(
            .memoryHigh, "Mémoire presque pleine",
            "La mémoire de l'ordinateur de cette borne devient rare.",
            "Envoyez l'enregistrement et le journal à l'auteur du logiciel ; la borne redémarre d'elle-même avant d'en manquer."
        ),
        FaultText(
            .memoryExhausted, "Redémarrage faute de mémoire",
            "Cette borne redémarre dès que personne n'y charge plus.",
            "Attendez : la borne redémarre seule dès que tous les connecteurs sont libres ; si cela revient, envoyez l'enregistrement."
        ),
        FaultText(
            .internalDefect, "Défaut interne",
            "La borne a trouvé une erreur dans son programme et s'est arrêtée par sécurité.",
            "Gardez l'enregistrement et envoyez-le avec le journal à l'auteur du logiciel."),
        FaultText(
            .stageTripped, "Étage de puissance coupé",
            "L'alimentation de ce connecteur a été coupée à cause d'un défaut voisin.",
            "Réparez le défaut du connecteur voisin, effacez-le sur place, puis rétablissez l'alimentation."),
        FaultText(
            .meterJumped, "Compteur trop rapide",
            "Le compteur a compté plus qu'il n'a pu passer ; vous ne payez que ce qui était compté avant.",
            "Comparez avec l'étage de puissance, vérifiez compteur et câblage, puis effacez le défaut sur place."),
        FaultText(
            .stopTooSlow, "Arrêt trop lent",
            "Le courant n'a pas baissé à temps, la borne l'a donc coupé.",
            "Vérifiez que l'étage suit sa consigne et la mesure du courant ; comptez une ouverture sous charge."),
        FaultText(
            .cardReaderLost, "Lecteur de cartes muet",
            "Le lecteur de cartes de ce connecteur ne répond pas.",
            "Vérifiez le câble et l'alimentation du lecteur, ou remplacez-le ; d'ici là, ouvrez les sessions à la main ou par le cloud."
        ),
        FaultText(
            .insulationFrozen, "Contrôleur d'isolement figé",
            "Le contrôleur d'isolement de ce connecteur répète une ancienne mesure.",
            "Redémarrez le contrôleur d'isolement, vérifiez sa liaison, ou remplacez-le."),
        FaultText(
            .pilotPulsed, "Impulsion du véhicule",
            "Le véhicule a demandé de l'énergie pendant moins d'une demi-seconde.",
            "Rien si c'est rare : certains véhicules se réveillent ainsi. Si c'est fréquent, vérifiez le fil pilote et son contact."
        ),
        FaultText(
            .tooCold, "Trop froid",
            "Il fait trop froid ici pour charger en sécurité.",
            "Vérifiez le chauffage de l'armoire ; le connecteur sert de nouveau de lui-même quand il fait moins froid."
        ),
        FaultText(
            .heatWithoutCooling, "Contacts chauds sans refroidissement",
            "Les contacts de ce connecteur chauffent car son refroidissement est en panne.",
            "Cherchez une fuite ou une obstruction : pompe, ventilateur, liquide ; le connecteur sert de nouveau une fois refroidi."
        ),
        FaultText(
            .meterDrifts, "Compteur et alimentation diffèrent",
            "Le compteur et l'alimentation de ce connecteur diffèrent de plus de 2 pour cent.",
            "Comparez les deux à une référence ; faites vérifier le compteur si c'est lui qui se trompe."),
        FaultText(
            .meterDisagrees, "Compteur contredit l'alimentation",
            "Le compteur de ce connecteur compte autre chose que ce qui est fourni.",
            "Comparez compteur et alimentation à une référence, remplacez le fautif, puis effacez le défaut sur place."
        ),
    ]
}
