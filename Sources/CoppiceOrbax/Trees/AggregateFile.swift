import CoppiceFiles
import CoppiceFlax
import CoppiceModel

/// The msgpack file `checkpoint` of versions up to 0.5.
///
/// It holds the structure, the values of aggregated leaves, and a reference for each other leaf.
struct AggregateFile {
  let reader: FlaxTreeReader

  /// The prefix of a reference; the name of the leaf follows.
  private static let reference = "PLACEHOLDER://"

  init(in directory: DirectoryHandle, limits: ReadLimits) throws(CoppiceError) {
    let file = try directory.open(OrbaxName.aggregate)
    let document = try MsgpackDocument(reading: file, file: file.name, limits: limits)
    reader = FlaxTreeReader(document, limits: limits)
  }

  var root: MsgpackValue { reader.document.root }

  /// Returns the name that a text refers to; `nil` for other texts.
  static func referredName(_ text: String) -> String? {
    guard text.utf8.starts(with: reference.utf8) else { return nil }
    return String(text.utf8.dropFirst(reference.utf8.count))
  }

  /// The names in all references.
  var referredNames: [String] {
    var names: [String] = []
    Self.collect(root, into: &names)
    return names
  }

  private static func collect(_ value: MsgpackValue, into names: inout [String]) {
    switch value {
    case .string(let text): if let name = referredName(text) { names.append(name) }
    case .array(let values): for value in values { collect(value, into: &names) }
    case .map(let entries): for entry in entries { collect(entry.value, into: &names) }
    default: break
    }
  }

  /// Returns the tree of a value, in which leaves from the sources replace the references.
  func tree(
    of value: MsgpackValue, at path: TreePath, _ sources: LeafSources
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    try reader.tree(of: value, at: path) {
      (text: String, path: TreePath) throws(CoppiceError) -> Tree<ArrayLeaf> in
      guard let name = Self.referredName(text) else { return .value(.string(text)) }
      if let string = sources.strings[name] { return .value(.string(string)) }
      do throws(CoppiceError) {
        return try sources.array(name, at: path)
      } catch {
        return try .faulty(error, at: path)
      }
    }
  }
}

extension MsgpackValue {
  /// Returns the children of a container by key; a sequence's keys are its indexes as text.
  func children(_ names: [String]) -> [MsgpackValue?] {
    switch self {
    case .array(let values):
      return names.map { name in
        Int(name).flatMap { values.indices.contains($0) ? values[$0] : nil }
      }
    case .map(let entries):
      var index: [TreeKey: MsgpackValue] = [:]
      for entry in entries { index[entry.key] = entry.value }
      return names.map { name in
        index[.string(name)] ?? Int(name).flatMap { index[.integer($0)] }
      }
    default: return names.map { _ in nil }
    }
  }
}
