// Groups keep their meaning from list to list: the office's numbers, and what a post makes of them.

import Testing

@testable import AllowList

@Suite("Groups")
struct GroupTests {
    private let pepper = [UInt8](repeating: 7, count: 32)

    @Test("a name has one number under a pepper, whatever other names there are; another pepper gives another")
    func stable() throws {
        var few = GroupNumbers(pepper: pepper)
        var many = GroupNumbers(pepper: pepper)
        for number in 0..<500 { _ = try many.number(of: "fleet \(number)") }
        let bakery = try few.number(of: "bakery")
        #expect(try many.number(of: "bakery") == bakery && bakery != 0)
        #expect(try many.number(of: "BAKERY") == bakery)
        #expect(try few.number(of: nil) == 0 && few.number(of: "") == 0)
        var other = GroupNumbers(pepper: [UInt8](repeating: 8, count: 32))
        #expect(try other.number(of: "bakery") != bakery)
    }

    @Test("two names of one number are refused by both names; each alone is good")
    func collision() throws {
        // Of some hundred thousand names two have one number, as on any birthday.
        var numbers = GroupNumbers(pepper: pepper)
        var met: (String, String)?
        for number in 0..<1_000_000 {
            do { _ = try numbers.number(of: "F\(number)") } catch {
                guard case .sameGroupNumber(let one, let two) = error else { throw error }
                #expect(error.sentence.contains(one) && error.sentence.contains(two))
                met = (one, two)
                break
            }
        }
        let (one, two) = try #require(met)
        #expect(one != two)
        var (left, right) = (GroupNumbers(pepper: pepper), GroupNumbers(pepper: pepper))
        #expect(try left.number(of: one) == right.number(of: two))
    }

    @Test("a number is another fleet's in another stream, and for another operator")
    func spaces() throws {
        var header = try Office(count: 1).open(try Office(count: 1).file()).header
        let here = header.groupSpace
        header.version += 1
        header.salt = [UInt8](repeating: 9, count: 32)
        #expect(header.groupSpace == here)
        header.listID[0] ^= 1
        #expect(header.groupSpace != here)
        header.listID[0] ^= 1
        header.operatorID[15] ^= 1
        #expect(header.groupSpace != here)
    }
}
