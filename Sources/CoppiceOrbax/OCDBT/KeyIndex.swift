import CoppiceModel
import CoppiceZarr

/// All keys of a tree in order, each with its value, collected in one pass.
struct KeyIndex: Sendable {
  /// A value and the node that refers to it.
  struct Place: Sendable {
    var node: BTreeNode
    var value: BTreeNode.StoredValue
  }

  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var places: [Place] = []
  private var budget: Int
  private let location: CoppiceError.Location

  /// Makes an empty index; nodes and keys together may take as many bytes as one document.
  init(limits: ReadLimits, place: String) {
    budget = limits.documentBytes
    location = .init(file: place)
  }

  /// Counts memory and work against the limit of the whole tree.
  mutating func spend(_ count: Int) throws(CoppiceError) {
    budget -= max(count, 256)
    guard budget >= 0 else {
      throw CoppiceError(
        .ocdbtTooLarge, "the database's tree is larger than the limit for documents", at: location)
    }
  }

  /// Adds a key that is above all others, as the bounds of nodes make sure.
  mutating func append(
    _ key: StoreKey, _ node: BTreeNode, _ value: BTreeNode.StoredValue
  ) throws(CoppiceError) {
    budget -= key.count + 64
    guard budget >= 0 else { try spend(0); return }
    bytes.append(contentsOf: key)
    ends.append(bytes.count)
    places.append(Place(node: node, value: value))
  }

  private func key(_ index: Int) -> ArraySlice<UInt8> {
    bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
  }

  private func lowerBound(_ wanted: StoreKey) -> Int {
    var low = 0
    var high = ends.count
    while low < high {
      let middle = (low + high) / 2
      if key(middle).lexicographicallyPrecedes(wanted) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  func find(_ wanted: StoreKey) -> Place? {
    let position = lowerBound(wanted)
    guard position < ends.count, key(position).elementsEqual(wanted) else { return nil }
    return places[position]
  }

  func keys(under prefix: StoreKey) -> [StoreKey] {
    var found: [StoreKey] = []
    var position = lowerBound(prefix)
    while position < ends.count, key(position).starts(with: prefix) {
      found.append(Array(key(position)))
      position += 1
    }
    return found
  }
}
