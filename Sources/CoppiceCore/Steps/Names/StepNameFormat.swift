/// A format of the names of steps' directories.
///
/// It writes the name of a step, and reads the step from a name. With every format, the name of a
/// step that Coppice saves must be digits, or end in `_` and digits (DIR-31): a step with another
/// name can't be saved.
public struct StepNameFormat: Sendable, CustomStringConvertible {
  /// An example of a name, for messages.
  public let description: String

  private let write: @Sendable (Int) -> String
  private let read: (@Sendable (String) -> Int?)?

  private init(
    _ write: @escaping @Sendable (Int) -> String, reading read: (@Sendable (String) -> Int?)?
  ) {
    self.write = write
    self.read = read
    description = "\"\(write(1234))\""
  }

  /// Creates a custom format.
  ///
  /// - Parameters:
  ///   - name: A function that returns the name of a step.
  ///   - step: A function that returns the step in a name; `nil` for names that aren't of this
  ///     format.
  public init(
    name: @escaping @Sendable (_ step: Int) -> String,
    step: @escaping @Sendable (_ name: String) -> Int?
  ) {
    self.init(name, reading: step)
  }

  /// Returns the name of a step.
  public func name(of step: Int) -> String { write(step) }

  /// Returns the step in a name; `nil` when the name isn't of this format.
  public func step(in name: String) -> Int? {
    read.map { $0(name) } ?? StepName(name).number
  }

  /// Tells whether a directory that a format's reader lists as a step has a name of this format.
  package func accepts(_ step: Int, named name: String) -> Bool {
    read.map { $0(name) == step } ?? true
  }

  /// The format that writes the number alone, and reads every name that a step may have.
  ///
  /// It reads `7`, `0007` and `checkpoint_7`.
  public static let any = Self({ String($0) }, reading: nil)
}
