// From bytes to a tree: YAML's syntax through Yams, with everything refused that makes YAML surprising.

import Yams

/// Turns the text of one document into a tree, or says why not.
struct Composer {
    let reading: Reading
    /// How deep collections may stand in each other.
    let maximumDepth: Int

    /// The document's tree; nil when it has no syntax to speak of, and then the mistake has been reported.
    func compose(_ text: String) -> Tree? {
        let aliases = AliasScan.places(in: text)
        guard aliases.count <= AliasScan.composedAtMost else {
            for place in aliases { refuseAlias(place.word, at: place.position) }
            return nil
        }
        var source = text
        var renamed = RenamedKeys()
        while true {
            do {
                let parser = try Parser(yaml: source, resolver: .basic)
                let root = try parser.singleRoot()
                // Nodes hold their anchors weakly: the parser has to outlive the conversion.
                return withExtendedLifetime(parser) {
                    guard let root else {
                        return Tree(position: SourcePosition(line: 1, column: 1), content: .map([]))
                    }
                    return convert(root, path: "", depth: 0, renamed)
                }
            } catch let error as YamlError {
                if case .duplicatedKeysInMapping(_, let context) = error,
                    let next = renamed.renameKey(at: SourcePosition(context.mark), in: source)
                {
                    source = next
                    continue
                }
                reading.report(Self.problem(of: error, in: text))
                return nil
            } catch {
                reading.report(Self.unexplained("\(error)"))
                return nil
            }
        }
    }

    private func convert(_ node: Node, path: String, depth: Int, _ renamed: RenamedKeys) -> Tree {
        let position = node.mark.map(SourcePosition.init) ?? .wholeFile
        if let word = refusal(of: node, at: position, path) {
            return Tree(position: position, content: word)
        }
        switch node {
        case .scalar(let scalar):
            let style: Tree.Style = scalar.style == .plain ? .plain : .quoted
            return Tree(position: position, content: .scalar(scalar.string, style))
        case .sequence(let sequence):
            guard isWithinDepth(depth, position, path) else { return Tree(position: position, content: .refused) }
            let elements = sequence.enumerated().map {
                convert($0.element, path: "\(path)[\($0.offset)]", depth: depth + 1, renamed)
            }
            return Tree(position: position, content: .list(elements))
        case .mapping(let mapping):
            guard isWithinDepth(depth, position, path) else { return Tree(position: position, content: .refused) }
            return Tree(position: position, content: .map(entries(mapping, path, depth, renamed)))
        case .alias(let alias):
            refuseAlias("*" + alias.anchor.rawValue, at: position)
            return Tree(position: position, content: .refused)
        }
    }

    private func entries(
        _ mapping: Node.Mapping, _ path: String, _ depth: Int, _ renamed: RenamedKeys
    ) -> [Tree.Entry] {
        var entries: [Tree.Entry] = []
        var firstPlaces: [String: SourcePosition] = [:]
        for (keyNode, valueNode) in mapping {
            let keyPosition = keyNode.mark.map(SourcePosition.init) ?? .wholeFile
            guard case .scalar(let scalar) = keyNode else {
                reading.report(
                    Problem(
                        code: .wrongType, position: keyPosition, path: path, what: "a key that is not a word",
                        expected: "a word before the colon", remedy: "Write the key as one word."))
                continue
            }
            let key = renamed.original(at: keyPosition) ?? scalar.string
            if key == "<<" && scalar.style == .plain {
                refuseAlias("<<", at: keyPosition)
                continue
            }
            if let word = scalar.anchor.map({ "&" + $0.rawValue }) { refuseAlias(word, at: keyPosition) }
            if let first = firstPlaces[key] {
                reading.report(
                    Problem(
                        code: .duplicateKey, position: keyPosition, path: path, what: "duplicate key", found: key,
                        expected: "each key once",
                        remedy: "Remove this or the one in line \(first.line), column \(first.column)."))
                continue
            }
            firstPlaces[key] = keyPosition
            let valuePath = path.isEmpty ? key : "\(path).\(key)"
            let value = convert(valueNode, path: valuePath, depth: depth + 1, renamed)
            entries.append(Tree.Entry(key: key, keyPosition: keyPosition, value: value))
        }
        return entries
    }

    /// Reports an anchor or a tag. An anchored value is not looked into, so aliases cannot multiply work.
    private func refusal(of node: Node, at position: SourcePosition, _ path: String) -> Tree.Content? {
        let (anchor, tag): (Anchor?, String) =
            switch node {
            case .scalar(let scalar):
                // A plain text carries a resolved tag only if one was written.
                (
                    scalar.anchor,
                    scalar.style == .plain || scalar.tag.rawValue != Tag.Name.str.rawValue
                        ? scalar.tag.rawValue : ""
                )
            case .sequence(let sequence): (sequence.anchor, sequence.tag.rawValue)
            case .mapping(let mapping): (mapping.anchor, mapping.tag.rawValue)
            case .alias: (nil, "")
            }
        if let anchor {
            refuseAlias("&" + anchor.rawValue, at: position)
            return .refused
        }
        guard !tag.isEmpty else { return nil }
        reading.report(
            Problem(
                code: .tag, position: position, path: path, what: "type tag", found: tag,
                expected: "a value without a tag", remedy: "Remove the tag: the key decides the type."))
        return .refused
    }

    private func refuseAlias(_ word: String, at position: SourcePosition) {
        reading.report(
            Problem(
                code: .alias, position: position, path: "", what: "anchor, alias or merge key", found: word,
                expected: "the value itself", remedy: "Write the value out, or put the text in quotes."))
    }

    private func isWithinDepth(_ depth: Int, _ position: SourcePosition, _ path: String) -> Bool {
        guard depth >= maximumDepth else { return true }
        reading.report(
            Problem(
                code: .tooDeep, position: position, path: path, what: "nesting too deep",
                expected: "at most \(maximumDepth) levels", remedy: "Check the indentation and the brackets."))
        return false
    }
}

extension SourcePosition {
    /// The place that Yams names.
    init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}
