public import CoppiceModel

/// The statistics of the arrays of a checkpoint, or of a node inside one.
public struct CheckpointStatistics: Sendable {
  /// One array.
  public struct Entry: Sendable {
    /// The names on the way to the array, as listings print them.
    public var components: [String]
    /// The description of the array; `nil` where a fault leaves nothing to describe.
    public var metadata: ArrayMetadata?
    /// The statistics; `nil` where there is a fault.
    public var statistics: ArrayStatistics?
    /// The reason why there are no statistics.
    public var fault: LeafFault?

    /// The path as listings print it.
    public var path: String { components.joined(separator: "/") }
  }

  /// The sum of the arrays below a node.
  public struct Branch: Sendable {
    /// The names on the way to the node.
    public var components: [String]
    /// The statistics of all elements together.
    public var statistics = ArrayStatistics()
    /// The number of arrays that were read.
    public var arrayCount = 0
    /// The number of arrays that have a fault.
    public var faultCount = 0

    /// The path as listings print it.
    public var path: String { components.joined(separator: "/") }

    mutating func add(_ entry: Entry) {
      guard let other = entry.statistics else {
        faultCount += 1
        return
      }
      statistics.combine(other)
      arrayCount += 1
    }
  }

  /// The arrays, in the order of the trees.
  public internal(set) var entries: [Entry] = []

  /// All arrays together.
  public var total: Branch {
    var total = Branch(components: [])
    for entry in entries { total.add(entry) }
    return total
  }

  /// Returns the arrays below each node of a depth together; arrays that lie higher stand for themselves.
  ///
  /// - Parameter depth: The number of names on the way to the nodes.
  public func branches(depth: Int) -> [Branch] {
    var branches: [Branch] = []
    var places: [[String]: Int] = [:]
    for entry in entries {
      let components = Array(entry.components.prefix(max(depth, 0)))
      if let place = places[components] {
        branches[place].add(entry)
        continue
      }
      places[components] = branches.count
      var branch = Branch(components: components)
      branch.add(entry)
      branches.append(branch)
    }
    return branches
  }

  /// Makes the statistics of no arrays.
  public init() {}
}
