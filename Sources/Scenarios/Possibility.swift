// Steps that the story's own site cannot take: places that it does not have, ends of what never began, causes that exclude each other.

import Post
import Simulator
import StrictYAML

extension Scenario {
    /// Refuses what no site of this story could do, as far as the file alone tells. Stories that skip the impossible must name places
    /// that are there, and no more: they do not know what they have brought about.
    func refuseWhatTheSiteCannotDo(_ keys: RecordReader) {
        let checks = never.map { ("never", $0) } + atEnd.map { ("at_end", $0) }
        for (key, located) in checks {
            refuse(located.value.place.missing(at: site), keys, key, at: located.position)
        }
        var story = StorySoFar(site, hasCrowd: arrivals != nil)
        for step in timeline {
            if let objection = step.deed.placeMissing(at: site) {
                refuse(objection, keys, at: step.position)
            } else if !skipsImpossible {
                refuse(story.objection(to: step.deed), keys, at: step.position)
            }
            story.take(step.deed)
        }
    }

    /// The first step that its site cannot take, as far as the story alone tells.
    var firstImpossibleStep: Int? {
        var story = StorySoFar(site, hasCrowd: arrivals != nil)
        for (index, step) in timeline.enumerated() {
            if step.deed.placeMissing(at: site) != nil || story.objection(to: step.deed) != nil { return index }
            story.take(step.deed)
        }
        return nil
    }

    private func refuse(
        _ objection: Objection?, _ keys: RecordReader, _ key: String = "timeline", at position: SourcePosition
    ) {
        guard let objection else { return }
        keys.refuse(key, objection.what, expected: objection.expected, remedy: objection.remedy, at: position)
    }
}

/// What is wrong with a step: what it names, what could stand there, and what to do.
struct Objection {
    var what, expected, remedy: String
}

extension Where {
    /// What is wrong with a place that the site does not have.
    func missing(at site: SiteSetting) -> Objection? {
        if post >= site.posts { return Self.postMissing(post, at: site) }
        guard connector >= site.connectors else { return nil }
        return Objection(
            what: "connector \(connector + 1)",
            expected: site.connectors == 1 ? "connector 1, the only one" : "connector 1 to \(site.connectors)",
            remedy: "Name one that is there, or give the site more \"connectors:\".")
    }

    static func postMissing(_ post: Int, at site: SiteSetting) -> Objection? {
        guard post >= site.posts else { return nil }
        return Objection(
            what: "post \(post + 1)",
            expected: site.posts == 1 ? "post 1, the only one" : "post 1 to \(site.posts)",
            remedy: "Name one that is there, or give the site more \"posts:\".")
    }
}

extension Deed {
    /// The connector that a step names; nil where it names none, or where its number counts something else.
    var place: Where? {
        switch self {
        case .plug(_, let place), .unplug(let place, _), .leave(let place), .stopButton(let place),
            .stopByHand(let place), .inService(_, let place), .clear(_, let place), .reserve(_, _, let place),
            .order(_, let place):
            place
        case .inject(let setting), .heal(let setting):
            setting.kind.row.scope == .connector || setting.kind.row.scope == .stage ? setting.place : nil
        case .expect(let expectation): expectation.check.place
        default: nil
        }
    }

    /// The post that a step names; nil: all of them.
    private var post: Int? {
        switch self {
        case .tap(_, _, let post), .interlock(_, _, let post), .disk(_, let post), .kill(let post),
            .cutPower(let post), .start(let post), .damageList(_, let post), .limit(_, let post):
            post
        case .inject(let setting), .heal(let setting): setting.place.post
        default: nil
        }
    }

    /// What is wrong with a step at a connector or post that the site does not have.
    fileprivate func placeMissing(at site: SiteSetting) -> Objection? {
        place?.missing(at: site) ?? post.flatMap { Where.postMissing($0, at: site) }
    }
}

extension SiteSetting {
    /// What a fault's place counts: connectors, readers, the stage behind a connector, or the one post.
    func instance(_ kind: FaultKind, _ place: Where, in configuration: PostConfiguration) -> Int {
        switch kind.row.scope {
        case .connector, .reader: place.connector
        case .stage:
            configuration.connectors.indices.contains(place.connector)
                ? Int(configuration.connectors[place.connector].stage.index) : 0
        case .post, .site: 0
        }
    }
}
