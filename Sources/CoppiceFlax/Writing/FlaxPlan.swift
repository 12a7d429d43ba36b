package import CoppiceModel

/// A plan of a file of `flax.serialization.to_bytes` for a tree; only array data are still unread.
package struct FlaxPlan: Sendable {
  /// One array of the file.
  package struct Leaf: Sendable {
    /// The path of the array in the tree.
    package var treePath: TreePath
    /// An array whose bytes in C order are written.
    package var source: any ArraySource
    /// The pieces in which the array's bytes are written, in order; a large array has several.
    package var pieces: [(offset: Int, byteCount: Int)]
  }

  package private(set) var leaves: [Leaf] = []

  /// The encoded bytes between the data of arrays.
  package var segments: [(offset: Int, bytes: [UInt8])] { encoder.segments }

  /// The size of the file.
  package var byteCount: Int { encoder.offset }

  /// The notes about everything that the format can't hold.
  package private(set) var notes: [ConversionNote] = []

  private var encoder = MsgpackEncoder()
  private var renumbered = 0
  private let pieceBytes: Int

  /// The size in bytes above which arrays are cut, as Flax does: sizes in MessagePack have 32 bits.
  package static let flaxPieceBytes = 1 << 30

  /// Plans the file of a tree.
  ///
  /// - Parameter pieceBytes: The maximum number of bytes of a piece; larger arrays are cut into
  ///   pieces.
  /// - Throws: `flax.key-collision`, `flax.reserved-name`.
  package init(
    _ tree: Tree<ArrayLeaf>, pieceBytes: Int = flaxPieceBytes
  ) throws(CoppiceError) {
    self.pieceBytes = max(min(pieceBytes, Self.flaxPieceBytes), 16)
    try add(tree, TreePath())
    if renumbered > 0 {
      notes.insert(
        .init(
          .structure,
          "a state dictionary has no sequences: \(renumbered) became dictionaries with the keys "
            + "\"0\", \"1\", …"), at: 0)
    }
  }

  private mutating func add(_ node: Tree<ArrayLeaf>, _ path: TreePath) throws(CoppiceError) {
    switch node {
    case .leaf(let leaf):
      notes.addOmissions(of: try leaf.metadata, at: path)
      add(try leaf.source, path)
    case .value(let value): try add(value, path)
    case .dict(let entries):
      encoder.mapHead(entries.count)
      var names: Set<TreeKey> = []
      for entry in entries {
        let below = path.appending(.key(entry.key))
        let name = notes.text(of: .key(entry.key), at: below)
        guard names.insert(.string(name)).inserted else {
          throw CoppiceError(
            .flaxKeyCollision,
            "the dictionary would have the key \"\(name.printable)\" twice; rename one of them",
            at: .init(treePath: below.description))
        }
        try check(key: name, below)
        encoder.string(name)
        try add(entry.node, below)
      }
    case .list(let nodes), .tuple(let nodes):
      renumbered += 1
      encoder.mapHead(nodes.count)
      for (index, node) in nodes.enumerated() {
        encoder.string(String(index))
        try add(node, path.appending(.index(index)))
      }
    case .record(let record):
      note(
        .structure, "a record of the type \(record.type.printable) is written as a dictionary", path
      )
      encoder.mapHead(record.fields.count)
      for field in record.fields {
        let below = path.appending(.field(field.name))
        try check(key: field.name, below)
        encoder.string(field.name)
        try add(field.node, below)
      }
    }
  }

  private mutating func add(_ value: TreeValue, _ path: TreePath) throws(CoppiceError) {
    switch value {
    case .null: encoder.none()
    case .bool(let flag): encoder.bool(flag)
    case .float(let number): encoder.float(number.bitPattern)
    case .string(let text):
      try check(text: text, path)
      encoder.string(text)
    case .bytes(let bytes):
      encoder.bytesHead(bytes.count)
      encoder.raw(bytes)
    case .int(let integer):
      if let number = Int64(integer.text) {
        encoder.int(number)
      } else if let number = UInt64(integer.text) {
        encoder.uint(number)
      } else {
        note(.scalar, "an integer beyond 64 bits is written as text", path)
        encoder.string(integer.text)
      }
    case .complex(let real, let imaginary):
      encoder.extensionHead(2, 19)
      encoder.arrayHead(2)
      encoder.float(real.bitPattern)
      encoder.float(imaginary.bitPattern)
    case .stringArray(let texts):
      note(
        .structure, "an array of texts is written as numbered dictionaries of its elements", path)
      if case .strings(let elements) = texts.elements {
        for text in elements { try check(text: text, path) }
      }
      add(texts)
    }
  }

  /// Adds texts as nested dictionaries, one level for each dimension.
  private mutating func add(_ texts: TextArray) {
    func add(_ dimension: Int, _ start: Int, _ count: Int) {
      guard dimension < texts.shape.rank else {
        switch texts.elements {
        case .strings(let elements): encoder.string(elements[start])
        case .bytes(let elements):
          encoder.bytesHead(elements[start].count)
          encoder.raw(elements[start])
        }
        return
      }
      let extent = count == 0 ? 0 : texts.shape.dimensions[dimension]
      encoder.mapHead(extent)
      for index in 0..<extent {
        encoder.string(String(index))
        add(dimension + 1, start + index * (count / extent), count / extent)
      }
    }
    add(0, 0, texts.shape.elementCount)
  }

  // MARK: Arrays

  private mutating func add(_ source: any ArraySource, _ path: TreePath) {
    var leaf = Leaf(treePath: path, source: source, pieces: [])
    if source.byteCount <= pieceBytes {
      leaf.pieces.append(add(source.dtype, source.shape.dimensions, source.byteCount))
    } else {
      let width = source.dtype.width
      let elements = max(pieceBytes / width, 1)
      encoder.mapHead(3)
      encoder.string("__msgpack_chunked_array__")
      encoder.bool(true)
      encoder.string("shape")
      encoder.mapHead(source.shape.rank)
      for (index, extent) in source.shape.dimensions.enumerated() {
        encoder.string(String(index))
        encoder.uint(UInt64(extent))
      }
      encoder.string("chunks")
      let total = source.shape.elementCount
      encoder.mapHead((total + elements - 1) / elements)
      for (index, start) in stride(from: 0, to: total, by: elements).enumerated() {
        let count = min(elements, total - start)
        encoder.string(String(index))
        leaf.pieces.append(add(source.dtype, [count], count * width))
      }
    }
    leaves.append(leaf)
  }

  /// Adds the header of an array extension: shape, dtype name, and the length of the omitted bytes.
  private mutating func add(
    _ dtype: DType, _ extents: [Int], _ byteCount: Int
  ) -> (offset: Int, byteCount: Int) {
    var head = MsgpackEncoder()
    head.arrayHead(3)
    head.arrayHead(extents.count)
    for extent in extents { head.uint(UInt64(extent)) }
    head.string(dtype.rawValue)
    head.bytesHead(byteCount)
    encoder.extensionHead(1, head.offset + byteCount)
    encoder.raw(head.segments[0].bytes)
    let offset = encoder.offset
    encoder.leaveOut(byteCount)
    return (offset, byteCount)
  }

  private mutating func note(_ kind: ConversionNote.Kind, _ message: String, _ path: TreePath) {
    notes.append(ConversionNote(kind, message, treePath: path.description))
  }
}
