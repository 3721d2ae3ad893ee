// Numbered places for values that come and go: a number stays good until its value is taken out.

/// A store of values by small numbers, used again once freed.
struct Slots<Value> {
    private var values: [Value?] = []
    private var free: [Int] = []

    /// Puts a value in; returns its number.
    mutating func insert(_ value: Value) -> Int {
        if let number = free.popLast() {
            values[number] = value
            return number
        }
        values.append(value)
        return values.count - 1
    }

    /// Takes a value out by its number. The number came from `insert` and is used once.
    mutating func removeValue(at number: Int) -> Value {
        guard let value = values[number] else {
            preconditionFailure("A slot was emptied twice: a planned call ran twice.")
        }
        values[number] = nil
        free.append(number)
        return value
    }
}
