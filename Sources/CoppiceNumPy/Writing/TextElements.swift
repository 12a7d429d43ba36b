import CoppiceModel

/// The texts of an array as a NumPy file stores them: each padded with zeros to the longest.
struct TextElements {
  var descr: String
  var shape: Shape
  var bytes: [UInt8]

  /// The maximum number of bytes of such an array.
  private static let maximumBytes = 1 << 30

  /// Encodes texts.
  ///
  /// - Returns: `nil` if a text ends in zeros, which readers would take for padding, or if the
  ///   array would be too large.
  init?(_ texts: TextArray) {
    shape = texts.shape
    switch texts.elements {
    case .strings(let strings):
      let characters = strings.map { $0.unicodeScalars.map(\.value) }
      guard let (width, bytes) = Self.fill(characters, width: 4) else { return nil }
      descr = "<U\(width)"
      self.bytes = bytes
    case .bytes(let strings):
      guard let (width, bytes) = Self.fill(strings, width: 1) else { return nil }
      descr = "|S\(width)"
      self.bytes = bytes
    }
  }

  private static func fill<Unit: FixedWidthInteger>(
    _ texts: [[Unit]], width: Int
  ) -> (Int, [UInt8])? {
    guard texts.allSatisfy({ $0.last != 0 }) else { return nil }
    // NumPy has no texts of width zero.
    let longest = max(texts.map(\.count).max() ?? 1, 1)
    let (count, overflow) = texts.count.multipliedReportingOverflow(by: longest * width)
    guard !overflow, count <= maximumBytes else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for text in texts {
      for unit in text {
        for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: unit >> (8 * index))) }
      }
      bytes.append(contentsOf: repeatElement(0, count: (longest - text.count) * width))
    }
    return (longest, bytes)
  }
}
