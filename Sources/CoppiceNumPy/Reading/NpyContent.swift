import CoppiceCompression
import CoppiceFiles
import CoppiceModel
import CoppiceZip

/// The bytes of an array file, which is a separate file or a member of an archive.
enum NpyContent {
  case file(any ByteSource)
  case member(ZipMember)

  var byteCount: Int {
    switch self {
    case .file(let bytes): bytes.byteCount
    case .member(let member): member.byteCount
    }
  }

  /// Returns the bytes, readable at any offset; those of a member are checked before.
  func bytes() -> any ByteSource {
    switch self {
    case .file(let bytes): bytes
    case .member(let member): member.contents()
    }
  }

  /// Returns the bytes for reading the header, unchecked: a listing reads no elements.
  func uncheckedBytes() -> any ByteSource {
    switch self {
    case .file(let bytes): bytes
    case .member(let member): member.uncheckedContents()
    }
  }

  /// Reads all bytes of a small file; those of a member are checked.
  func allBytes(limit: Int) throws(CoppiceError) -> [UInt8] {
    switch self {
    case .member(let member): return try member.allBytes(limit: limit)
    case .file(let bytes):
      var all: [UInt8] = []
      try bytes.forEachPiece(ofAtMost: 1 << 20) { (piece) throws(CoppiceError) in
        unsafe piece.withUnsafeBytes { unsafe all.append(contentsOf: $0) }
      }
      return all
    }
  }
}

/// An array in C order in a member of an archive.
///
/// Reading it from first to last byte checks its checksum on the way. Reading a box first reads the
/// whole member once to check it.
struct MemberArraySource: ArraySource {
  let dtype: DType
  let shape: Shape
  private let member: ZipMember
  private let headerByteCount: Int
  private let elements: ContiguousArraySource

  /// Makes a source; fails when the member has another size.
  init?(_ member: ZipMember, dtype: DType, shape: Shape, headerByteCount: Int) {
    guard let count = shape.byteCount(of: dtype),
      let bytes = ByteSlice(of: member.contents(), at: headerByteCount, count: count),
      let elements = ContiguousArraySource(dtype: dtype, shape: shape, bytes: bytes)
    else { return nil }
    self.dtype = dtype
    self.shape = shape
    self.member = member
    self.headerByteCount = headerByteCount
    self.elements = elements
  }

  func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    try elements.places(at: path)
  }

  func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    guard range == ArrayBox(whole: shape) else {
      return try elements.read(range, into: &bytes)
    }
    let stream = try openStream()
    try stream.readExactly(into: &bytes)
    try stream.requireEnd()
  }

  func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let most = max(limit / dtype.width, 1) * dtype.width
    let stream = try openStream()
    var buffer = [UInt8](repeating: 0, count: min(most, byteCount))
    var left = byteCount
    while left > 0 {
      let count = min(buffer.count, left)
      var span = buffer.mutableSpan
      var bytes = unsafe span.mutableBytes
      var piece = bytes._mutatingExtracting(first: count)
      try stream.readExactly(into: &piece)
      left -= count
      // Pass on the last piece only after the checksum was checked.
      if left == 0 { try stream.requireEnd() }
      try body(unsafe buffer.span.bytes.extracting(first: count))
    }
  }

  private func openStream() throws(CoppiceError) -> any ByteStream {
    let stream = try member.stream()
    var header: [UInt8] = []
    try stream.skip(headerByteCount, through: &header)
    return stream
  }
}
