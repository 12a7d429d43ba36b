/// How the directories of steps are named, and which names are read as steps.
///
/// Whatever the format, a step of this format's checkpoints is named by digits that are the whole
/// name or follow a `_` (DIR-31): a step under any other name can't be saved.
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

  /// Makes a format of one's own.
  ///
  /// - Parameters:
  ///   - name: Gives the name of a step.
  ///   - step: Gives the step that a name stands for; `nil` for names that aren't of this format.
  public init(
    name: @escaping @Sendable (_ step: Int) -> String,
    step: @escaping @Sendable (_ name: String) -> Int?
  ) {
    self.init(name, reading: step)
  }

  /// The name of a step.
  public func name(of step: Int) -> String { write(step) }

  /// The step that a name stands for; `nil` when the name isn't of this format.
  public func step(in name: String) -> Int? {
    read.map { $0(name) } ?? StepName(name).number
  }

  /// Whether a directory that a layout lists as a step is one for this format.
  package func accepts(_ step: Int, named name: String) -> Bool {
    read.map { $0(name) == step } ?? true
  }

  /// Writes the number alone, and reads every name that a step may have: `7`, `0007`, `checkpoint_7`.
  public static let any = Self({ String($0) }, reading: nil)
}
