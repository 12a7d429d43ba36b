public import CoppiceModel

/// How what is asked for and what is saved differ: all differences at once.
///
/// It is the cause of an error with the code `structure.mismatch`.
public struct StructureReport: Error, Hashable, Sendable {
  /// A leaf that is on both sides and doesn't fit.
  public struct Mismatch: Hashable, Sendable {
    /// What doesn't fit.
    public enum Reason: String, Hashable, Sendable {
      /// One is a container and the other isn't, or values and arrays don't go together.
      case kind
      /// There is no cast in the mode asked for.
      case dtype
      /// The shape is another, and isn't to be changed.
      case shape
      /// The box asked for doesn't lie inside the array, or the mesh doesn't fit it.
      case box
    }

    /// Where, in what is asked for.
    public var path: TreePath
    /// What doesn't fit.
    public var reason: Reason
    /// Both sides in words.
    public var message: String

    /// Makes a mismatch.
    public init(path: TreePath, reason: Reason, message: String) {
      self.path = path
      self.reason = reason
      self.message = message
    }
  }

  /// What is asked for and neither saved nor in the fallback.
  public var missing: [TreePath] = []

  /// What the checkpoint lacks and the fallback gives.
  public var filled: [TreePath] = []

  /// What is saved and not asked for.
  public var unexpected: [TreePath] = []

  /// What is on both sides and doesn't fit.
  public var mismatched: [Mismatch] = []

  /// Makes a report without differences.
  public init() {}

  /// Tells whether there is no difference at all.
  public var isEmpty: Bool {
    missing.isEmpty && filled.isEmpty && unexpected.isEmpty && mismatched.isEmpty
  }
}

extension StructureReport: CustomStringConvertible {
  /// One line for each difference, in the order of the trees.
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

  /// The counts and the first few of each kind in one line.
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

  /// The error of a load that this report stops.
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
  /// The whole report behind an error with the code `structure.mismatch`; otherwise `nil`.
  public var structureReport: StructureReport? {
    guard case .other(let cause)? = cause else { return nil }
    return cause as? StructureReport
  }
}
