package import CoppiceModel

/// An array as a NumPy file of its own.
package struct NpyFile {
  /// The bytes before the elements.
  package let header: [UInt8]
  /// The elements as the file has them.
  package let source: any ArraySource
  /// A message about a type that NumPy's files can't name.
  package let note: String?

  /// Makes the file of an array.
  ///
  /// - Throws: `npy.shape`.
  package init(of source: any ArraySource) throws(CoppiceError) {
    guard let elements = WritableElements(source) else {
      throw CoppiceError(.npyShape, "the array's size overflows 64 bits")
    }
    header = NpyHeader.encode(descr: elements.descr, shape: source.shape)
    self.source = elements.source
    note = elements.note
  }

  /// Makes the file of an array of texts; `nil` where NumPy would change one, or for too many bytes.
  package init?(of texts: TextArray) throws(CoppiceError) {
    guard let elements = TextElements(texts), let count = Shape([elements.bytes.count]) else {
      return nil
    }
    header = NpyHeader.encode(descr: elements.descr, shape: elements.shape)
    source = try NDArray(dtype: .uint8, shape: count, bytes: elements.bytes)
    note = nil
  }
}
