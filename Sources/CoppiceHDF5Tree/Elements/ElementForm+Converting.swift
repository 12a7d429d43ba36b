import CoppiceModel

extension ElementForm {
  /// Converts the file's elements to the array's, in place.
  ///
  /// - Parameter bytes: Whole elements.
  /// - Throws: `hdf5.element` when an element isn't a value of the type.
  func convert(_ bytes: inout MutableRawSpan) throws(CoppiceError) {
    switch conversion {
    case .none: return
    case .swap(unit: 2): Self.swap(&bytes, UInt16.self)
    case .swap(unit: 4): Self.swap(&bytes, UInt32.self)
    case .swap: Self.swap(&bytes, UInt64.self)
    case .truth:
      for index in 0..<bytes.byteCount {
        let byte = unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
        guard byte <= 1 else {
          throw CoppiceError(
            .hdf5Element, "a truth value is stored as \(byte), neither FALSE nor TRUE")
        }
      }
    case .mask(let mask):
      for index in 0..<bytes.byteCount {
        let byte = unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
        bytes.storeBytes(of: byte & mask, toByteOffset: index, as: UInt8.self)
      }
    }
  }

  private static func swap<Word: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: inout MutableRawSpan, _ word: Word.Type
  ) {
    let width = MemoryLayout<Word>.size
    unsafe bytes.withUnsafeMutableBytes { buffer in
      for index in 0..<(buffer.count / width) {
        let value = unsafe buffer.loadUnaligned(fromByteOffset: index * width, as: Word.self)
        unsafe buffer.storeBytes(
          of: value.byteSwapped, toByteOffset: index * width, as: Word.self)
      }
    }
  }

  /// Returns the dataset's element where nothing is stored: zero, unless the dataset has a fill value.
  ///
  /// - Parameter fill: One element of the dataset in the file's form, which may hold several of the
  ///   array's.
  /// - Throws: `hdf5.element`.
  func fillValue(_ fill: [UInt8]?) throws(CoppiceError) -> [UInt8] {
    let count = inner.reduce(width, *)
    guard var element = fill, element.count == count else {
      return Array(repeating: 0, count: width)
    }
    var span = element.mutableSpan
    var bytes = unsafe span.mutableBytes
    try convert(&bytes)
    return element
  }
}
