package import CoppiceJSON
package import CoppiceModel

/// The digest that a document holds of itself: over its canonical bytes with that value zeroed.
///
/// Spec: MET-12.
package enum SelfDigest {
  /// The member that holds it.
  package static let member = "digest"
  private static let zeros = String(repeating: "0", count: 16)

  /// Encodes a document with its digest added.
  package static func seal(_ members: [JSON.Member]) throws(CoppiceError) -> [UInt8] {
    let blank = try CanonicalJSON.encode(.object(members + [.init(member, .string(zeros))]))
    let digest = Digest(of: blank)
    return try CanonicalJSON.encode(.object(members + [.init(member, .string(digest.description))]))
  }

  /// Checks a document's digest of itself.
  ///
  /// - Throws: `metadata.digest-mismatch`; `json.*` when the member is not there or not hexadecimal.
  package static func check(
    _ bytes: [UInt8], _ reader: inout JSONObjectReader
  ) throws(CoppiceError) {
    let node = try reader.required(member)
    let recorded = Digest(bits: try node.hex64())
    // The value is 16 digits between quotes, so the bytes to zero are where the document has them.
    var blank = bytes
    let start = node.byteOffset + 1
    guard start + 16 <= blank.count else {
      throw node.error(.jsonType, "the digest isn't written as 16 hexadecimal digits")
    }
    for index in start..<(start + 16) { blank[index] = 0x30 }
    guard Digest(of: blank) == recorded else {
      throw node.error(
        .metadataDigestMismatch,
        "the document was changed or damaged: its digest is \(Digest(of: blank)), but it says \(recorded)"
      )
    }
  }
}
