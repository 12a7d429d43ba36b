package import CoppiceJSON
package import CoppiceModel

/// The digest of a document that the document itself holds: computed with that value set to zeros.
///
/// Spec: MET-12.
package enum SelfDigest {
  /// The name of the member.
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
    // The value is 16 digits between quotes, so they lie directly after the value's first byte.
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
