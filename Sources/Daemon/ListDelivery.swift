// One object on its way in, from wherever it comes: its head is judged before its body is taken, and its length bounded by it.

import AllowList

/// Where an object comes from.
enum ListSource: Hashable, Sendable {
    /// The local interface.
    case socket
    /// A file in a watched folder.
    case folder(String)
    /// A mirror's address.
    case mirror(String)

    /// In words.
    var name: String {
        switch self {
        case .socket: "what was sent"
        case .folder(let path): path
        case .mirror(let address): address
        }
    }

    /// Each kind of source has one delivery at a time, in a file of its own: a slow mirror holds up no technician.
    var lane: Lane {
        switch self {
        case .socket: .socket
        case .folder: .folder
        case .mirror: .mirror
        }
    }

    enum Lane: String, CaseIterable, Sendable {
        case socket, folder, mirror
        /// Where a list lies until it is checked.
        var fileName: String { self == .socket ? ".allow-list.upload" : ".allow-list.upload-\(rawValue)" }
    }
}

/// Why something that comes in is not taken.
enum DeliveryProblem: Error, Sendable {
    /// It was refused, or the disk or the marks said no.
    case install(InstallProblem)
    /// Another one is on its way.
    case busy
    /// This post takes nothing: why.
    case notAccepted(String)
    /// A delta that a full list should replace.
    case tooLarge
    /// It is what the post has already; nothing is wrong.
    case nothingNew

    /// The stable name of the reason.
    var code: String {
        switch self {
        case .install(let problem): problem.code
        case .busy: "busy"
        case .notAccepted: "no_operator"
        case .tooLarge: "too_large"
        case .nothingNew: "nothing_new"
        }
    }

    /// What happened.
    var sentence: String {
        switch self {
        case .install(let problem): problem.sentence
        case .busy: "Another list is being installed."
        case .notAccepted(let why): "This post accepts no list: \(why)."
        case .tooLarge: "The delta is longer than any this post takes: send the full list."
        case .nothingNew: "The post has this list already."
        }
    }

    /// What a driver at the post is told.
    var driverSentence: String {
        guard case .install(let problem) = self else { return InstallProblem.nothingChangedForDrivers }
        return problem.driverSentence
    }
}

/// What is there whole and can be judged.
enum DeliveredObject: Sendable {
    case list(path: String)
    case delta([UInt8])
    case bundle([UInt8])
    case deny([UInt8])
}

