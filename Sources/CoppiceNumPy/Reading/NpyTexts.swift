import CoppiceModel

/// Arrays of texts, which become values of the tree rather than array leaves.
enum NpyTexts {
  /// The most bytes of such an array, then the most elements: all of it is in memory.
  private static let maximumBytes = 256 << 20
  private static let maximumCount = 1 << 22

  /// Reads the texts in C order, without the zeros that pad each of them.
  ///
  /// - Throws: `npy.limit`, `npy.text`, and the errors of reading.
  static func read(
    _ content: NpyContent, _ header: NpyHeader
  ) throws(CoppiceError) -> TextArray {
    let shape = header.shape
    guard shape.elementCount <= maximumCount, header.dataByteCount <= maximumBytes else {
      throw CoppiceError(
        .npyLimit,
        "the array has \(shape.elementCount) texts in \(header.dataByteCount) bytes; at most "
          + "\(maximumCount) in \(maximumBytes) are read")
    }
    let bytes = try content.allBytes(limit: header.byteCount + header.dataByteCount)
    let places = header.isCOrder ? Array(0..<shape.elementCount) : fortranPlaces(shape)
    let width = header.element.width
    func element(_ place: Int) -> ArraySlice<UInt8> {
      let start = header.byteCount + place * width
      return bytes[start..<(start + width)]
    }
    let elements: TextArray.Elements
    if case .characters(_, let isSwapped) = header.element {
      var strings: [String] = []
      for place in places { strings.append(try string(element(place), isSwapped)) }
      elements = .strings(strings)
    } else {
      elements = .bytes(
        places.map { place in
          var bytes = element(place)
          while bytes.last == 0 { bytes.removeLast() }
          return Array(bytes)
        })
    }
    guard let texts = TextArray(shape: shape, elements: elements) else {
      throw CoppiceError(.npyTruncated, "the texts are not all there; copy the file again")
    }
    return texts
  }

  /// Returns the indexes of an array's elements in Fortran order, listed in C order.
  private static func fortranPlaces(_ shape: Shape) -> [Int] {
    var places = [0]
    var stride = 1
    // Each dimension, from the first on, varies slower in C order than those after it.
    for extent in shape.dimensions {
      places = places.flatMap { place in (0..<extent).map { place + $0 * stride } }
      stride *= extent
    }
    return places
  }

  private static func string(
    _ bytes: ArraySlice<UInt8>, _ isSwapped: Bool
  ) throws(CoppiceError) -> String {
    var scalars: [UInt32] = []
    for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 4) {
      let word = bytes[start..<(start + 4)]
      scalars.append(
        isSwapped
          ? word.reduce(0) { $0 << 8 | UInt32($1) }
          : word.reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }
    while scalars.last == 0 { scalars.removeLast() }
    var text = String.UnicodeScalarView()
    for value in scalars {
      guard let scalar = Unicode.Scalar(value) else {
        throw CoppiceError(
          .npyText,
          "a text has the code \(value), which isn't a character; the array is damaged, or from a program "
            + "that keeps raw bytes in texts")
      }
      text.append(scalar)
    }
    return String(text)
  }
}
