package import CoppiceFiles
package import CoppiceFormat
import CoppiceModel
import Synchronization

/// The list of the steps in a directory.
///
/// Of each checkpoint, only the root document is read; of the files that it names, only presence
/// and size are checked.
///
/// Spec: DIR-30 to DIR-38.
package struct StepListing {
  /// A directory that holds a step.
  package struct Step: Sendable {
    package let number: Int
    package let name: String
    /// The root document, where it can be read.
    package let document: RootDocument?
    /// The first fault that the root document, or the presence and size of files, shows.
    package let fault: CoppiceError?
  }

  /// A kind of subdirectory.
  private enum Finding: Sendable {
    case step(Step)
    /// A step that has lost its root document, provided that the directory around it is a run.
    case incomplete(Step)
    case checkpoint(CoppiceError)
    case other
  }

  /// The directories of steps in ascending order of number.
  package private(set) var steps: [Step] = []
  /// A warning `directory.step-mismatch` for each checkpoint that isn't a step.
  package private(set) var warnings: [CoppiceError] = []
  /// Whether the directory has a document of a run.
  package let isMarked: Bool

  /// Lists a directory.
  ///
  /// - Parameters:
  ///   - directory: The directory.
  ///   - limits: The limits of reading documents.
  ///   - known: The steps that are not read again, by name.
  /// - Throws: `io.*`.
  package init(
    _ directory: DirectoryHandle, limits: ReadLimits, known: [String: Step] = [:]
  ) throws(CoppiceError) {
    isMarked = try directory.kind(of: RunDocument.fileName) != nil
    let names = try directory.entries()
      .filter { $0.kind == .directory && $0.name.utf8.first != 0x2E }.map(\.name)
    let found = Mutex([Finding](repeating: .other, count: names.count))
    // A run may have many steps, and reading documents is mostly waiting: several threads share it.
    try ParallelWork.run(count: names.count) { (index) throws(CoppiceError) in
      let name = names[index]
      let finding: Finding =
        if let step = known[name] {
          .step(step)
        } else {
          try Self.look(at: name, in: directory, limits: limits)
        }
      if case .other = finding { return }
      found.withLock { $0[index] = finding }
    }
    var incomplete: [Step] = []
    for finding in found.withLock({ $0 }) {
      switch finding {
      case .step(let step): steps.append(step)
      case .incomplete(let step): incomplete.append(step)
      case .checkpoint(let warning): warnings.append(warning)
      case .other: break
      }
    }
    if isMarked || !steps.isEmpty { steps += incomplete }
    steps.sort { $0.number < $1.number }
  }

  /// Whether the directory is a run.
  package var isRoot: Bool { isMarked || !steps.isEmpty }

  /// An error `directory.duplicate-step` for each step that has the number of another one.
  package var duplicates: [CoppiceError] {
    zip(steps, steps.dropFirst()).filter { $0.number == $1.number }.map { (step, next) in
      CoppiceError(
        .directoryDuplicateStep,
        "\"\(step.name)\" and \"\(next.name)\" are both step \(step.number)",
        at: .init(file: next.name))
    }
  }

  /// Returns the step in a directory; `nil` when there is none.
  package static func step(
    _ name: String, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> Step? {
    guard case .step(let step) = try look(at: name, in: directory, limits: limits) else {
      return nil
    }
    return step
  }

  private static func look(
    at name: String, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> Finding {
    let stated = StepName(name)
    guard try isCheckpoint(name, in: directory) else {
      guard let number = stated.number,
        try CheckpointableReader.areInside({ () throws(CoppiceError) in
          try directory.checkpoint(name)
        })
      else { return .other }
      let fault = CoppiceError(
        .directoryNoRootDocument,
        "the step has no \(RootDocument.fileName): it was never finished, or the copy is incomplete; "
          + "copy it again, repair it, or delete its directory",
        at: .init(file: directory.displayName(name)))
      return .incomplete(Step(number: number, name: name, document: nil, fault: fault))
    }
    var document: RootDocument?
    var fault: CoppiceError?
    do {
      let inner = try directory.checkpoint(name)
      let read = try CheckpointReader.rootDocument(of: inner, limits: limits)
      document = read
      fault = try CheckpointableReader.fault(of: read.checkpointables, in: inner)
    } catch {
      guard error.code.isInputFault else { throw error }
      // Another program may have deleted the checkpoint since the check above.
      guard try isCheckpoint(name, in: directory) else { return .other }
      fault = error
    }
    let number = document.map { stated.number(recorded: $0.step) } ?? stated.number
    guard let number else {
      return .checkpoint(
        CoppiceError(
          .directoryStepMismatch,
          "the name of this checkpoint and its step number don't make it a step; it is ignored",
          at: .init(file: directory.displayName(name))))
    }
    return .step(Step(number: number, name: name, document: document, fault: fault))
  }

  private static func isCheckpoint(
    _ name: String, in directory: DirectoryHandle
  ) throws(CoppiceError) -> Bool {
    do {
      return try directory.kind(of: name + "/" + RootDocument.fileName) != nil
    } catch {
      // A link that leads out counts as a checkpoint: opening it reports the link. A directory that
      // may not be read counts as none. Other errors, such as too many open files, are thrown: they
      // must not hide a step.
      guard error.code.isInputFault || error.code == .ioPermission else { throw error }
      return error.code == .fileSymlink
    }
  }
}
