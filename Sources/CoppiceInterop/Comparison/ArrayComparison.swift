import CoppiceModel

/// A comparison of the elements of two arrays of equal shape, in memory that doesn't grow with
/// them.
struct ArrayComparison {
  let options: ComparisonOptions
  let monitor: OperationMonitor

  /// The size up to which arrays are read whole.
  static let wholeBytes = 1 << 20

  /// The most bytes of a piece of a larger array.
  static let pieceBytes = 1 << 20

  /// Compares two arrays.
  ///
  /// - Parameters:
  ///   - names: The names of the two sides in errors.
  /// - Returns: The difference, if there is one, and the sums of distances, if these are asked for.
  /// - Throws: The errors of the sources, which name the side; `operation.cancelled`.
  func run(
    _ a: any ArraySource, _ b: any ArraySource, names: ComparisonNames
  ) throws(CoppiceError) -> (difference: ElementDifference?, sums: DistanceSums?) {
    var elements = try ElementComparison(
      a.dtype, b.dtype, tolerance: options.tolerance, measuresNorms: options.measuresNorms)
    if max(a.byteCount, b.byteCount) <= Self.wholeBytes {
      let left = try names.blamingA { () throws(CoppiceError) in try a.load() }
      let right = try names.blamingB { () throws(CoppiceError) in try b.load() }
      left.withBytes { x in right.withBytes { y in elements.compare(x, y, from: 0) } }
      try monitor.advance(bytes: a.byteCount + b.byteCount)
    } else {
      try compareInStep(a, b, names, &elements)
    }
    return (elements.difference(in: a.shape), elements.sums)
  }

  private func compareInStep(
    _ a: any ArraySource, _ b: any ArraySource, _ names: ComparisonNames,
    _ elements: inout ElementComparison
  ) throws(CoppiceError) {
    let pulled = try PieceIterator(b, pieceBytes: Self.pieceBytes / b.dtype.width * b.dtype.width)
    defer { pulled.stop() }
    var piece: [UInt8] = []
    var consumed = 0
    var done = 0
    var isBodysFault = false
    do {
      try a.forEachPiece(ofAtMost: Self.pieceBytes) { (left) throws(CoppiceError) in
        do throws(CoppiceError) {
          var start = 0
          while start < left.byteCount {
            if consumed == piece.count {
              consumed = 0
              let isThere = try names.blamingB { () throws(CoppiceError) in
                try pulled.next(&piece)
              }
              guard isThere, !piece.isEmpty else { throw Self.tooShort }
            }
            // Compare as many elements as both pieces still have.
            let count = min(
              (left.byteCount - start) / a.dtype.width, (piece.count - consumed) / b.dtype.width)
            guard count > 0 else { throw Self.tooShort }
            let right = piece.span.bytes
            elements.compare(
              left.extracting(start..<(start + count * a.dtype.width)),
              right.extracting(consumed..<(consumed + count * b.dtype.width)), from: done)
            start += count * a.dtype.width
            consumed += count * b.dtype.width
            done += count
            try monitor.advance(bytes: count * (a.dtype.width + b.dtype.width))
          }
        } catch {
          isBodysFault = true
          throw error
        }
      }
    } catch {
      throw isBodysFault ? error : names.blameA(error)
    }
    // Reading to the end may reveal further errors, such as a wrong digest of the whole.
    let hasMore = try names.blamingB { () throws(CoppiceError) in try pulled.next(&piece) }
    guard !hasMore else { throw Self.tooShort }
    guard done == a.shape.elementCount else { throw Self.tooShort }
  }

  private static var tooShort: CoppiceError {
    CoppiceError(.modelByteCount, "an array yielded fewer elements than its shape has")
  }
}

/// The names of the two sides of a comparison in errors.
struct ComparisonNames: Sendable {
  let a: String
  let b: String

  /// Returns the error with the side's name before its file.
  private static func blame(_ error: CoppiceError, _ name: String) -> CoppiceError {
    guard !name.isEmpty, error.code != .operationCancelled else { return error }
    return error.named(from: name)
  }

  func blameA(_ error: CoppiceError) -> CoppiceError { Self.blame(error, a) }

  func blamingA<Result>(
    _ body: () throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result {
    do throws(CoppiceError) { return try body() } catch { throw Self.blame(error, a) }
  }

  func blamingB<Result>(
    _ body: () throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result {
    do throws(CoppiceError) { return try body() } catch { throw Self.blame(error, b) }
  }
}
