import CoppiceFiles
public import CoppiceModel
import CoppiceNumPy

/// An array as a file of NumPy, which `numpy.load` reads.
public struct NumPyFile: Sendable {
  private let file: NpyFile

  /// Makes the file of an array.
  ///
  /// NumPy's files have no names for types of ml_dtypes: `bfloat16` is written as two opaque bytes,
  /// as NumPy itself does, and the others as integers of 8 bits.
  ///
  /// - Throws: `npy.shape` when the array's size overflows.
  public init(of source: any ArraySource) throws(CoppiceError) { file = try NpyFile(of: source) }

  /// Makes the file of an array of texts.
  ///
  /// - Throws: `conversion.inexact` when NumPy would change a text that ends in zeros;
  ///   `limit.memory`.
  public init(of texts: TextArray) throws(CoppiceError) {
    guard let file = try NpyFile(of: texts) else {
      throw CoppiceError(
        .conversionInexact,
        "NumPy's texts have one width, so zeros at their ends would be lost, or they would be too large"
      )
    }
    self.file = file
  }

  /// The note about a type that isn't the array's own.
  public var note: ConversionNote? { file.note.map { ConversionNote(.dtype, $0) } }

  /// Passes on the bytes of the file, piece by piece.
  ///
  /// - Parameters:
  ///   - monitor: Reports the progress, and cancels.
  ///   - output: Receives the bytes, in order.
  /// - Throws: The errors of reading and of `output`; `operation.cancelled`.
  public func write(
    monitor: OperationMonitor = OperationMonitor(),
    to output: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    try output(file.header.span.bytes)
    try file.source.forEachPiece(ofAtMost: 1 << 20) { (piece) throws(CoppiceError) in
      try output(piece)
      try monitor.advance(bytes: piece.byteCount)
    }
  }
}
