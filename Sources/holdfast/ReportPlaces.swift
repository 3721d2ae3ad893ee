// Where the reports of a run go: each play has files of its own, and a page leads to all of them.

import CommandOutput
import Foundation
import Scenarios
import Traces

/// Where a play's files go.
struct ReportPlace: Hashable, Sendable {
    /// The folder.
    var folder: String
    /// The name of each file, without its ending.
    var name: String
}

/// Deals out places: below the folder of reports as the story lies below the folder that was named.
struct ReportPlaces {
    /// Of each play, in their order.
    let places: [ReportPlace]

    /// - Parameters:
    ///   - plays: The files with the paths that were named; a file that was named itself is its own path.
    ///   - report: The folder of reports.
    init(_ plays: [(file: String, path: String)], in report: String) {
        let named = plays.filter { $0.file == $0.path }.map { ($0.file as NSString).lastPathComponent }
        var wanted: [(place: ReportPlace, file: String)] = []
        for (file, path) in plays {
            let folder = (file as NSString).deletingLastPathComponent
            let whole = (file as NSString).lastPathComponent
            var place = ReportPlace(folder: report, name: (whole as NSString).deletingPathExtension)
            if file != path {
                let deeper = folder.dropFirst(path.count).drop { $0 == "/" }
                if !deeper.isEmpty { place.folder = "\(report)/\(deeper)" }
            } else if named.count(where: { $0 == whole }) > 1 {
                // Two files of one name that were named themselves lie in folders called like theirs.
                place.folder = "\(report)/\(fileName(folder))"
            }
            wanted.append((place, file))
        }
        // `a.yaml` and `a.yml` in one folder keep their endings; what is still alike is numbered. A file named twice is one.
        let files = Dictionary(grouping: wanted, by: \.place).mapValues { Set($0.map(\.file)).count }
        let index = ReportPlace(folder: report, name: "index")
        var owners: [ReportPlace: String] = [index: ""]
        places = wanted.map { wish, file in
            var place = wish
            if files[wish, default: 0] > 1 || wish == index { place.name = (file as NSString).lastPathComponent }
            let name = place.name
            var number = 2
            while let owner = owners[place], owner != file {
                place.name = "\(name)-\(number)"
                number += 1
            }
            owners[place] = file
            return place
        }
    }
}

/// Writes the files of a play, one set for each variant; returns the pages.
func leaveBehindTraces(of result: ScenarioResult, at place: ReportPlace) throws -> [String] {
    var names: [String] = []
    return try result.traces.map { variant, trace in
        var folder = place.folder
        if let variant {
            let name = fileName(variant)
            let number = names.count { $0 == name }
            names.append(name)
            folder += "/" + (number > 0 ? "\(name)-\(number + 1)" : name)
        }
        return try leaveBehindTrace(of: trace, in: folder, named: place.name, repeatWith: result.repeatCommand)
    }
}

/// Writes the page that leads to all others; returns its path.
func leaveBehindIndex(of run: ScenarioRun, pages: [[String]], in report: String) throws -> String {
    let rows = zip(run.results, pages).map { result, pages in
        var row = ReportIndex.Row(path: result.path, title: result.title, verdict: result.verdict.rawValue)
        row.links = pages.map { page in
            let inside = String(page.dropFirst(report.count).drop { $0 == "/" })
            return (inside, result.traces.count > 1 ? (inside as NSString).deletingLastPathComponent : inside)
        }
        row.complaint = result.announcement.complaints.first ?? ""
        row.virtualMicroseconds = result.virtualMicroseconds
        let late = result.checks.first { !$0.isMet && $0.took != nil }
        row.tightest = late.flatMap { late in late.limit.map { ($0, late.took ?? $0) } } ?? result.tightest
        return row
    }
    let index = ReportIndex(program: Holdfast.identity.text, rows: rows)
    let page = "\(report)/index.html"
    try writeFile(Data(index.page.utf8), to: page)
    return page
}

/// A name as that of a folder.
private func fileName(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
}
