import CoppiceModel

/// A pair of arrays or files whose bytes must be compared.
struct ComparisonJob: Sendable {
  enum Pair: Sendable {
    case arrays(any ArraySource, any ArraySource)
    case files(any ByteSource, any ByteSource)
  }

  var place: Difference.Place
  var pair: Pair

  var isOfArrays: Bool { if case .arrays = pair { true } else { false } }

  /// The bytes to read.
  var byteCount: Int {
    switch pair {
    case .arrays(let a, let b): a.byteCount + b.byteCount
    case .files(let a, let b): a.byteCount + b.byteCount
    }
  }

  /// Compares the pair.
  ///
  /// - Returns: The difference, if there is one, and the sums of distances of arrays, if these are
  ///   asked for.
  func run(
    _ options: ComparisonOptions, _ names: ComparisonNames, _ monitor: OperationMonitor
  ) throws(CoppiceError) -> (difference: Difference?, sums: DistanceSums?) {
    switch pair {
    case .arrays(let a, let b):
      let comparison = ArrayComparison(options: options, monitor: monitor)
      do throws(CoppiceError) {
        let (found, sums) = try comparison.run(a, b, names: names)
        guard let found else { return (nil, sums) }
        var difference = Difference(.elements, place, a: found.firstA, b: found.firstB)
        difference.elements = found
        return (difference, sums)
      } catch {
        throw error.located(treePath: place.path)
      }
    case .files(let a, let b):
      guard let offset = try Self.firstDifference(a, b, names, monitor) else {
        return (nil, nil)
      }
      let size = "\(a.byteCount) bytes"
      return (Difference(.bytes, place, a: size, b: "others from byte \(offset) on"), nil)
    }
  }

  /// Returns the offset of the first different byte of two files of equal size.
  private static func firstDifference(
    _ a: any ByteSource, _ b: any ByteSource, _ names: ComparisonNames,
    _ monitor: OperationMonitor
  ) throws(CoppiceError) -> Int? {
    let pieceBytes = 1 << 20
    var left = [UInt8](repeating: 0, count: min(pieceBytes, a.byteCount))
    var right = left
    var offset = 0
    while offset < a.byteCount {
      let count = min(pieceBytes, a.byteCount - offset)
      try names.blamingA { () throws(CoppiceError) in
        try read(a, at: offset, count, into: &left)
      }
      try names.blamingB { () throws(CoppiceError) in
        try read(b, at: offset, count, into: &right)
      }
      if left != right, let index = (0..<count).first(where: { left[$0] != right[$0] }) {
        return offset + index
      }
      offset += count
      try monitor.advance(bytes: 2 * count)
    }
    return nil
  }

  private static func read(
    _ source: any ByteSource, at offset: Int, _ count: Int, into buffer: inout [UInt8]
  ) throws(CoppiceError) {
    var span = buffer.mutableSpan
    var bytes = span.mutableBytes
    var piece = bytes._mutatingExtracting(first: count)
    try source.read(at: offset, into: &piece)
  }
}
