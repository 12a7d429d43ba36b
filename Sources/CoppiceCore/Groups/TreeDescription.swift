import CoppiceFormat
import CoppiceModel
import CoppiceProcessGroup
import CoppiceStorage

/// A rank's description of a tree for rank 0: whether it is the same tree, and what the rank holds of it.
///
/// Rank 0 has those of all ranks, so the description of thousands of leaves on the same devices is small: a byte for each.
struct TreeDescription: Sendable {
  /// The part of an array that a rank holds.
  enum Holding: Hashable, Sendable {
    case replicated
    /// The positions of the rank's devices in the mesh.
    case devices([Int])
    case boxes([ArrayBox])
  }

  /// The digest of what must be the same on all ranks.
  let signature: UInt64
  /// The number of leaves; 0 for a tree that is the same on all ranks.
  let count: Int
  private let distinct: [Holding]
  /// The index in `distinct` for each leaf: in a byte, or in four where there are many.
  private let places: [UInt8]

  init(_ tree: Tree<ArrayLeaf>, _ arrays: [GlobalArray]) throws(CoppiceError) {
    self.init(
      signature: try GroupTreeWriter.signature(of: tree).bits,
      holdings: arrays.map { array in
        switch array.holding {
        case .replicated: .replicated
        case .devices(let positions): .devices(positions)
        case .boxes: .boxes(array.boxes.map(\.box))
        }
      })
  }

  /// Makes the description of the holdings of all leaves.
  init(signature: UInt64, holdings: [Holding]) {
    var distinct: [Holding] = []
    var known: [Holding: Int] = [:]
    let indices = holdings.map { holding in
      if let index = known[holding] { return index }
      known[holding] = distinct.count
      distinct.append(holding)
      return distinct.count - 1
    }
    let width = Self.width(distinct.count)
    self.signature = signature
    self.distinct = distinct
    count = holdings.count
    places = indices.flatMap { index in
      (0..<width).map { UInt8(truncatingIfNeeded: index >> (8 * $0)) }
    }
  }

  private static func width(_ count: Int) -> Int { count <= 256 ? 1 : 4 }

  /// The holding of the rank in a leaf; nothing for a leaf in a malformed message.
  subscript(ordinal: Int) -> Holding {
    let width = Self.width(distinct.count)
    let index = (0..<width).reduce(0) { $0 | Int(places[ordinal * width + $1]) << (8 * $1) }
    return index < distinct.count ? distinct[index] : .boxes([])
  }

  // MARK: Messages

  init?(_ reader: inout MessageReader) {
    guard let bits = reader.integer(), let holdingCount = reader.integer(), holdingCount >= 0 else {
      return nil
    }
    var holdings: [Holding] = []
    for _ in 0..<holdingCount {
      guard let holding = Holding(&reader) else { return nil }
      holdings.append(holding)
    }
    guard let places = reader.field() else { return nil }
    signature = UInt64(bitPattern: Int64(bits))
    distinct = holdings
    count = places.count / Self.width(holdings.count)
    self.places = places
  }

  func write(to writer: inout MessageWriter) {
    writer.write(Int(Int64(bitPattern: signature)))
    writer.write(distinct.count)
    for holding in distinct { holding.write(to: &writer) }
    writer.write(places)
  }
}

extension TreeDescription.Holding {
  fileprivate init?(_ reader: inout MessageReader) {
    switch reader.byte() {
    case 0: self = .replicated
    case 1:
      guard let positions = reader.integers() else { return nil }
      self = .devices(positions)
    case 2:
      guard let boxCount = reader.integer(), boxCount >= 0 else { return nil }
      var boxes: [ArrayBox] = []
      for _ in 0..<boxCount {
        guard let offset = reader.integers(), let extents = reader.integers(),
          let shape = Shape(extents), let box = ArrayBox(offset: offset, shape: shape)
        else { return nil }
        boxes.append(box)
      }
      self = .boxes(boxes)
    default: return nil
    }
  }

  fileprivate func write(to writer: inout MessageWriter) {
    switch self {
    case .replicated: writer.write(UInt8(0))
    case .devices(let positions):
      writer.write(UInt8(1))
      writer.write(integers: positions)
    case .boxes(let boxes):
      writer.write(UInt8(2))
      writer.write(boxes.count)
      for box in boxes {
        writer.write(integers: box.offset)
        writer.write(integers: box.shape.dimensions)
      }
    }
  }
}
