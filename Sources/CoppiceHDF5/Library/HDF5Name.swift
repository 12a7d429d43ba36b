/// A name or a path as libhdf5 takes it: bytes without a NUL, usually but not always UTF-8.
package protocol HDF5Name {
  /// The bytes, without a final NUL.
  var nameBytes: [UInt8] { get }
}

extension String: HDF5Name {
  package var nameBytes: [UInt8] { Array(utf8) }
}

extension Array: HDF5Name where Element == UInt8 {
  package var nameBytes: [UInt8] { self }
}

/// Passes a name as a C string to a closure.
///
/// - Throws: When the name holds a NUL, which would silently shorten it.
func withCString<Result>(
  _ name: some HDF5Name, _ body: (UnsafePointer<CChar>) throws(HDF5Error) -> Result
) throws(HDF5Error) -> Result {
  var bytes = name.nameBytes
  guard !bytes.contains(0) else { throw .refused("name", "the name holds a NUL byte") }
  bytes.append(0)
  return try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(HDF5Error) -> Result in
    try unsafe buffer.withMemoryRebound(to: CChar.self) { (chars) throws(HDF5Error) -> Result in
      guard let start = chars.baseAddress else { throw .refused("name", "the name has no bytes") }
      return try unsafe body(start)
    }
  }
}
