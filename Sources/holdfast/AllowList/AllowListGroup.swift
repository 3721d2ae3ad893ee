// `holdfast allowlist`: for the issuing office, the air-gapped signer and the bench; no daemon, no network.

import ArgumentParser

struct AllowListGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allowlist", abstract: "Issue, sign, verify, install and attack signed allow-lists.",
        discussion: """
            Whatever is refused has a stable name (rollback, wrong_scope, page_corrupt, ...) and changes nothing.
            Exit codes: 0 good, 1 not listed, 64 usage, 65 refused, 66 no such file, 69 no daemon answers, 73 cannot \
            create, 74 disk, 75 busy: try again, 77 held back until somebody confirms it.

            EXAMPLES
              holdfast allowlist keygen --out keys
              holdfast allowlist issue --in drivers.csv --keys keys --version-number 1 --out list.pal
              holdfast allowlist verify list.pal --keys keys
              holdfast allowlist lookup list.pal 04A1B2C3D4E5F6 --keys keys --explain
              holdfast allowlist install list.pal --keys keys --state /var/lib/holdfast
            """,
        subcommands: [
            KeyGen.self, BundleGroup.self, Issue.self, Sign.self, Request.self, Attach.self, Verify.self,
            Inspect.self, LookUp.self, Difference.self, DeltaGroup.self, DenyGroup.self, Install.self, Scrub.self,
            Corpus.self, Fuzz.self, Simulate.self, Measure.self,
        ])
}
