import CoppiceFiles
import CoppiceModel

/// The header before the elements of an array file.
struct NpyHeader {
  var element: NpyElement
  var isFortranOrder: Bool
  var shape: Shape

  /// The number of bytes before the first element.
  var byteCount: Int

  /// The size of all elements in bytes.
  var dataByteCount: Int

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The most bytes of a header that this reader accepts; NumPy itself reads no more than 10 000.
  private static let maximumBytes = 1 << 20
}

extension NpyHeader {
  /// Reads the header at the beginning of an array file.
  ///
  /// - Throws: `npy.*`; `io.*` when the bytes can't be read.
  init(readingFrom file: any ByteSource, limits: ReadLimits) throws(CoppiceError) {
    let start = try Self.bytes(file, 0..<min(12, file.byteCount))
    guard start.starts(with: Self.magic), start.count >= 10 else {
      throw CoppiceError(
        .npyMagic,
        "the bytes don't begin as those of a NumPy array; this is something else, or damaged")
    }
    let (major, minor) = (start[6], start[7])
    guard minor == 0, (1...3).contains(major) else {
      throw CoppiceError(
        .npyVersion,
        "the header is of version \(major).\(minor); versions 1.0, 2.0 and 3.0 are read")
    }
    let lengthBytes = major == 1 ? 2 : 4
    let first = 8 + lengthBytes
    guard start.count >= first else { throw Self.cutOff }
    let length = start[8..<first].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.maximumBytes else {
      throw CoppiceError(
        .npyLimit, "the header has \(length) bytes; at most \(Self.maximumBytes) are read")
    }
    guard length <= file.byteCount - first else { throw Self.cutOff }
    do throws(CoppiceError) {
      var parser = PythonLiteralParser(try Self.bytes(file, first..<(first + length)))
      try self.init(try parser.parse(), byteCount: first + length, limits: limits)
    } catch {
      var error = error
      error.location.offset = error.location.offset.map { $0 + first }
      throw error
    }
  }

  private init(
    _ literal: PythonLiteral, byteCount: Int, limits: ReadLimits
  ) throws(CoppiceError) {
    guard case .dict(let pairs) = literal,
      pairs.count == 3,
      let descr = Self.value("descr", in: pairs),
      case .bool(let isFortranOrder)? = Self.value("fortran_order", in: pairs),
      case .tuple(let items)? = Self.value("shape", in: pairs)
    else {
      throw CoppiceError(
        .npyHeader,
        "the header must be a dictionary of descr, fortran_order (true or false) and shape (a tuple); "
          + "it is damaged")
    }
    guard items.count <= limits.rank else {
      throw CoppiceError(
        .npyLimit, "the array has \(items.count) dimensions; at most \(limits.rank) are read")
    }
    var extents: [Int] = []
    for item in items {
      guard case .integer(let extent) = item else {
        throw CoppiceError(
          .npyHeader, "an extent of the shape is no integer; the header is damaged")
      }
      extents.append(extent)
    }
    try self.init(
      NpyElement(descr), extents, isFortranOrder: isFortranOrder, byteCount: byteCount)
  }

  /// Makes a header.
  ///
  /// - Throws: `npy.shape`.
  init(
    _ element: NpyElement, _ extents: [Int], isFortranOrder: Bool, byteCount: Int = 0
  ) throws(CoppiceError) {
    self.element = element
    self.isFortranOrder = isFortranOrder
    self.byteCount = byteCount
    guard let shape = Shape(extents) else { throw Self.wrongShape(extents) }
    let (bytes, overflow) = shape.elementCount.multipliedReportingOverflow(by: element.width)
    guard !overflow else { throw Self.wrongShape(extents) }
    self.shape = shape
    dataByteCount = bytes
  }

  /// Whether the elements are in C order; with one extent above 1, both orders are the same.
  var isCOrder: Bool {
    !isFortranOrder || shape.elementCount == 0 || shape.dimensions.count { $0 > 1 } <= 1
  }

  /// Checks that the elements, and nothing else, follow the header.
  ///
  /// - Throws: `npy.truncated`, `npy.trailing-data`.
  func checkSize(of fileByteCount: Int) throws(CoppiceError) {
    let rest = fileByteCount - byteCount
    guard rest >= dataByteCount else {
      throw CoppiceError(
        .npyTruncated,
        "the array of shape \(shape) takes \(dataByteCount) bytes, but \(rest) are there; copy it again",
        at: .init(offset: byteCount))
    }
    guard rest == dataByteCount else {
      throw CoppiceError(
        .npyTrailingData,
        "\(rest - dataByteCount) bytes follow the array; save several arrays as an npz",
        at: .init(offset: byteCount + dataByteCount))
    }
  }

  private static func value(_ name: String, in pairs: [PythonLiteral.Pair]) -> PythonLiteral? {
    pairs.first { $0.key == .string(name) }?.value
  }

  private static func bytes(
    _ file: any ByteSource, _ range: Range<Int>
  ) throws(CoppiceError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try file.read(at: range.lowerBound, into: &target)
    return bytes
  }

  private static let cutOff = CoppiceError(
    .npyHeader, "the file ends before its header does; copy it again")

  private static func wrongShape(_ extents: [Int]) -> CoppiceError {
    let text = extents.map(String.init).joined(separator: ", ")
    return CoppiceError(
      .npyShape, "no array has the shape (\(text)): it is negative, or overflows 64 bits")
  }
}
