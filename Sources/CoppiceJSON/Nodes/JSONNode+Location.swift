internal import CCoppiceSimdjson
package import CoppiceModel

extension JSONNode {
  /// The offset of the value in the source; a string begins at its opening quote.
  package var byteOffset: Int { Int(entry.offset) }

  /// The range of the whole value in the source, with quotes and brackets.
  package var byteRange: Range<Int> { byteOffset..<tape.endOffset(of: index) }

  /// The value's JSON pointer (RFC 6901).
  ///
  /// It is for errors only: finding it walks down from the root, past all earlier siblings.
  package var pointer: String {
    var pointer = ""
    var container = 0
    while container < index {
      let isObject = tape.entry(container).isKind(csimdjson_kind_object)
      var ordinal = 0
      var place = container + 1
      while true {
        let value = isObject ? place + 1 : place
        let next = tape.indexAfter(value)
        if index < next {
          if isObject {
            pointer += "/" + Self.pointerToken(tape.text(of: tape.entry(place)))
          } else {
            pointer += "/\(ordinal)"
          }
          // The node of a name has the pointer of its member.
          container = index == place ? index : value
          break
        }
        ordinal += 1
        place = next
      }
    }
    return pointer
  }

  static func pointerToken(_ name: String) -> String {
    var token: [UInt8] = []
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "~"): token += [UInt8(ascii: "~"), UInt8(ascii: "0")]
      case UInt8(ascii: "/"): token += [UInt8(ascii: "~"), UInt8(ascii: "1")]
      default: token.append(byte)
      }
    }
    return String(decoding: token, as: UTF8.self)
  }

  /// Returns an error that is located at this node.
  package func error(_ code: CoppiceError.Code, _ message: String) -> CoppiceError {
    CoppiceError(
      code, message, at: .init(file: tape.file, pointer: pointer, offset: byteOffset))
  }
}

extension JSONTape {
  /// Returns the end of a value in the source.
  ///
  /// The tape doesn't store it. For a container, the function finds the end of the last child and
  /// then the closing bracket.
  func endOffset(of index: Int) -> Int {
    let entry = entry(index)
    let start = Int(entry.offset)
    switch csimdjson_kind(UInt32(entry.kind)) {
    case csimdjson_kind_number: return start + Int(entry.length)
    case csimdjson_kind_null, csimdjson_kind_true: return start + 4
    case csimdjson_kind_false: return start + 5
    case csimdjson_kind_string: return endOfString(at: start)
    default:
      var end = start + 1
      var place = index + 1
      while place < Int(entry.link) {
        let value = entry.isKind(csimdjson_kind_object) ? place + 1 : place
        place = indexAfter(value)
        if place == Int(entry.link) { end = endOffset(of: value) }
      }
      // Only white space precedes the closing bracket.
      while byte(at: end) <= UInt8(ascii: " ") { end += 1 }
      return end + 1
    }
  }

  private func endOfString(at quote: Int) -> Int {
    var offset = quote + 1
    while byte(at: offset) != UInt8(ascii: "\"") {
      offset += byte(at: offset) == UInt8(ascii: "\\") ? 2 : 1
    }
    return offset + 1
  }
}
