import CoppiceJSON
import CoppiceModel

extension ShardGrid {
  /// Reads the member `shards` of a leaf.
  ///
  /// - Parameter faults: Collects the faults of a grid whose members have the right JSON types.
  /// - Returns: `nil` when there are faults.
  /// - Throws: `json.*`.
  static func read(
    _ node: JSONNode, of shape: Shape, unknown: UnknownMembers, limits: ReadLimits,
    faults: inout [CoppiceError]
  ) throws(CoppiceError) -> ShardGrid? {
    var reader = try JSONObjectReader(node)
    let grid = try reader.required("grid")
    try unknown.check(reader)
    var cuts: [Cuts] = []
    for element in try grid.array() {
      cuts.append(
        element.kind == .array
          ? .at(try element.nonNegativeIntegerColumn()) : .each(try element.nonNegativeInt()))
    }
    do {
      return try ShardGrid(cuts, of: shape, limit: limits.shardsPerLeaf)
    } catch {
      faults.append(grid.error(error.code, error.message))
      return nil
    }
  }

  func write(to writer: inout CanonicalJSONWriter) {
    writer.beginObject()
    writer.name("grid")
    writer.beginArray()
    for cut in cuts {
      switch cut {
      case .each(let cell): writer.integer(cell)
      case .at(let indices): writer.integerColumn(indices)
      }
    }
    writer.endArray()
    writer.endObject()
  }
}
