import CCoppiceXXHash

/// The digest of stored bytes: XXH3-64 with seed 0.
///
/// It detects damage, not tampering.
///
/// Spec: MET-13.
package struct Digest: Hashable, Sendable {
  /// The 64 bits.
  package let bits: UInt64

  /// Makes a digest from its bits.
  package init(bits: UInt64) { self.bits = bits }

  /// Computes the digest of bytes in memory.
  package init(of bytes: RawSpan) {
    Self.prepare
    bits = unsafe bytes.withUnsafeBytes { unsafe cxxhash_digest($0.baseAddress, $0.count) }
  }

  /// Makes the library select its instruction set once, before two threads could do so
  /// concurrently.
  fileprivate static let prepare: Void = cxxhash_prepare()

  /// Computes the digest of bytes in memory.
  package init(of bytes: [UInt8]) { self.init(of: unsafe bytes.span.bytes) }
}

extension Digest: CustomStringConvertible {
  /// 16 lower-case hexadecimal digits.
  package var description: String {
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// The computation of a digest of bytes that arrive in several calls.
@safe package struct DigestStream: ~Copyable {
  // Nil only where the allocation failed; the digest is then 0, which matches nothing.
  private let state: OpaquePointer?

  package init() {
    Digest.prepare
    unsafe state = XXH3_createState()
    unsafe XXH3_64bits_reset(state)
  }

  deinit { unsafe XXH3_freeState(state) }

  /// Adds the next bytes.
  package mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe _ = cxxhash_update(state, $0.baseAddress, $0.count) }
  }

  /// Starts over.
  package mutating func reset() { unsafe _ = XXH3_64bits_reset(state) }

  /// The digest of all bytes so far.
  package var digest: Digest { Digest(bits: unsafe XXH3_64bits_digest(state)) }
}
