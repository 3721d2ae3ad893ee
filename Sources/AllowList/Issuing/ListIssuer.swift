// Issues a list: tags, sorted records, pages, directory, policy, header, signature.

internal import Crypto

extension ListOrder {
    /// The whole file, signed. The same order, entries and key give the same bytes.
    public func issue(
        _ entries: [ListEntry], secretKey: [UInt8], progress: ((Int) -> Void)? = nil
    ) throws(IssueProblem) -> [UInt8] {
        guard KeyMaker.open(of: secretKey) != nil else { throw .badKey }
        var file: SignedFile
        do {
            file = try SignedFile(try unsigned(entries, progress: progress))
            try file.sign(secretKey)
        } catch let problem as IssueProblem {
            throw problem
        } catch {
            throw .badKey
        }
        return file.bytes
    }

    /// The whole file without a signature, for a signer that has no network.
    public func unsigned(
        _ entries: [ListEntry], progress: ((Int) -> Void)? = nil
    ) throws(IssueProblem) -> [UInt8] {
        try checked()
        return assembled(try sortedRecords(entries, progress))
    }

    private func checked() throws(IssueProblem) {
        guard operatorID.count == 16, listID.count == 16, scopeID.count == 32, salt.count == 32, pepper.count == 32,
            previousHash.count == 32, [1_024, 2_048, 4_096].contains(pageSize), (1...3).contains(scopeType),
            0 <= issuedAt, issuedAt <= softExpiry, softExpiry <= hardExpiry
        else { throw .badOrder }
        guard (try? ListPolicy(parsing: policy.encoded)) == policy else { throw .badPolicy }
    }

    private func sortedRecords(
        _ entries: [ListEntry], _ progress: ((Int) -> Void)?
    ) throws(IssueProblem) -> [ListRecord] {
        guard UInt64(entries.count) <= ListHeader.recordsAtMost else { throw .tooMany }
        let maker = TagMaker(pepper: pepper, salt: salt, operatorID: operatorID, listID: listID)
        let known = policy.profiles.map(\.number)
        var tagged: [(record: ListRecord, entry: Int)] = []
        tagged.reserveCapacity(entries.count)
        for (index, entry) in entries.enumerated() {
            guard known.contains(entry.profile) else { throw .unknownProfile(entry.profile) }
            let record = ListRecord(
                tag: maker.code(entry.token), notBefore: minutes(entry.validFrom),
                notAfter: minutes(entry.validUntil), profile: entry.profile, group: entry.group)
            guard record.notAfter == 0 || record.notBefore < record.notAfter else {
                throw .endsBeforeItBegins(entry.token)
            }
            tagged.append((record, index))
            if index % 10_000 == 9_999 { progress?(index + 1) }
        }
        tagged.sort { $0.record.tag < $1.record.tag }
        for index in tagged.indices.dropFirst() where tagged[index].record.tag == tagged[index - 1].record.tag {
            throw .duplicate(entries[tagged[index].entry].token)
        }
        return tagged.map(\.record)
    }

    private func minutes(_ seconds: Int64?) -> UInt32 {
        guard let seconds else { return 0 }
        return UInt32(clamping: max(1, (seconds - ListRecord.epoch) / 60))
    }

    /// A file of records that are in order: what a delta must lead to, byte for byte.
    package func assembled(_ records: [ListRecord]) -> [UInt8] {
        let policyBytes = policy.encoded
        var header = header(count: records.count, policyBytes)
        var directory = ByteWriter(capacity: Int(header.directoryLength))
        var pages = ByteWriter(capacity: Int(header.pageCount) * Int(pageSize))
        let perPage = Int(header.recordsPerPage)
        for first in stride(from: 0, to: records.count, by: perPage) {
            let page = Self.page(records[first..<min(first + perPage, records.count)], pageSize)
            directory.put(records[first].tag.high)
            directory.put(records[first].tag.low)
            directory.put(Array(SHA256.hash(data: page)))
            pages.put(page)
        }
        header.directoryHash = Array(SHA256.hash(data: directory.bytes))
        var file = ByteWriter(capacity: Int(header.fileLength))
        file.put(SignedHead(.list, header.encoded()).encoded)
        file.put(policyBytes)
        file.pad(to: Int(header.directoryOffset))
        file.put(directory.bytes)
        file.pad(to: Int(header.pagesOffset))
        file.put(pages.bytes)
        return file.bytes
    }

    /// One page, filled up with zeros.
    static func page(_ records: ArraySlice<ListRecord>, _ size: UInt32) -> [UInt8] {
        var page = ByteWriter(capacity: Int(size))
        for record in records { record.write(to: &page) }
        page.pad(to: Int(size))
        return page.bytes
    }

    private func header(count: Int, _ policy: [UInt8]) -> ListHeader {
        ListHeader(
            operatorID: operatorID, listID: listID, version: version, minimumBundle: minimumBundle,
            issuedAt: issuedAt, softExpiry: softExpiry, hardExpiry: hardExpiry,
            scopeType: areZero(scopeID, 0..<scopeID.count) ? 0 : scopeType, scopeID: scopeID, salt: salt,
            recordCount: UInt64(count), pageSize: pageSize, policy: policy, previousHash: previousHash,
            added: added,
            removed: removed)
    }
}

extension ListHeader {
    fileprivate init(
        operatorID: [UInt8], listID: [UInt8], version: UInt64, minimumBundle: UInt64, issuedAt: Int64,
        softExpiry: Int64, hardExpiry: Int64, scopeType: UInt32, scopeID: [UInt8], salt: [UInt8],
        recordCount: UInt64, pageSize: UInt32, policy: [UInt8], previousHash: [UInt8], added: UInt64,
        removed: UInt64
    ) {
        self.operatorID = operatorID
        self.listID = listID
        self.version = version
        self.minimumBundle = minimumBundle
        self.issuedAt = issuedAt
        self.softExpiry = softExpiry
        self.hardExpiry = hardExpiry
        self.scopeType = scopeType
        self.scopeID = scopeID
        self.salt = salt
        pepperNumber = 1
        self.recordCount = recordCount
        self.pageSize = pageSize
        let perPage = UInt64(pageSize) / UInt64(ListRecord.length)
        pageCount = UInt32((recordCount + perPage - 1) / perPage)
        policyHash = Array(SHA256.hash(data: policy))
        policyLength = UInt32(policy.count)
        self.previousHash = previousHash
        self.added = added
        self.removed = removed
        directoryHash = []
        fileLength = 0
        fileLength = pagesOffset + UInt64(pageCount) * UInt64(pageSize)
    }
}
