// Why a list, trust bundle, deny object or delta was not taken, and what the operator does, in English.

extension English {
    static func delivery(_ refusal: DeliveryRefusal) -> BenchText {
        switch refusal {
        case .notAList:
            BenchText(
                "The file does not begin like an allow-list.",
                "Check that the right file was sent, in binary.")
        case .notABundle:
            BenchText(
                "The file does not begin like a trust bundle.",
                "Check that the right file was sent, in binary.")
        case .notADenyObject:
            BenchText(
                "The file does not begin like a deny object.",
                "Check that the right file was sent, in binary.")
        case .notADelta:
            BenchText(
                "The file is no delta that this build can read.",
                "Make it again, or send the full list.")
        case .unknownFormat:
            BenchText(
                "The format is one that this build does not know.",
                "Update the post, or issue format 1.")
        case .formatTooOld:
            BenchText(
                "The trust bundle no longer accepts lists of this format.",
                "Issue the list in a newer one.")
        case .badHeader:
            BenchText(
                "The header holds a value that no issuer writes.",
                "Fetch the file again.")
        case .unsigned:
            BenchText(
                "Nobody has signed it yet.",
                "Sign it, or attach the signature that the signer returned.")
        case .unknownIssuer:
            BenchText(
                "It is signed by no key that this post trusts.",
                "Install the right trust bundle or list.")
        case .badSignature:
            BenchText(
                "A signature does not fit the header.",
                "The file was altered; fetch it again.")
        case .wrongRole:
            BenchText(
                "It is signed by a key that may not sign this.",
                "Use the key of the right role.")
        case .tooFewSignatures:
            BenchText(
                "Too few root keys have signed the bundle.",
                "Collect the missing signatures and combine them.")
        case .badKey:
            BenchText(
                "The key is not 32 bytes of Ed25519.",
                "Make keys with holdfast allowlist keygen.")
        case .weakKey:
            BenchText(
                "The public key is one of the known weak ones and proves nothing.",
                "Make a new key.")
        case .keyOutOfDate:
            BenchText(
                "It was issued outside the time for which its key is valid.",
                "Sign with the present key.")
        case .issuedInFuture:
            BenchText(
                "It is dated more than a day ahead of the time that this post is sure of.",
                "Set the clock of the office that signed it, and issue it again; if the office did not, its key is stolen."
            )
        case .beyondKeyScope:
            BenchText(
                "Its key may only sign for another site.",
                "Sign with the key of this scope.")
        case .aboveCeiling:
            BenchText(
                "A profile grants more than the trust bundle lets this key grant.",
                "Lower it, or raise the ceiling.")
        case .truncated:
            BenchText(
                "The file is shorter than its signed length.",
                "The download was cut; fetch it again.")
        case .trailingBytes:
            BenchText(
                "The file is longer than its signed length.",
                "Fetch it again.")
        case .wrongOperator:
            BenchText(
                "It was issued by another operator.",
                "Fetch your own.")
        case .wrongScope:
            BenchText(
                "The list was issued for another site or post.",
                "Fetch the one for this post.")
        case .wrongList:
            BenchText(
                "The list belongs to another stream of versions than the one this post follows.",
                "Fetch the list of its own stream, or first install the bundle that gives that stream up.")
        case .bundleTooOld:
            BenchText(
                "The list needs a newer trust bundle than the post has.",
                "Install the bundles in between first.")
        case .bundleGap:
            BenchText(
                "A bundle is missing in between.",
                "Install the trust bundles one by one, in order.")
        case .badBundle:
            BenchText(
                "The trust bundle contradicts itself (keys twice, threshold above its roots).",
                "Make it again.")
        case .belowMinimum:
            BenchText(
                "The trust bundle has withdrawn lists of this version.",
                "Fetch the newest.")
        case .versionJump:
            BenchText(
                "The version is too far above the installed one.",
                "Ask the issuing office before anything else.")
        case .rollback:
            BenchText(
                "It is older than what is installed.",
                "Nothing older is ever taken back.")
        case .equivocation:
            BenchText(
                "Two different ones carry the same version.",
                "Ask the issuing office at once.")
        case .bodyCorrupt:
            BenchText(
                "The body does not hash to its signed value.",
                "Fetch the file again.")
        case .policyCorrupt:
            BenchText(
                "The policy does not hash to its signed value.",
                "Fetch the list again.")
        case .badPolicy:
            BenchText(
                "The policy holds a limit that makes no sense (staler grants more, or a profile twice).",
                "Issue it again.")
        case .directoryCorrupt:
            BenchText(
                "The directory does not hash to its signed value.",
                "Fetch the list again.")
        case .pageCorrupt:
            BenchText(
                "A page does not hash to its signed value.",
                "The disk may be failing; fetch the list again.")
        case .unsorted:
            BenchText(
                "The entries are not in ascending order, or one appears twice.",
                "Issue the list again.")
        case .badRecord:
            BenchText(
                "An entry names a profile that the policy lacks, or ends before it begins.",
                "Issue the list again.")
        case .miscounted:
            BenchText(
                "The list says it adds or removes other numbers of drivers than it does.",
                "Issue it again.")
        case .suspiciousShrinkage:
            BenchText(
                "The list would remove unusually many drivers.",
                "Have a second list key sign it, or confirm it by its fingerprint.")
        case .suspiciousGrowth:
            BenchText(
                "The list would add unusually many drivers.",
                "Have a second list key sign it, or confirm it by its fingerprint.")
        case .wrongBase:
            BenchText(
                "The delta starts from another list than the one given.",
                "Fetch the right delta or the full list.")
        case .deltaMismatch:
            BenchText(
                "The delta does not lead to the list that was signed.",
                "Fetch the full list.")
        case .unreadable:
            BenchText(
                "The file cannot be read.",
                "Check that it is there and that you may read it.")
        case .diskFailed:
            BenchText(
                "The post's disk has refused it.",
                "Make room, or look at the disk; then send it again.")
        case .markNotWritten:
            BenchText(
                "It lies in its place, but the records could not note it: it is in use from the next start on.",
                "Make room, or look at the disk; then send it again.")
        case .markDamaged:
            BenchText(
                "The records cannot tell which list was the newest, so none is taken.",
                "Look at the records, or have service begin new ones.")
        case .bundleDamaged:
            BenchText(
                "The stored trust bundle is damaged, so that the list in use counts as expired and none is taken.",
                "Send that bundle again, or every bundle from the first on.")
        case .bundleMissing:
            BenchText(
                "The stored trust bundle is gone, so that the list in use counts as expired and none is taken.",
                "Send that bundle again, or every bundle from the first on.")
        case .bundleNotTheNewest:
            BenchText(
                "The stored trust bundle is not the one that was adopted last, so that the list in use counts as expired.",
                "Send that bundle again, or every bundle from the first on.")
        case .denyDamaged:
            BenchText(
                "The stored deny object is damaged, so that the list counts as stale at most.",
                "Send that deny object again, or a newer one.")
        case .denyMissing:
            BenchText(
                "The stored deny object is gone, so that the list counts as stale at most.",
                "Send that deny object again, or a newer one.")
        case .denyNotTheNewest:
            BenchText(
                "The stored deny object is not the one that was adopted last, so that the list counts as stale at most.",
                "Send that deny object again, or a newer one.")
        case .listDamaged:
            BenchText(
                "The stored list is damaged, so that no card is known.",
                "Send that list again, or a newer one.")
        case .listMissing:
            BenchText(
                "The stored list is gone, so that no card is known.",
                "Send that list again, or a newer one.")
        case .busy:
            BenchText(
                "Another list is being installed.",
                "Wait until that is done, then send it again.")
        case .noOperator:
            BenchText(
                "This post accepts no list, since it was not told whose.",
                "Set operator or bundle file in the configuration, under the heading of the allow-list.")
        case .tooLarge:
            BenchText(
                "The delta is longer than any that this post takes.",
                "Send the full list.")
        }
    }
}
