/// A fault of a checkpoint, or the failure of an operation.
public struct CoppiceError: Error, Sendable {
  /// The fault, as a string of the specification's table of codes.
  public var code: Code

  /// The place of the fault, as far as known: file, place in the document, tree path, byte offset.
  public var location: Location

  /// The fault and its remedy in one line.
  public var message: String

  /// The underlying error, such as a system error.
  public var cause: Cause?

  /// Whether this is the fault of a leaf that is intact but that no array can represent.
  public package(set) var isOfUnsupportedLeaf = false

  /// Makes an error.
  public init(
    _ code: Code, _ message: String, at location: Location = Location(), cause: Cause? = nil
  ) {
    self.code = code
    self.message = message
    self.location = location
    self.cause = cause
  }

  /// The cause of an error.
  public enum Cause: Sendable {
    /// A system call's error number.
    case system(errno: Int32)
    /// Another library's error.
    case other(any Error)
    /// All faults that this error summarises, including the first.
    case several([CoppiceError])
  }

  /// The faults that the error summarises; the error itself unless there are several.
  public var faults: [CoppiceError] {
    if case .several(let faults)? = cause { faults } else { [self] }
  }

  /// Returns one error for several faults, with the code and location of the first; `nil` for none.
  package static func summing(_ faults: [CoppiceError]) -> CoppiceError? {
    guard var sum = faults.first, faults.count > 1 else { return faults.first }
    sum.message += " (the first of \(faults.count) faults)"
    sum.cause = .several(faults)
    return sum
  }

  /// Returns the error with the checkpointable's name, unless it has a more precise location.
  package func located(inCheckpointable name: String) -> CoppiceError {
    location.file?.isEmpty ?? true ? located(treePath: name) : self
  }

  /// Returns the error with missing parts of its location filled in.
  public func located(file: String? = nil, treePath: String? = nil) -> CoppiceError {
    // A cancellation has no meaningful place.
    guard code != .operationCancelled else { return self }
    var error = self
    if case .several(let faults)? = cause {
      error.cause = .several(faults.map { $0.located(file: file, treePath: treePath) })
    }
    // The checkpoint's own directory has an empty name, which counts as missing.
    if error.location.file?.isEmpty ?? true { error.location.file = file }
    if error.location.treePath == nil { error.location.treePath = treePath }
    return error
  }

  /// Returns the error with its message in other words, and so the faults that it summarises.
  public func reworded(_ words: (String) -> String) -> CoppiceError {
    var error = self
    error.message = words(message)
    if case .several(let faults)? = cause {
      error.cause = .several(faults.map { $0.reworded(words) })
    }
    return error
  }
}

extension CoppiceError: Hashable {
  /// Compares code and location; the wording of messages may change.
  public static func == (left: CoppiceError, right: CoppiceError) -> Bool {
    left.code == right.code && left.location == right.location
  }

  /// Feeds the code and location, which equality compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(code)
    hasher.combine(location)
  }
}

extension CoppiceError: CustomStringConvertible {
  /// One line: `place: message [code]`.
  public var description: String {
    let place = location.description
    let message = message.printable(keepingEndsOf: 2000)
    return (place.isEmpty ? "" : place + ": ") + message + " [\(code.rawValue)]"
  }
}
