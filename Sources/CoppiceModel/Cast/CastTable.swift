internal import Synchronization

/// The results of a cast for all elements of a dtype of at most 16 bits, indexed by their bits.
struct CastTable: Sendable {
  private let sourceWidth: Int
  private let targetWidth: Int
  /// The converted elements.
  private let entries: [UInt8]
  /// For each element, 1 if it can't be converted.
  private let failures: [UInt8]
  private let hasFailures: Bool

  private struct Key: Hashable {
    let source: DType
    let target: DType
    let mode: CastMode
  }

  /// The tables made so far, kept for the life of the process.
  private static let tables = Mutex<[Key: CastTable]>([:])

  /// Returns the table of a cast for a piece of `count` elements.
  ///
  /// - Returns: `nil` where making the table would take longer than converting the piece without
  ///   it.
  static func shared(for cast: ElementCast, count: Int) -> CastTable? {
    let key = Key(source: cast.source, target: cast.target, mode: cast.mode)
    if let table = tables.withLock({ $0[key] }) { return table }
    guard count >= entryCount(cast.source) / 16 else { return nil }
    // Made outside the lock: at worst two threads make the same table.
    let table = CastTable(cast)
    tables.withLock { $0[key] = table }
    return table
  }

  private static func entryCount(_ source: DType) -> Int { 1 << (source.width * 8) }

  private init(_ cast: ElementCast) {
    let width = cast.source.width
    let count = Self.entryCount(cast.source)
    let codes = (0..<count).flatMap { code in (0..<width).map { UInt8(code >> ($0 * 8) & 0xFF) } }
    var entries = [UInt8](repeating: 0, count: count * cast.target.width)
    var failures = [UInt8](repeating: 0, count: count)
    let bytes = unsafe codes.span.bytes
    var span = entries.mutableSpan
    var output = unsafe span.mutableBytes
    for code in 0..<count {
      if let number = ElementNumber(cast.source, atByte: code * width, in: bytes) {
        let result = cast.convert(number)
        cast.store(result, at: code, in: &output)
        failures[code] = result.failure == nil ? 0 : 1
      } else {
        failures[code] = 1
      }
    }
    self.sourceWidth = width
    self.targetWidth = cast.target.width
    self.entries = entries
    self.failures = failures
    self.hasFailures = failures.contains(1)
  }

  /// Converts a block; returns whether any element fails.
  func convert(_ block: RawSpan, to output: inout MutableRawSpan) -> Bool {
    sourceWidth == 1
      ? lookUp(block, &output) { (code: UInt8) in Int(code) }
      : lookUp(block, &output) { (code: UInt16) in Int(code) }
  }

  /// Converts a block of float32 with a table for bfloat16; returns whether any element fails.
  ///
  /// For targets with fewer than six fraction bits this is exact: a number that is truncated to
  /// seven fraction bits, with the last one set if any bits were lost, rounds to the same result.
  func convertFloat32(_ block: RawSpan, to output: inout MutableRawSpan) -> Bool {
    lookUp(block, &output) { (bits: UInt32) in
      Int(bits >> 16 | (bits & 0xFFFF == 0 ? 0 : 1))
    }
  }

  private func lookUp<Source: BitwiseCopyable>(
    _ block: RawSpan, _ output: inout MutableRawSpan, code: (Source) -> Int
  ) -> Bool {
    switch targetWidth {
    case 1: lookUp(UInt8.self, block, &output, code)
    case 2: lookUp(UInt16.self, block, &output, code)
    case 4: lookUp(UInt32.self, block, &output, code)
    case 8: lookUp(UInt64.self, block, &output, code)
    default: lookUp(SIMD2<UInt64>.self, block, &output, code)
    }
  }

  @inline(__always)
  private func lookUp<Source: BitwiseCopyable, Target: BitwiseCopyable>(
    _: Target.Type, _ block: RawSpan, _ output: inout MutableRawSpan, _ code: (Source) -> Int
  ) -> Bool {
    unsafe entries.withUnsafeBytes { entries in
      unsafe failures.withUnsafeBufferPointer { failures in
        var failed: UInt8 = 0
        block.map(to: &output) { (element: Source) in
          let code = code(element)
          if hasFailures { unsafe failed |= failures[code] }
          return unsafe entries.loadUnaligned(
            fromByteOffset: code * MemoryLayout<Target>.size, as: Target.self)
        }
        return failed != 0
      }
    }
  }
}
