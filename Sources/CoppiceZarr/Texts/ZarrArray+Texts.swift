import CoppiceCompression
import CoppiceModel

/// The room left for texts, which are in memory as values of the tree.
struct TextBudget {
  var bytes = 256 << 20
  var count = 1 << 22

  /// Takes room for the texts of an array.
  ///
  /// - Throws: `zarr.too-large`.
  mutating func take(bytes: Int, count: Int) throws(CoppiceError) {
    guard bytes <= self.bytes, count <= self.count else {
      throw CoppiceError(
        .zarrTooLarge,
        "the array has \(count) texts in \(bytes) bytes, more than are read of one store")
    }
    self.bytes -= bytes
    self.count -= count
  }
}

extension ZarrArray {
  /// Reads the array's texts; `nil` if its elements are numbers.
  ///
  /// - Throws: `zarr.*`, `compression.*`, `io.*`.
  func texts(_ budget: inout TextBudget) throws(CoppiceError) -> TextArray? {
    guard let text = metadata.text else { return nil }
    let elements =
      switch text {
      case .bytes(let count): try fixedTexts(count, areCharacters: false, &budget)
      case .characters(let count): try fixedTexts(count, areCharacters: true, &budget)
      case .variableText: try variableTexts(areStrings: true, &budget)
      case .variableBytes: try variableTexts(areStrings: false, &budget)
      }
    let extents = text.row == nil ? shape.dimensions : Array(shape.dimensions.dropLast())
    return Shape(extents).flatMap { TextArray(shape: $0, elements: elements) }
  }

  private func fixedTexts(
    _ count: Int, areCharacters: Bool, _ budget: inout TextBudget
  ) throws(CoppiceError) -> TextArray.Elements {
    let number = shape.elementCount / count
    try budget.take(bytes: byteCount, count: number)
    let bytes = try load().withBytes { unsafe $0.withUnsafeBytes { unsafe Array($0) } }
    let size = count * dtype.width
    var strings: [String] = []
    var contents: [[UInt8]] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      let element = bytes[start..<(start + size)]
      if areCharacters {
        strings.append(try Self.string(element))
      } else {
        contents.append(Self.trimmed(element))
      }
    }
    return areCharacters ? .strings(strings) : .bytes(contents)
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var bytes = bytes
    while bytes.last == 0 { bytes.removeLast() }
    return Array(bytes)
  }

  private static func string(_ bytes: ArraySlice<UInt8>) throws(CoppiceError) -> String {
    var scalars: [UInt32] = []
    for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 4) {
      scalars.append(bytes[start..<(start + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }
    while scalars.last == 0 { scalars.removeLast() }
    var text = String.UnicodeScalarView()
    for value in scalars {
      guard let scalar = Unicode.Scalar(value) else { throw notText("has the code \(value)") }
      text.append(scalar)
    }
    return String(text)
  }

  private static func notText(_ fault: String) -> CoppiceError {
    CoppiceError(
      .zarrText, "a text \(fault), which isn't a character's; the chunk is damaged, or holds bytes")
  }
}

extension ZarrArray {
  /// Reads texts of any length: chunk by chunk, as each is a list of its own.
  private func variableTexts(
    areStrings: Bool, _ budget: inout TextBudget
  ) throws(CoppiceError) -> TextArray.Elements {
    try budget.take(bytes: 0, count: shape.elementCount)
    let fill: [UInt8] = if case .element(let bytes) = metadata.fill { bytes } else { [] }
    var contents = [[UInt8]](repeating: fill, count: shape.elementCount)
    for index in grid.indices(sharing: ArrayBox(whole: shape)) {
      guard let box = grid.box(at: index), case .stored(let source) = try chunks.bytes(index)
      else { continue }
      do throws(CoppiceError) {
        let stream = try metadata.coding.stream(
          over: source, chunkBytes: budget.bytes, bufferSize: 64 << 10, isBounded: false,
          most: wholeLimit)
        let items = try Self.items(
          try stream.readAll(limit: budget.bytes), count: grid.chunk.elementCount)
        try budget.take(bytes: items.reduce(0) { $0 + $1.count }, count: 0)
        place(items, in: &contents, box)
      } catch {
        throw located(error, index)
      }
    }
    guard areStrings else { return .bytes(contents) }
    var strings: [String] = []
    for content in contents {
      guard let string = String(validating: content, as: UTF8.self) else {
        throw Self.notText("has bytes that aren't UTF-8")
      }
      strings.append(string)
    }
    return .strings(strings)
  }

  /// Returns the elements of a chunk: their number, and before each the number of its bytes.
  private static func items(_ bytes: [UInt8], count: Int) throws(CoppiceError) -> [[UInt8]] {
    func cut() -> CoppiceError {
      CoppiceError(
        .zarrChunkSize, "the chunk's list of texts ends too soon or too late; it is damaged")
    }
    guard bytes.count >= 4, Int(BloscHeader.word(bytes, at: 0)) == count,
      count <= bytes.count / 4 - 1
    else { throw cut() }
    var items: [[UInt8]] = []
    var place = 4
    for _ in 0..<count {
      guard place <= bytes.count - 4 else { throw cut() }
      let size = Int(BloscHeader.word(bytes, at: place))
      place += 4
      guard size <= bytes.count - place else { throw cut() }
      items.append(Array(bytes[place..<(place + size)]))
      place += size
    }
    guard place == bytes.count else { throw cut() }
    return items
  }

  /// Puts a chunk's elements at their places in the array.
  private func place(_ items: [[UInt8]], in contents: inout [[UInt8]], _ box: ArrayBox) {
    let local = GridIndices(
      from: box.offset.map { _ in 0 }, to: box.shape.dimensions)
    for index in local {
      // The steps are those of elements of one byte.
      let item = zip(index, order.steps).reduce(0) { $0 + $1.0 * $1.1 }
      var target = 0
      for (dimension, extent) in shape.dimensions.enumerated() {
        target = target * extent + box.offset[dimension] + index[dimension]
      }
      contents[target] = items[item]
    }
  }
}
