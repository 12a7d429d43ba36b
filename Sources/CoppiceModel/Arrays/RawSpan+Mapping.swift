extension RawSpan {
  /// Maps each element with a closure and writes the results.
  ///
  /// The bytes must be whole elements, at any alignment, and the output must have room for all
  /// results.
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
