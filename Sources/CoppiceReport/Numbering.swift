/// A list of different values, which are named by their numbers.
struct Numbering<Value: Hashable> {
  /// The values, in the order of their first use.
  private(set) var list: [Value] = []
  private var numbers: [Value: Int] = [:]

  /// Returns the number of a value, which joins the list if it isn't there.
  mutating func number(of value: Value) -> Int {
    if let number = numbers[value] { return number }
    numbers[value] = list.count
    list.append(value)
    return list.count - 1
  }
}
