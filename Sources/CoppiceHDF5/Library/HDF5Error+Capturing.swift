import CCoppiceHDF5

extension HDF5Error {
  /// Takes the frames of the thread's error stack and clears it; the caller holds the library lock.
  static func capture() -> HDF5Error {
    var frames: [Frame] = []
    _ = unsafe withUnsafeMutablePointer(to: &frames) { context in
      unsafe H5Ewalk2(
        hid_t(H5E_DEFAULT), H5E_WALK_DOWNWARD,
        { _, entry, context in
          guard let entry = unsafe entry?.pointee, let context = unsafe context else { return 0 }
          let frame = unsafe Frame(
            function: HDF5Error.text(entry.func_name), message: HDF5Error.text(entry.desc),
            major: HDF5Error.meaning(entry.maj_num), minor: HDF5Error.meaning(entry.min_num))
          unsafe context.assumingMemoryBound(to: [Frame].self).pointee.append(frame)
          return 0
        }, context)
    }
    _ = H5Eclear2(hid_t(H5E_DEFAULT))
    return HDF5Error(frames: frames)
  }

  private static func text(_ bytes: UnsafePointer<CChar>?) -> String {
    guard let bytes = unsafe bytes else { return "" }
    return unsafe String(cString: bytes)
  }

  /// Returns the text of a major or minor error number.
  private static func meaning(_ number: hid_t) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
      guard let start = buffer.baseAddress else { return "" }
      let count = unsafe H5Eget_msg(number, nil, start, buffer.count)
      return count > 0 ? unsafe String(cString: start) : ""
    }
  }
}
