public import CoppiceModel

/// All differences between the requested and the saved tree.
///
/// It is the cause of an error with the code `structure.mismatch`.
public struct StructureReport: Error, Hashable, Sendable {
  /// A node that is both requested and saved, where the saved one doesn't fit the request.
  public struct Mismatch: Hashable, Sendable {
    /// The property that doesn't fit.
    public enum Reason: String, Hashable, Sendable {
      /// One node is a container and the other isn't, or an array and a value can't be converted.
      case kind
      /// The requested cast mode has no cast between the types.
      case dtype
      /// The shapes differ, and the options don't allow the resizing.
      case shape
      /// The requested box doesn't lie inside the array, or the mesh doesn't fit the array.
      case box
    }

    /// The path of the node in the requested tree.
    public var path: TreePath
    /// The property that doesn't fit.
    public var reason: Reason
    /// A text that describes both sides.
    public var message: String

    /// Creates a mismatch.
    public init(path: TreePath, reason: Reason, message: String) {
      self.path = path
      self.reason = reason
      self.message = message
    }
  }

  /// The requested nodes that neither the checkpoint nor the fallback has.
  public var missing: [TreePath] = []

  /// The requested nodes that the checkpoint lacks and the fallback has.
  public var filled: [TreePath] = []

  /// The saved nodes that aren't requested.
  public var unexpected: [TreePath] = []

  /// The nodes that are both requested and saved, but don't fit.
  public var mismatched: [Mismatch] = []

  /// Creates a report without differences.
  public init() {}

  /// Whether there is no difference.
  public var isEmpty: Bool {
    missing.isEmpty && filled.isEmpty && unexpected.isEmpty && mismatched.isEmpty
  }
}

extension StructureReport: CustomStringConvertible {
  /// One line for each difference: the missing nodes, the filled, the unexpected and the mismatched
  /// ones.
  public var description: String {
    let lines =
      missing.map { "missing: \(Self.text($0))" } + filled.map { "filled: \(Self.text($0))" }
      + unexpected.map { "unexpected: \(Self.text($0))" }
      + mismatched.map {
        "mismatched: \(Self.text($0.path)): \($0.message) [\($0.reason.rawValue)]"
      }
    return lines.joined(separator: "\n")
  }

  private static func text(_ path: TreePath) -> String {
    path.components.isEmpty ? "the root" : path.description
  }

  /// Returns one line with the counts and the first few differences of each kind.
  func summary(shown: Int = 3) -> String {
    var parts: [String] = []
    if !missing.isEmpty {
      parts.append("the checkpoint lacks " + Self.list(missing.map(Self.text), shown))
    }
    if !unexpected.isEmpty {
      parts.append("nobody asked for " + Self.list(unexpected.map(Self.text), shown))
    }
    if !mismatched.isEmpty {
      let texts = mismatched.map { "\(Self.text($0.path)) (\($0.message))" }
      parts.append("something else is saved for " + Self.list(texts, shown))
    }
    return parts.joined(separator: "; ")
  }

  private static func list(_ texts: [String], _ shown: Int) -> String {
    let first = texts.prefix(shown).joined(separator: ", ")
    return texts.count > shown ? "\(texts.count) leaves: \(first), …" : first
  }

  /// The error with which a load fails because of this report.
  var error: CoppiceError {
    var advice: [String] = []
    if !missing.isEmpty { advice.append("give a fallback for what is missing or omit it") }
    if !unexpected.isEmpty { advice.append("ignore what is unexpected") }
    if mismatched.contains(where: { $0.reason == .shape }) { advice.append("allow resizing") }
    let hint = advice.isEmpty ? "" : "; or " + advice.joined(separator: ", ")
    return CoppiceError(.structureMismatch, summary() + hint, cause: .other(self))
  }
}

extension CoppiceError {
  /// The report of an error with the code `structure.mismatch`; `nil` for other errors.
  public var structureReport: StructureReport? {
    guard case .other(let cause)? = cause else { return nil }
    return cause as? StructureReport
  }
}
