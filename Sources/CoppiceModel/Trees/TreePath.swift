/// The way from a tree's root to one of its nodes.
///
/// Its text is injective: components are escaped, so that no two nodes of a tree share a text. It is
/// also the HDF5 path of the node's dataset.
///
/// Spec: MOD-5, MOD-16, ARR-2.
public struct TreePath: Hashable, Sendable {
  /// One step down: a dictionary's key, a sequence's index, or a record's field.
  public enum Component: Hashable, Sendable {
    case key(TreeKey)
    case index(Int)
    case field(String)
  }

  /// The steps, from the root down; empty for the root itself.
  public var components: [Component]

  /// Makes a path of its steps.
  public init(_ components: [Component] = []) { self.components = components }

  /// The path one step further down.
  public func appending(_ component: Component) -> TreePath {
    TreePath(components + [component])
  }
}

extension TreePath.Component {
  /// The text of a component: escaped so that it is one HDF5 link name.
  ///
  /// `%`, `/`, control characters and a leading `.` become `%HH`; the empty key is `%empty`; an
  /// integer key is `%#7`.
  public var escaped: String {
    switch self {
    case .index(let index): String(index)
    case .key(.integer(let number)): "%#\(number)"
    case .key(.string(let text)), .field(let text): Self.escape(text)
    }
  }

  private static func escape(_ text: String) -> String {
    guard !text.isEmpty else { return "%empty" }
    let plain = text.utf8.first != 0x2E && text.utf8.allSatisfy { !mustEscape($0) }
    guard !plain else { return text }
    var bytes: [UInt8] = []
    for (index, byte) in text.utf8.enumerated() {
      if mustEscape(byte) || (index == 0 && byte == 0x2E) {
        bytes.append(0x25)
        bytes.append(hexDigit(byte >> 4))
        bytes.append(hexDigit(byte & 15))
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func mustEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == 0x25 || byte == 0x2F
  }

  private static func hexDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? 0x30 + nibble : 0x37 + nibble
  }
}

extension TreePath: CustomStringConvertible {
  /// The escaped components joined by `/`; empty for the root.
  public var description: String {
    components.map(\.escaped).joined(separator: "/")
  }
}
