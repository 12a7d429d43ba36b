/// A checkpoint that does not conform, or an operation that could not be done.
public struct CoppiceError: Error, Sendable {
  /// What is wrong: the string in the specification's table of codes.
  public var code: Code

  /// Where: what is known of file, place in the document, tree path and byte offset.
  public var location: Location

  /// What is wrong and what to do about it, in one line.
  public var message: String

  /// What lies beneath, such as a system error.
  public var cause: Cause?

  /// Whether this is the fault of a leaf that is whole and that no array can represent.
  package internal(set) var isOfUnsupportedLeaf = false

  /// Makes an error.
  public init(
    _ code: Code, _ message: String, at location: Location = Location(), cause: Cause? = nil
  ) {
    self.code = code
    self.message = message
    self.location = location
    self.cause = cause
  }

  /// What an error was caused by.
  public enum Cause: Sendable {
    /// A system call's error number.
    case system(errno: Int32)
    /// Another library's error.
    case other(any Error)
    /// All faults of which this error is the sum, the first among them.
    case several([CoppiceError])
  }

  /// The faults that the error is the sum of: the error itself, unless it sums up several.
  public var faults: [CoppiceError] {
    if case .several(let faults)? = cause { faults } else { [self] }
  }

  /// Returns one error for all of some faults, with code and location of the first; `nil` for none.
  package static func summing(_ faults: [CoppiceError]) -> CoppiceError? {
    guard var sum = faults.first, faults.count > 1 else { return faults.first }
    sum.message += " (the first of \(faults.count) faults)"
    sum.cause = .several(faults)
    return sum
  }

  /// Returns the same error with the checkpointable named, unless its place is known better.
  package func located(inCheckpointable name: String) -> CoppiceError {
    location.file?.isEmpty ?? true ? located(treePath: name) : self
  }

  /// The same error with what is known here of the place filled in where it was open.
  public func located(file: String? = nil, treePath: String? = nil) -> CoppiceError {
    // Where an operation was cancelled says nothing.
    guard code != .operationCancelled else { return self }
    var error = self
    if case .several(let faults)? = cause {
      error.cause = .several(faults.map { $0.located(file: file, treePath: treePath) })
    }
    // The checkpoint's own directory has no name inside it.
    if error.location.file?.isEmpty ?? true { error.location.file = file }
    if error.location.treePath == nil { error.location.treePath = treePath }
    return error
  }
}

extension CoppiceError: Hashable {
  /// Errors are equal when code and location are; wording may change.
  public static func == (left: CoppiceError, right: CoppiceError) -> Bool {
    left.code == right.code && left.location == right.location
  }

  /// Feeds what equality compares.
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
