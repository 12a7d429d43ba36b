import CoppiceModel

extension ElementForm {
  /// Makes the array's elements of the file's, in place.
  ///
  /// - Parameter bytes: Whole elements.
  /// - Throws: `hdf5.element` when one is none of the type's values.
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

  /// The element that stands where nothing is stored: zero, unless another was chosen.
  ///
  /// - Parameter fill: One element of the dataset as the file has it, so perhaps several of these.
  func fillElement(_ fill: [UInt8]?) throws(CoppiceError) -> [UInt8] {
    var element = fill.map { Array($0.prefix(width)) } ?? []
    element += Array(repeating: 0, count: width - element.count)
    var span = element.mutableSpan
    var bytes = unsafe span.mutableBytes
    try convert(&bytes)
    return element
  }
}
