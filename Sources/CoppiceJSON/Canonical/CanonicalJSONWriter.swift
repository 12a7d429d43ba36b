/// A writer of documents in canonical form, front to back.
///
/// The caller must give members in the order of their names' bytes. Debug builds check that, and
/// that the caller writes values only where the grammar allows them.
///
/// Spec: MET-4 to MET-6.
package struct CanonicalJSONWriter: Sendable {
  var bytes: [UInt8] = []
  private var needsComma = false
  #if DEBUG
    private var grammar = CanonicalGrammar()
  #endif

  /// Starts a document.
  package init(reservingCapacity byteCount: Int = 0) {
    bytes.reserveCapacity(byteCount)
  }

  /// The number of bytes written so far: the offset of the next one, once any pending comma is
  /// written.
  package var byteCount: Int { bytes.count }

  /// The text written so far, without the final line feed.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Ends the document.
  package consuming func finish() -> [UInt8] {
    #if DEBUG
      grammar.finish()
    #endif
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  /// Ends a document that is an open object by adding the members of another document.
  ///
  /// Their names must come later than those already written.
  package consuming func finish(withMembersOf other: [UInt8]) -> [UInt8] {
    beginValue()
    unsafe other.span.extracting(1..<other.count).withUnsafeBufferPointer {
      unsafe bytes.append(contentsOf: $0)
    }
    return bytes
  }

  /// Ends a value that becomes part of another document.
  package consuming func finishValue() -> [UInt8] { bytes }

  /// Opens an object.
  package mutating func beginObject() {
    #if DEBUG
      grammar.open(isObject: true)
    #endif
    beginValue()
    bytes.append(UInt8(ascii: "{"))
    needsComma = false
  }

  /// Closes an object.
  package mutating func endObject() {
    #if DEBUG
      grammar.close(isObject: true)
    #endif
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }

  /// Opens an array.
  package mutating func beginArray() {
    #if DEBUG
      grammar.open(isObject: false)
    #endif
    beginValue()
    bytes.append(UInt8(ascii: "["))
    needsComma = false
  }

  /// Closes an array.
  package mutating func endArray() {
    #if DEBUG
      grammar.close(isObject: false)
    #endif
    bytes.append(UInt8(ascii: "]"))
    needsComma = true
  }

  /// Begins a member; its value must follow.
  package mutating func name(_ name: String) { self.name(name.utf8.span) }

  /// Begins a member whose name is given as UTF-8.
  mutating func name(_ name: Span<UInt8>) {
    #if DEBUG
      grammar.name(name)
    #endif
    beginValue()
    bytes.appendQuoted(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a pending comma before a value or name.
  @inline(__always)
  private mutating func beginValue() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  /// Prepares for a scalar.
  @inline(__always)
  mutating func beginScalar() {
    #if DEBUG
      grammar.value()
    #endif
    beginValue()
  }
}
