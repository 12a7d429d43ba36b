/// A part of an array as NumPy's basic indexing names it: `0:3, :, -1`.
///
/// Each item is an index, which removes its dimension, a slice `start:stop:step`, or `...` for all
/// dimensions between. Negative numbers count from the end; a negative step goes backwards.
public struct ArraySelection: Hashable, Sendable {
  enum Item: Hashable {
    case index(Int)
    case slice(start: Int?, stop: Int?, step: Int)
    case ellipsis
  }

  /// The text that was parsed.
  public let text: String

  let items: [Item]

  /// Parses a selection.
  ///
  /// - Throws: `usage.slice`.
  public init(_ text: String) throws(CoppiceError) {
    self.text = text
    var items: [Item] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let item = Self.item(part.filter { $0 != " " }) else {
        throw CoppiceError(
          .usageSlice,
          "\"\(text.printable)\" is no slice; write an index, start:stop:step or ... for each "
            + "dimension, such as 0:3,:,-1")
      }
      items.append(item)
    }
    guard items.count(where: { $0 == .ellipsis }) <= 1 else {
      throw CoppiceError(.usageSlice, "\"\(text.printable)\" has more than one \"...\"")
    }
    self.items = items
  }

  private static func item(_ text: String) -> Item? {
    if text == "..." { return .ellipsis }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count == 1 { return Int(text).map(Item.index) }
    let numbers = parts.map { $0.isEmpty ? nil : Int($0) }
    guard parts.count <= 3, zip(parts, numbers).allSatisfy({ $0.isEmpty == ($1 == nil) }) else {
      return nil
    }
    let step = parts.count == 3 ? numbers[2] ?? 1 : 1
    // The least number has no positive counterpart.
    guard step != 0, step != .min else { return nil }
    return .slice(start: numbers[0], stop: numbers[1], step: step)
  }
}

/// The elements that a selection takes along one dimension.
struct SelectedDimension: Hashable, Sendable {
  /// The index of the first element.
  var start: Int
  var step: Int
  var count: Int
  /// Whether the result doesn't have the dimension.
  var isRemoved: Bool

  /// Whether the elements are neighbours in ascending order.
  var isPlain: Bool { step == 1 || count <= 1 }

  /// Returns the index in the array of an element of the result.
  func index(_ position: Int) -> Int { start + position * step }

  /// Returns the smallest range of indices around some elements of the result.
  func range(_ positions: Range<Int>) -> Range<Int> {
    let (first, last) = (index(positions.lowerBound), index(positions.upperBound - 1))
    return min(first, last)..<(max(first, last) + 1)
  }
}

extension ArraySelection {
  /// Returns what is selected of each dimension of an array.
  ///
  /// - Throws: `usage.slice` when there are too many items, or an index is out of range.
  func dimensions(of shape: Shape) throws(CoppiceError) -> [SelectedDimension] {
    let named = items.count { $0 != .ellipsis }
    guard named <= shape.rank else {
      throw CoppiceError(
        .usageSlice,
        "\"\(text.printable)\" has \(named) items, but the array of shape \(shape) has "
          + "\(shape.rank) dimension\(shape.rank == 1 ? "" : "s")")
    }
    let whole = Item.slice(start: nil, stop: nil, step: 1)
    let rest = Array(repeating: whole, count: shape.rank - named)
    var full: [Item] = []
    for item in items { full += item == .ellipsis ? rest : [item] }
    if !items.contains(.ellipsis) { full += rest }
    var dimensions: [SelectedDimension] = []
    for (item, extent) in zip(full, shape.dimensions) {
      guard let dimension = Self.resolve(item, extent) else {
        throw CoppiceError(
          .usageSlice,
          "\"\(text.printable)\" has an index out of range for the array of shape \(shape)")
      }
      dimensions.append(dimension)
    }
    return dimensions
  }

  private static func resolve(_ item: Item, _ extent: Int) -> SelectedDimension? {
    switch item {
    case .ellipsis: return nil
    case .index(let index):
      let place = index < 0 ? index + extent : index
      guard (0..<extent).contains(place) else { return nil }
      return SelectedDimension(start: place, step: 1, count: 1, isRemoved: true)
    case .slice(let start, let stop, let step):
      // The bounds of Python's `slice.indices`.
      let bounds = step > 0 ? 0...extent : -1...(extent - 1)
      func place(_ index: Int) -> Int {
        min(max(index < 0 ? index + extent : index, bounds.lowerBound), bounds.upperBound)
      }
      let first = start.map(place) ?? (step > 0 ? 0 : extent - 1)
      let end = stop.map(place) ?? (step > 0 ? extent : -1)
      let distance = step > 0 ? end - first : first - end
      let count = distance > 0 ? (distance - 1) / abs(step) + 1 : 0
      return SelectedDimension(
        start: count > 0 ? first : 0, step: count > 0 ? step : 1, count: count, isRemoved: false)
    }
  }
}
