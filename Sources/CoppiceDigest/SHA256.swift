import CCoppiceCrypto
import CoppiceModel

/// A SHA-256 digest in the making (FIPS 180-4), computed by OpenSSL.
@safe package struct SHA256: ~Copyable {
  private let context: OpaquePointer

  /// Starts a digest of no bytes.
  ///
  /// Traps without memory, as Swift's own allocations do.
  package init() {
    guard let context = unsafe EVP_MD_CTX_new(),
      unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
    else { preconditionFailure("no memory for a digest") }
    unsafe self.context = context
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  /// Adds bytes.
  package mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { (buffer: UnsafeRawBufferPointer) in
      _ = unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
    }
  }

  /// Adds bytes.
  package mutating func update(_ bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    unsafe update(bytes.span.bytes)
  }

  /// Returns the 32 bytes of the digest.
  package consuming func finishedBytes() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    var count: UInt32 = 0
    _ = unsafe EVP_DigestFinal_ex(context, &digest, &count)
    return digest
  }

  /// Returns the digest of all bytes, in hexadecimal.
  package consuming func finish() -> String { finishedBytes().hexadecimal }

  /// Returns the digest of bytes, in hexadecimal.
  package static func hex(_ bytes: some Sequence<UInt8>) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }
}
