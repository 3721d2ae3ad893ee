// Why a list, trust bundle, deny object or delta was not taken, and what the operator does, in French.

extension French {
    static func delivery(_ refusal: DeliveryRefusal) -> BenchText {
        switch refusal {
        case .notAList:
            BenchText(
                "Le fichier ne commence pas comme une liste de cartes.",
                "Vérifiez que le bon fichier a été envoyé, en binaire.")
        case .notABundle:
            BenchText(
                "Le fichier ne commence pas comme un trousseau de clés.",
                "Vérifiez que le bon fichier a été envoyé, en binaire.")
        case .notADenyObject:
            BenchText(
                "Le fichier ne commence pas comme un objet de blocage.",
                "Vérifiez que le bon fichier a été envoyé, en binaire.")
        case .notADelta:
            BenchText(
                "Le fichier n'est pas un complément que cette version sache lire.",
                "Refaites-le, ou envoyez la liste entière.")
        case .unknownFormat:
            BenchText(
                "Cette version ne connaît pas le format.",
                "Mettez la borne à jour, ou émettez au format 1.")
        case .formatTooOld:
            BenchText(
                "Le trousseau de clés n'accepte plus les listes de ce format.",
                "Émettez la liste dans un format plus récent.")
        case .badHeader:
            BenchText(
                "L'en-tête contient une valeur qu'aucun émetteur n'écrit.",
                "Récupérez le fichier de nouveau.")
        case .unsigned:
            BenchText(
                "Personne ne l'a encore signé.",
                "Signez-le, ou joignez la signature qui vous a été renvoyée.")
        case .unknownIssuer:
            BenchText(
                "Aucune clé à laquelle cette borne se fie ne l'a signé.",
                "Installez le bon trousseau de clés ou la bonne liste.")
        case .badSignature:
            BenchText(
                "Une signature ne correspond pas à l'en-tête.",
                "Le fichier a été modifié ; récupérez-le de nouveau.")
        case .wrongRole:
            BenchText(
                "La clé qui l'a signé n'en a pas le droit.",
                "Utilisez la clé du bon rôle.")
        case .tooFewSignatures:
            BenchText(
                "Trop peu de clés racines ont signé le trousseau.",
                "Recueillez les signatures manquantes et réunissez-les.")
        case .badKey:
            BenchText(
                "La clé ne compte pas 32 octets Ed25519.",
                "Créez des clés avec holdfast allowlist keygen.")
        case .weakKey:
            BenchText(
                "La clé publique est connue pour être faible et ne prouve rien.",
                "Créez une nouvelle clé.")
        case .keyOutOfDate:
            BenchText(
                "Il a été émis hors de la période de validité de sa clé.",
                "Signez avec la clé actuelle.")
        case .issuedInFuture:
            BenchText(
                "Il est daté de plus d'un jour après l'heure dont cette borne est sûre.",
                "Réglez l'horloge du bureau qui l'a signé et émettez-le de nouveau ; s'il n'en vient pas, sa clé est volée."
            )
        case .beyondKeyScope:
            BenchText(
                "Sa clé ne vaut que pour un autre site.",
                "Signez avec la clé de ce périmètre.")
        case .aboveCeiling:
            BenchText(
                "Un profil accorde plus que le trousseau ne permet à cette clé.",
                "Abaissez-le, ou relevez le plafond.")
        case .truncated:
            BenchText(
                "Le fichier est plus court que sa longueur signée.",
                "Le téléchargement a été coupé ; récupérez-le de nouveau.")
        case .trailingBytes:
            BenchText(
                "Le fichier est plus long que sa longueur signée.",
                "Récupérez-le de nouveau.")
        case .wrongOperator:
            BenchText(
                "Un autre exploitant l'a émis.",
                "Récupérez le vôtre.")
        case .wrongScope:
            BenchText(
                "La liste vaut pour un autre site ou une autre borne.",
                "Récupérez celle de cette borne.")
        case .wrongList:
            BenchText(
                "La liste appartient à une autre suite de versions que celle de cette borne.",
                "Récupérez la liste de sa suite, ou installez d'abord le trousseau qui abandonne celle-ci.")
        case .bundleTooOld:
            BenchText(
                "La liste exige un trousseau plus récent que celui de la borne.",
                "Installez d'abord les trousseaux intermédiaires.")
        case .bundleGap:
            BenchText(
                "Il manque un trousseau entre les deux.",
                "Installez les trousseaux un par un, dans l'ordre.")
        case .badBundle:
            BenchText(
                "Le trousseau se contredit (clés en double, seuil au-dessus du nombre de racines).",
                "Refaites-le.")
        case .belowMinimum:
            BenchText(
                "Le trousseau a retiré les listes de cette version.",
                "Récupérez la plus récente.")
        case .versionJump:
            BenchText(
                "La version dépasse de trop celle qui est installée.",
                "Interrogez le bureau émetteur avant toute autre chose.")
        case .rollback:
            BenchText(
                "Il est plus ancien que ce qui est installé.",
                "Rien de plus ancien n'est jamais repris ; envoyez le plus récent.")
        case .equivocation:
            BenchText(
                "Deux objets différents portent la même version.",
                "Interrogez aussitôt le bureau émetteur.")
        case .bodyCorrupt:
            BenchText(
                "Le corps ne correspond pas à son empreinte signée.",
                "Récupérez le fichier de nouveau.")
        case .policyCorrupt:
            BenchText(
                "Les règles ne correspondent pas à leur empreinte signée.",
                "Récupérez la liste de nouveau.")
        case .badPolicy:
            BenchText(
                "Les règles contiennent une limite absurde (plus vieux accorde plus, ou un profil en double).",
                "Émettez la liste de nouveau.")
        case .directoryCorrupt:
            BenchText(
                "Le répertoire ne correspond pas à son empreinte signée.",
                "Récupérez la liste de nouveau.")
        case .pageCorrupt:
            BenchText(
                "Une page ne correspond pas à son empreinte signée.",
                "Le disque est peut-être défaillant ; récupérez la liste de nouveau.")
        case .unsorted:
            BenchText(
                "Les entrées ne sont pas en ordre croissant, ou l'une est en double.",
                "Émettez la liste de nouveau.")
        case .badRecord:
            BenchText(
                "Une entrée nomme un profil absent des règles, ou finit avant de commencer.",
                "Émettez la liste de nouveau.")
        case .miscounted:
            BenchText(
                "La liste annonce d'autres nombres de conducteurs ajoutés ou retirés qu'en réalité.",
                "Émettez-la de nouveau.")
        case .suspiciousShrinkage:
            BenchText(
                "La liste retirerait un nombre inhabituel de conducteurs.",
                "Faites-la signer par une seconde clé de liste, ou confirmez-la par son empreinte.")
        case .suspiciousGrowth:
            BenchText(
                "La liste ajouterait un nombre inhabituel de conducteurs.",
                "Faites-la signer par une seconde clé de liste, ou confirmez-la par son empreinte.")
        case .wrongBase:
            BenchText(
                "Le complément part d'une autre liste.",
                "Récupérez le bon complément ou la liste entière.")
        case .deltaMismatch:
            BenchText(
                "Le complément ne mène pas à la liste qui a été signée.",
                "Récupérez la liste entière.")
        case .unreadable:
            BenchText(
                "Le fichier est illisible.",
                "Vérifiez qu'il est là et que vous avez le droit de le lire.")
        case .diskFailed:
            BenchText(
                "Le disque de la borne l'a refusé.",
                "Faites de la place ou examinez le disque, puis renvoyez-le.")
        case .markNotWritten:
            BenchText(
                "Il est à sa place, mais les registres n'ont pas pu le noter : il servira dès le prochain démarrage.",
                "Faites de la place ou examinez le disque, puis renvoyez-le.")
        case .markDamaged:
            BenchText(
                "Les registres ne disent plus quelle liste était la plus récente ; aucune n'est acceptée.",
                "Examinez les registres, ou faites-en commencer de nouveaux par le service.")
        case .bundleDamaged:
            BenchText(
                "Le trousseau enregistré est endommagé ; la liste compte comme expirée et aucune n'est acceptée.",
                "Renvoyez ce trousseau, ou tous depuis le premier.")
        case .bundleMissing:
            BenchText(
                "Le trousseau enregistré a disparu ; la liste compte comme expirée et aucune n'est acceptée.",
                "Renvoyez ce trousseau, ou tous depuis le premier.")
        case .bundleNotTheNewest:
            BenchText(
                "Le trousseau enregistré n'est pas le dernier adopté ; la liste compte comme expirée.",
                "Renvoyez ce trousseau, ou tous depuis le premier.")
        case .denyDamaged:
            BenchText(
                "L'objet de blocage enregistré est endommagé ; la liste compte au mieux comme ancienne.",
                "Renvoyez cet objet de blocage, ou un plus récent.")
        case .denyMissing:
            BenchText(
                "L'objet de blocage enregistré a disparu ; la liste compte au mieux comme ancienne.",
                "Renvoyez cet objet de blocage, ou un plus récent.")
        case .denyNotTheNewest:
            BenchText(
                "L'objet de blocage enregistré n'est pas le dernier adopté ; la liste compte au mieux comme ancienne.",
                "Renvoyez cet objet de blocage, ou un plus récent.")
        case .listDamaged:
            BenchText(
                "La liste enregistrée est endommagée ; aucune carte n'est connue.",
                "Renvoyez cette liste, ou une plus récente.")
        case .listMissing:
            BenchText(
                "La liste enregistrée a disparu ; aucune carte n'est connue.",
                "Renvoyez cette liste, ou une plus récente.")
        case .busy:
            BenchText(
                "Une autre liste est en cours d'installation.",
                "Attendez qu'elle soit finie, puis renvoyez.")
        case .noOperator:
            BenchText(
                "Cette borne n'accepte aucune liste : on ne lui a pas dit de qui.",
                "Indiquez dans la configuration, à la liste de cartes, l'exploitant ou le fichier du trousseau.")
        case .tooLarge:
            BenchText(
                "Le complément dépasse ce que cette borne accepte.",
                "Envoyez la liste entière.")
        }
    }
}
