package import CoppiceFiles
package import CoppiceFormat
import CoppiceModel
import Synchronization

/// The steps that lie in a directory.
///
/// Of each checkpoint only the root document is read; the files that it names are looked for.
///
/// Spec: DIR-30 to DIR-38.
package struct StepListing {
  /// A directory that holds a step.
  package struct Step: Sendable {
    package let number: Int
    package let name: String
    /// The root document, where it can be read.
    package let document: RootDocument?
    /// What is wrong with the step, as far as the root document and the presence of files tell.
    package let fault: CoppiceError?
  }

  /// What a directory turned out to be.
  private enum Finding: Sendable {
    case step(Step)
    /// A step that lost its root document, if the directory around it is a root of steps at all.
    case incomplete(Step)
    case checkpoint(CoppiceError)
    case other
  }

  /// The directories of steps in ascending order of number.
  package private(set) var steps: [Step] = []
  /// Checkpoints that are no steps: `directory.step-mismatch`.
  package private(set) var warnings: [CoppiceError] = []
  /// Whether the directory has a document of its own.
  package let isMarked: Bool

  /// Lists a directory.
  ///
  /// - Parameter known: Steps by name that are not read again.
  /// - Throws: `io.*`.
  package init(
    _ directory: DirectoryHandle, limits: ReadLimits, known: [String: Step] = [:]
  ) throws(CoppiceError) {
    isMarked = try directory.kind(of: RunDocument.fileName) != nil
    let names = try directory.entries()
      .filter { $0.kind == .directory && $0.name.utf8.first != 0x2E }.map(\.name)
    let found = Mutex([Finding](repeating: .other, count: names.count))
    // A run may have many steps, and to read a document is mostly to wait.
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

  /// Whether the directory is a root of steps at all.
  package var isRoot: Bool { isMarked || !steps.isEmpty }

  /// Steps that have the number of another one: `directory.duplicate-step`.
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
          try directory.subdirectory(name)
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
      let inner = try directory.subdirectory(name)
      let read = try CheckpointReader.rootDocument(of: inner, limits: limits)
      document = read
      fault = try CheckpointableReader.fault(of: read.checkpointables, in: inner)
    } catch {
      guard error.code.isInputFault else { throw error }
      // Another program may have deleted it just now.
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
      // A link that leads out is for whoever opens the checkpoint; what may not be looked at is none.
      // Whatever else the system says, such as that too many files are open, hides no step.
      guard error.code.isInputFault || error.code == .ioPermission else { throw error }
      return error.code == .fileSymlink
    }
  }
}