/// One object on its way in. The next may come when it has been installed or abandoned.
///
/// The first 4,096 bytes stay in memory until their signature is good. A bundle or a deny object, 64 KiB at most, never
/// lies on the disk before it is adopted; a list is written aside by a queue of its own, exactly as long as it says.
actor ListDelivery {
    /// The longest delta that is taken, since it is merged in memory: half a million changes. Engineering default.
    static let deltaAtMost: UInt64 = 16 << 20

    private enum Stage {
        case head
        case memory(DeliveredKind, atMost: Int)
        case file(DeliveredFile, length: UInt64)
        case over
    }
    private var stage = Stage.head
    /// What is held in memory: the head, or all of what never lies on the disk.
    private var held: [UInt8] = []
    private let keeper: ListKeeper
    private let source: ListSource
    private let confirmed: [UInt8]?
    /// Whether a list that is in use, and whole, is fetched again.
    private let skipsWhatIsThere: Bool
    /// What has been told of this source; nil: whoever sends it is told each time.
    private let told: ToldRefusals?
    /// By which two objects of one source are told apart: its first bytes.
    private var beginning: [UInt8] = []

    /// - Parameter told: for a source that is asked again and again, what of it is news.
    init(
        _ keeper: ListKeeper, from source: ListSource, confirmed: [UInt8]? = nil, skipsWhatIsThere: Bool = false,
        told: ToldRefusals? = nil
    ) throws(DeliveryProblem) {
        if let why = keeper.whyNothingIsAccepted { throw .notAccepted(why) }
        guard keeper.occupy(source.lane) else { throw .busy }
        self.keeper = keeper
        self.source = source
        self.confirmed = confirmed
        self.skipsWhatIsThere = skipsWhatIsThere
        self.told = told
    }

    /// The next bytes.
    func receive(_ bytes: [UInt8]) async throws(DeliveryProblem) {
        switch stage {
        case .over: return
        case .head:
            held += bytes
            let kind = DeliveredKind(held)
            beginning = Array(held.prefix(ListAnnouncement.length))
            guard held.count >= kind.announcementLength else { return }
            try await begin(kind, held)
        case .memory(_, let limit):
            guard held.count + bytes.count <= limit else { throw refused(.trailingBytes) }
            held += bytes
        case .file(let file, let length):
            guard file.count + UInt64(bytes.count) <= length else { throw refused(.trailingBytes) }
            do throws(InstallProblem) { try await file.append(bytes) } catch { throw noted(error) }
        }
    }

    /// The head is there: it says what follows, and how much of it.
    private func begin(_ kind: DeliveredKind, _ head: [UInt8]) async throws(DeliveryProblem) {
        let announced: Announced
        do throws(InstallProblem) {
            announced = try await keeper.disk.run { [keeper] () throws(InstallProblem) in
                try keeper.judge(head, kind)
            }
        } catch { throw noted(error) }
        if skipsWhatIsThere, announced.isThere { throw .nothingNew }
        switch kind {
        case .bundle, .deny:
            guard UInt64(head.count) <= announced.lengthAtMost else { throw refused(.trailingBytes) }
            stage = .memory(kind, atMost: Int(announced.lengthAtMost))
        case .delta:
            guard announced.lengthAtMost <= Self.deltaAtMost else { throw noted(.tooLarge) }
            guard UInt64(head.count) <= announced.lengthAtMost else { throw refused(.trailingBytes) }
            stage = .memory(kind, atMost: Int(announced.lengthAtMost))
        case .list:
            guard UInt64(head.count) <= announced.lengthAtMost else { throw refused(.trailingBytes) }
            do throws(InstallProblem) {
                let file = try await DeliveredFile(
                    keeper.deliveryPath(source.lane), announced.lengthAtMost, keeper.disk)
                stage = .file(file, length: announced.lengthAtMost)
                held = []
                try await file.append(head)
            } catch { throw noted(error) }
        }
    }

    /// All of it is there: verifies, installs, answers with JSON.
    func complete() async throws(DeliveryProblem) -> String {
        let object: DeliveredObject
        switch stage {
        case .over: throw .notAccepted("it was abandoned")
        case .head:
            // Too short to be anything; whoever reads it says so by name.
            do throws(InstallProblem) {
                _ = try keeper.judge(held, DeliveredKind(held))
                throw .refused(.truncated)
            } catch { throw noted(error) }
        case .memory(.bundle, _): object = .bundle(held)
        case .memory(.deny, _): object = .deny(held)
        case .memory: object = .delta(held)
        case .file(let file, _): object = .list(path: file.path)
        }
        let (keeper, source, confirmed) = (keeper, source, confirmed)
        do throws(InstallProblem) {
            // Checking ten million entries takes seconds, and the disk as long as it likes.
            return try await keeper.disk.run { () throws(InstallProblem) in
                try keeper.install(object, from: source, confirmed: confirmed)
            }
        } catch { throw noted(error) }
    }

    /// Nothing more comes, or something is wrong: forgets what was taken. Harmless after the end.
    func abandon() async {
        if case .over = stage { return }
        if case .file(let file, _) = stage { await file.remove() }
        (stage, held) = (.over, [])
        keeper.release(source.lane)
    }

    private func refused(_ refusal: ListRefusal) -> DeliveryProblem { noted(.refused(refusal)) }

    private func noted(_ problem: InstallProblem) -> DeliveryProblem { noted(.install(problem)) }

    private func noted(_ problem: DeliveryProblem) -> DeliveryProblem {
        if told?.isNews(problem.code, of: source.name, beginning) ?? true { keeper.note(problem, from: source) }
        return problem
    }
}
