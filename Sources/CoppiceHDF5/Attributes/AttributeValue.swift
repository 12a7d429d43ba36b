/// An attribute: a small value attached to an object.
package struct AttributeValue: Hashable, Sendable {
  /// An attribute's elements.
  package enum Contents: Hashable, Sendable {
    /// The elements' bytes, in C order.
    case bytes([UInt8])
    /// Elements of variable length: texts, each without its final NUL, or the bytes of sequences.
    ///
    /// References to objects are here too, each as the bytes of its address.
    case strings([[UInt8]])
    /// Elements that were not read: too large, or of a type whose elements aren't stored inline.
    case omitted
  }

  package var type: TypeDescription
  package var extent: Extent
  package var contents: Contents

  package init(type: TypeDescription, extent: Extent, contents: Contents) {
    self.type = type
    self.extent = extent
    self.contents = contents
  }
}

extension AttributeValue {
  /// The texts of the elements, without padding; `nil` when they aren't texts.
  package var texts: [[UInt8]]? {
    switch (type, contents) {
    case (.variableString, .strings(let strings)): return strings
    case (.string(let width, let padding, _), .bytes(let bytes)) where width > 0:
      return stride(from: 0, to: bytes.count - bytes.count % width, by: width).map { start in
        padding.strip(bytes[start..<start + width])
      }
    default: return nil
    }
  }

  /// The text of a scalar; `nil` when it isn't valid UTF-8.
  package var text: String? {
    guard let texts, texts.count == 1 else { return nil }
    return String(validating: texts[0], as: UTF8.self)
  }
}

extension TypeDescription.Padding {
  /// Removes the padding from a text of fixed width.
  package func strip(_ bytes: some BidirectionalCollection<UInt8>) -> [UInt8] {
    switch self {
    case .nullTerminated: return Array(bytes.prefix { $0 != 0 })
    case .nullPadded, .spacePadded:
      let pad: UInt8 = self == .nullPadded ? 0 : 0x20
      let count = bytes.reversed().prefix { $0 == pad }.count
      return Array(bytes.dropLast(count))
    }
  }
}
