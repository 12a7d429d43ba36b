import CoppiceModel

extension GGUFHeader {
  /// Reads and checks the header of a file, without the tensors' bytes.
  ///
  /// - Parameter salvages: Whether the file may lack the bytes of some tensors.
  /// - Throws: `gguf.*`; `io.*` when the file can't be read.
  init(
    readingFrom file: any ByteSource, name: String, limits: ReadLimits, salvages: Bool = false
  ) throws(CoppiceError) {
    var cursor = GGUFCursor(file, name: name, limits: limits)
    try Self.readVersion(&cursor)
    isBigEndian = cursor.isBigEndian
    // A tensor has a length, a number of dimensions, a type and an offset; a pair a length, a type and a value.
    let tensorCount = try cursor.count(of: "tensors", ofAtLeast: 24, limit: limits.leaves)
    let pairCount = try cursor.count(of: "metadata values", ofAtLeast: 13, limit: limits.leaves)
    try readMetadata(pairCount, &cursor, limits)
    try readTensors(tensorCount, &cursor, limits)
    dataOffset = (cursor.offset + alignment - 1) / alignment * alignment
    let end = salvages ? .max : max(file.byteCount, dataOffset)
    try checkPlaces(dataByteCount: end - dataOffset, file: name)
  }

  /// Reads the magic number and the version, which tells the byte order.
  private static func readVersion(_ cursor: inout GGUFCursor) throws(CoppiceError) {
    let start = Array(try cursor.bytes(UInt64(min(magic.count, cursor.rest))))
    guard start == magic else {
      let isOlder = ["GGML", "lmgg", "fmgg", "tjgg", "algg"].contains { start == Array($0.utf8) }
      throw CoppiceError(
        .ggufMagic,
        isOlder
          ? "this is a file of GGML from before GGUF, which is not read; convert the original model again"
          : "the file begins with \"\(String(printing: start))\" and not with \"GGUF\"; it is damaged, or of another format",
        at: .init(file: cursor.name, offset: 0))
    }
    var version: UInt32 = try cursor.integer()
    // The low half of a version in the other byte order is zero.
    if version != 0, version & 0xFFFF == 0 {
      cursor.isBigEndian = true
      version = version.byteSwapped
    }
    guard versions.contains(version) else {
      throw CoppiceError(
        .ggufVersion,
        version == 1
          ? "the file is of version 1 of GGUF, whose counts have 32 bits; versions 2 and 3 are read, so "
            + "convert the original model again"
          : "the file is of version \(version) of GGUF; versions 2 and 3 are read",
        at: .init(file: cursor.name, offset: magic.count))
    }
  }

  private mutating func readMetadata(
    _ count: Int, _ cursor: inout GGUFCursor, _ limits: ReadLimits
  ) throws(CoppiceError) {
    var reader = GGUFValueReader(limits)
    var keys: Set<TreeKey> = []
    metadata.reserveCapacity(count)
    for _ in 0..<count {
      cursor.subject = "a metadata key"
      let key = try cursor.text(ofAtMost: Self.maximumKeyBytes)
      guard keys.insert(.string(key)).inserted else {
        throw cursor.error(
          .ggufDuplicateKey,
          "two metadata values have the key \"\(key.printable)\"; nothing says which one counts")
      }
      cursor.subject = "the metadata value \"\(key.printable)\""
      metadata.append(JSON.Member(key, try reader.value(&cursor)))
    }
    guard metadata.contains(where: { $0.name == Self.alignmentKey }) else { return }
    // As in GGML and its Python package; the description of the format also allows multiples of 8.
    guard let number = self.count(Self.alignmentKey), number.nonzeroBitCount == 1,
      number <= Self.maximumAlignment
    else {
      throw cursor.error(
        .ggufMetadata, "\(Self.alignmentKey) must be a power of two, as an integer")
    }
    alignment = number
  }

  private static let alignmentKey = "general.alignment"
  private static let maximumAlignment = 1 << 32

  /// The most bytes that the format allows for a key.
  private static let maximumKeyBytes = 65535

  private mutating func readTensors(
    _ count: Int, _ cursor: inout GGUFCursor, _ limits: ReadLimits
  ) throws(CoppiceError) {
    var names: Set<TreeKey> = []
    tensors.reserveCapacity(count)
    for _ in 0..<count {
      cursor.subject = "the name of a tensor"
      let name = try cursor.text(ofAtMost: limits.componentBytes)
      guard names.insert(.string(name)).inserted else {
        throw Self.error(
          .ggufDuplicateName,
          "two tensors have this name, and nothing says which one counts; the file is damaged",
          tensor: name, file: cursor.name)
      }
      cursor.subject = "the description of the tensor \"\(name.printable)\""
      let shape = try Self.shape(&cursor, tensor: name, limits)
      let type: UInt32 = try cursor.integer()
      let offset: UInt64 = try cursor.integer()
      tensors.append(
        try Tensor(name, shape, type: type, offset: offset, file: cursor.name))
    }
  }

  private static func shape(
    _ cursor: inout GGUFCursor, tensor: String, _ limits: ReadLimits
  ) throws(CoppiceError) -> Shape {
    let rank: UInt32 = try cursor.integer()
    guard rank <= limits.rank else {
      throw error(
        .ggufLimit, "the tensor has \(rank) dimensions; at most \(limits.rank) are read",
        tensor: tensor, file: cursor.name)
    }
    var dimensions: [Int] = []
    for _ in 0..<rank {
      let extent: UInt64 = try cursor.integer()
      dimensions.append(Int(exactly: extent) ?? -1)
    }
    guard !dimensions.contains(-1), let shape = Shape(dimensions.reversed()) else {
      throw error(
        .ggufShape, "the number of elements overflows 64 bits; the header is damaged",
        tensor: tensor, file: cursor.name)
    }
    return shape
  }
}
