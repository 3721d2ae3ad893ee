// The tables of faults and refusals as Markdown: the documentation is made of the same words as the screens.

import Post

extension Sentences {
    /// The page of faults in this language.
    public func faultDocument() -> String {
        var text = """
            # Faults

            Every fault that a post can raise. This page is made from the tables that the post itself uses; a test
            fails when it is out of date. To write it anew: `HOLDFAST_WRITE_DOCUMENTATION=1 swift test --filter CatalogTests`.

            What the post does about a fault is the gravest class that applies:


            """
        for gravity in FaultClass.allCases { text += "- \(self.gravity(gravity))\n" }
        text += "\nWhen a fault goes away:\n\n"
        for release in FaultRelease.allCases {
            text += "- \(snakeCase("\(release)")): \(words.mayClear(release))\n"
        }
        text +=
            "\nMREC is the number of the public ChargeX list of minimum required error codes, where one fits.\n\n"
        return text + faultTable()
    }

    /// The table of faults in Markdown.
    public func faultTable() -> String {
        var text = "| Code | What happened | The driver | The operator | In use | Idle | Goes away | MREC |\n"
        text += "|---|---|---|---|---|---|---|---|\n"
        for fault in Fault.allCases {
            let sentences = self.fault(fault)
            let row = fault.row
            let mrec = row.minimumRequiredErrorCode == 0 ? "" : "\(row.minimumRequiredErrorCode)"
            text +=
                "| `\(fault.code)`<br>\(sentences.title) | \(sentences.whatHappened) | \(sentences.driverAction) | "
            text += "\(sentences.operatorAction) | \(row.whileEnergised) | \(row.whileIdle) | "
            text += "\(snakeCase("\(row.release)")) | \(mrec) |\n"
        }
        return text
    }

    /// The page of refusals in this language.
    public func refusalDocument() -> String {
        """
        # Refusals

        Every reason for which a post says no to a person. This page is made from the tables that the post itself uses;
        a test fails when it is out of date. To write it anew:
        `HOLDFAST_WRITE_DOCUMENTATION=1 swift test --filter CatalogTests`.


        """ + refusalTable() + deliveryTable() + benchTable()
    }

    /// The table of what is not taken for the list, in Markdown.
    private func deliveryTable() -> String {
        var text =
            "\n## What comes in for the list\n\nWhy a list, trust bundle, deny object or delta is not taken, or is lost. "
        text += "Whatever is refused changes nothing: the list in use stays.\n\n"
        text += "| Code | What happened | Drivers | The operator |\n|---|---|---|---|\n"
        for refusal in DeliveryRefusal.allCases {
            let sentences = delivery(refusal)
            text += "| `\(refusal.code)` | \(sentences.whatHappened) | \(sentences.driverAction) | "
            text += "\(sentences.operatorAction) |\n"
        }
        return text
    }

    /// The table of refusals in Markdown.
    public func refusalTable() -> String {
        var text = "| Code | What happened | The driver | The operator |\n|---|---|---|---|\n"
        for refusal in Refusal.allCases {
            let sentences = self.refusal(refusal)
            text += "| `\(refusal.code)` | \(sentences.whatHappened) | \(sentences.driverAction) | "
            text += "\(sentences.operatorAction) |\n"
        }
        return text
    }

    /// The table of refusals on the bench in Markdown.
    private func benchTable() -> String {
        var text = "\n## On the bench\n\nWhy `holdfast bringup` may not close a contactor, or opens it again.\n\n"
        text += "| Code | What happened | The engineer |\n|---|---|---|\n"
        for refusal in BenchRefusal.allCases {
            let sentences = bench(refusal)
            text += "| `\(refusal.code)` | \(sentences.whatHappened) | \(sentences.remedy) |\n"
        }
        return text
    }
}
