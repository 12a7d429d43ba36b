extension RawSpan {
  /// Writes what becomes of each element, one after the other.
  ///
  /// The bytes are whole elements, at any address, and the output has room for all results.
  @inline(__always)
  func map<Source: BitwiseCopyable, Target: BitwiseCopyable>(
    to output: inout MutableRawSpan, _ body: (Source) -> Target
  ) {
    let count = byteCount / MemoryLayout<Source>.size
    precondition(count <= output.byteCount / MemoryLayout<Target>.size, "the results must fit")
    unsafe withUnsafeBytes { from in
      unsafe output.withUnsafeMutableBytes { to in
        for index in 0..<count {
          let element = unsafe from.loadUnaligned(
            fromByteOffset: index * MemoryLayout<Source>.size, as: Source.self)
          unsafe to.storeBytes(
            of: body(element), toByteOffset: index * MemoryLayout<Target>.size, as: Target.self)
        }
      }
    }
  }
}
