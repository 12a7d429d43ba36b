import CoppiceJSON
import CoppiceModel

/// Reads a document in both dialects: what is read can be written and reads as the same.
enum JSONFuzzing {
  static func run(_ bytes: [UInt8]) {
    for dialect in [JSONDialect.strict, .python] {
      do throws(CoppiceError) {
        let document = try JSONDocument(
          parsing: bytes, file: "a.json", dialect: dialect, limits: CheckpointProbe.limits)
        let canonical = CanonicalJSON.encode(document.root)
        let again = try JSONDocument(parsing: canonical, dialect: dialect)
        guard again.root.json == document.root.json, again.isCanonical,
          document.isCanonical == (canonical == bytes)
        else { fail("a document that changes when it is written") }
        visit(document.root, bytes.count)
      } catch {
        check(error)
        guard error.location.pointer != nil, (0...bytes.count).contains(error.location.offset ?? -1)
        else {
          fail("an error without its place: \(error)")
        }
      }
    }
  }

  private static func visit(_ node: JSONNode, _ byteCount: Int) {
    guard node.byteRange.upperBound <= byteCount else { fail("a value beyond the document") }
    if node.elements.isEmpty && node.members.isEmpty && byteCount < 1024 { _ = node.pointer }
    _ = try? node.int()
    _ = try? node.double()
    _ = try? node.hex64()
    _ = try? node.integerColumn()
    _ = try? node.nonNegativeIntegerColumn()
    _ = try? node.stringColumn()
    for element in node.elements { visit(element, byteCount) }
    for (_, value) in node.members { visit(value, byteCount) }
  }
}
