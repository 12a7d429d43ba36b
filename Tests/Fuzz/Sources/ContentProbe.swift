import CoppiceCore
import CoppiceJSON
import CoppiceModel

/// Reads everything of a checkpoint that is small enough, twice and in several ways.
struct ContentProbe {
  /// Whether nothing had a fault, and all was read.
  private(set) var isWhole = true

  /// The bytes of all arrays.
  private(set) var byteCount = 0

  private static let mostBytes = 1 << 20

  mutating func visit(_ contents: CheckpointContents) {
    if let custom = contents.custom { visit(custom) }
    switch contents.root {
    case .unnamed(let item): visit(item)
    case .named(let items): visit(items)
    }
  }

  private mutating func visit(_ items: [NamedCheckpointable]) {
    for item in items {
      do throws(CoppiceError) { visit(try item.value) } catch {
        isWhole = false
        check(error)
      }
    }
  }

  private mutating func visit(_ item: Checkpointable) {
    switch item {
    case .tree(let tree):
      for (path, leaf) in tree.leaves { visit(leaf, at: path) }
    case .json(let json): visit(json)
    case .composite(let items): visit(items)
    case .files(let files):
      for file in files where file.bytes.byteCount <= Self.mostBytes {
        do throws(CoppiceError) {
          _ = try allBytes(of: file.bytes)
        } catch {
          isWhole = false
          check(error)
        }
      }
    }
  }

  /// A document reads again as what it was.
  private func visit(_ json: JSON) {
    do throws(CoppiceError) {
      let bytes = try CanonicalJSON.encode(json)
      guard try JSONDocument(parsing: bytes).root.json == json else {
        fail("a document that reads as another: \(String(decoding: bytes, as: UTF8.self))")
      }
    } catch {
      // JSON of others may nest deeper, or have numbers of Python's.
      check(error)
    }
  }

  private mutating func visit(_ leaf: ArrayLeaf, at path: TreePath) {
    do throws(CoppiceError) {
      let source = try leaf.source
      guard source.byteCount == source.shape.elementCount * source.dtype.width else {
        fail("\(path.description.printable) has \(source.byteCount) bytes")
      }
      byteCount = byteCount.addingReportingOverflow(source.byteCount).partialValue
      guard source.byteCount <= Self.mostBytes else {
        isWhole = false
        return try visitEnds(of: source)
      }
      try visit(whole: source)
    } catch {
      isWhole = false
      check(error)
    }
  }

  /// Reads the first and the last element.
  private func visitEnds(of source: any ArraySource) throws(CoppiceError) {
    var bytes = [UInt8](repeating: 0, count: source.dtype.width)
    for offset in [source.shape.dimensions.map { _ in 0 }, source.shape.dimensions.map { $0 - 1 }] {
      guard let box = ArrayBox(offset: offset, shape: source.shape.ofOneElement) else { continue }
      try read(source, box, into: &bytes)
    }
  }

  /// Reads all elements at once, in pieces and in two boxes, which must agree.
  private func visit(whole source: any ArraySource) throws(CoppiceError) {
    var whole = [UInt8](repeating: 0, count: source.byteCount)
    try read(source, ArrayBox(whole: source.shape), into: &whole)
    var pieces: [UInt8] = []
    try source.forEachPiece(ofAtMost: 1000) { (piece) throws(CoppiceError) in
      piece.withUnsafeBytes { pieces.append(contentsOf: $0) }
    }
    guard pieces == whole else { fail("pieces that differ from the whole") }
    guard let first = source.shape.dimensions.first, first > 1 else {
      return
    }
    var boxes: [UInt8] = []
    for rows in [0..<(first / 2), (first / 2)..<first] {
      var (offset, extents) = (source.shape.dimensions.map { _ in 0 }, source.shape.dimensions)
      (offset[0], extents[0]) = (rows.lowerBound, rows.count)
      guard let shape = Shape(extents), let box = ArrayBox(offset: offset, shape: shape) else {
        return
      }
      var part = [UInt8](repeating: 0, count: shape.elementCount * source.dtype.width)
      try read(try source.source(of: box), ArrayBox(whole: shape), into: &part)
      boxes += part
    }
    guard boxes == whole else { fail("boxes that differ from the whole") }
  }

  private func read(
    _ source: any ArraySource, _ box: ArrayBox, into bytes: inout [UInt8]
  ) throws(CoppiceError) {
    var span = bytes.mutableSpan
    var target = span.mutableBytes
    try source.read(box, into: &target)
  }
}

/// Returns the bytes of a source.
func allBytes(of source: any ByteSource) throws(CoppiceError) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: min(source.byteCount, 1 << 20))
  var span = bytes.mutableSpan
  var target = span.mutableBytes
  try source.read(at: 0, into: &target)
  return bytes
}
