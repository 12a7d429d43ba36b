import CoppiceModel

/// LibLZF's compression, which is h5py's own filter 32000.
enum LZF {
  /// Decodes exactly as many bytes as the target has.
  ///
  /// - Returns: `false` when the coded bytes are damaged, or hold more or fewer.
  static func decode(_ source: RawSpan, into target: inout MutableRawSpan) -> Bool {
    unsafe source.withUnsafeBytes { from in
      unsafe target.withUnsafeMutableBytes { to in unsafe decode(from, to) }
    }
  }

  private static func decode(
    _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer
  ) -> Bool {
    var (input, output) = (0, 0)
    while input < source.count {
      let control = unsafe Int(source[input])
      input += 1
      if control < 32 {
        // A literal run: the control byte plus one bytes follow uncoded.
        let count = control + 1
        guard count <= source.count - input, count <= target.count - output else { return false }
        for _ in 0..<count {
          unsafe target[output] = source[input]
          output += 1
          input += 1
        }
        continue
      }
      var count = control >> 5
      if count == 7 {
        guard input < source.count else { return false }
        count += unsafe Int(source[input])
        input += 1
      }
      count += 2
      guard input < source.count else { return false }
      let distance = unsafe (control & 31) << 8 + Int(source[input]) + 1
      input += 1
      guard distance <= output, count <= target.count - output else { return false }
      // The source may overlap the target, so copy byte by byte: later bytes repeat those just
      // written.
      for _ in 0..<count {
        unsafe target[output] = target[output - distance]
        output += 1
      }
    }
    return output == target.count
  }
}
