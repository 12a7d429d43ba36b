import CoppiceFiles
import CoppiceJSON
import CoppiceModel

/// The strings of a tree, which Orbax keeps in `_strings.json`.
///
/// Orbax writes each through the JSON pointer `/<parameter name>`, so that a `/` in a name nests
/// and `~0` and `~1` are unescaped.
struct StringValues {
  private var values: [[UInt8]: String] = [:]

  /// The error of reading the file, because of which no string is known.
  private(set) var fault: CoppiceError?

  /// Separates the steps of a pointer; UTF-8 text never has this byte.
  private static let separator: UInt8 = 0xFF

  /// Reads the strings of a tree.
  ///
  /// - Parameter names: The parameter names of the string leaves. Orbax 0.3 wrote the file into
  ///   the directory of the first of them.
  init(
    in directory: DirectoryHandle, names: [String], limits: ReadLimits
  ) throws(CoppiceError) {
    guard !names.isEmpty else { return }
    do throws(CoppiceError) {
      try read(directory, names, limits)
    } catch {
      guard error.code.isInputFault else { throw error }
      fault = error
    }
  }

  private mutating func read(
    _ directory: DirectoryHandle, _ names: [String], _ limits: ReadLimits
  ) throws(CoppiceError) {
    if try directory.hasFile(OrbaxName.strings) {
      try add(OrbaxName.strings, in: directory, limits)
      return
    }
    for name in names where (try? RelativePath(checking: name)) != nil {
      let path = name.isEmpty ? OrbaxName.strings : name + "/" + OrbaxName.strings
      if try directory.hasFile(path) { try add(path, in: directory, limits) }
    }
  }

  /// The string of a parameter name.
  subscript(name: String) -> String? { values[Self.key(ofName: name)] ?? values[Array(name.utf8)] }

  private mutating func add(
    _ path: String, in directory: DirectoryHandle, _ limits: ReadLimits
  ) throws(CoppiceError) {
    let document = try JSONDocument(in: directory, path, limits: limits)
    _ = try document.root.requireObject()
    try add(document.root, below: [])
  }

  private mutating func add(_ node: JSONNode, below prefix: [UInt8]) throws(CoppiceError) {
    for (name, value) in node.members {
      let key = prefix + Array(name.utf8)
      if value.kind == .object {
        try add(value, below: key + [Self.separator])
      } else {
        values[key] = try value.string()
      }
    }
  }

  /// Returns the key of a name as a pointer: split at `/`, each step unescaped.
  private static func key(ofName name: String) -> [UInt8] {
    var key: [UInt8] = []
    var bytes = name.utf8.makeIterator()
    while let byte = bytes.next() {
      switch byte {
      case 0x2F: key.append(separator)
      case 0x7E:
        switch bytes.next() {
        case 0x30?: key.append(0x7E)
        case 0x31?: key.append(0x2F)
        case let other?: key += [byte, other]
        case nil: key.append(byte)
        }
      default: key.append(byte)
      }
    }
    return key
  }

  /// Returns one step of a pointer without its escapes; other text stays as it is.
  static func unescaped(_ step: String) -> String {
    String(decoding: key(ofName: step), as: UTF8.self)
  }
}
