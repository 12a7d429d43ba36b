import CoppiceFormat
import CoppiceModel
import FileAccess

/// The steps that lie in a directory.
///
/// Spec: DIR-30 to DIR-36.
struct StepListing {
  /// The directories of steps in ascending order of number.
  private(set) var steps: [(number: Int, name: String)] = []
  /// Checkpoints that are no steps: `directory.step-mismatch`.
  private(set) var warnings: [CoppiceError] = []
  /// Whether the directory has a document of its own.
  let isMarked: Bool

  /// Lists a directory.
  ///
  /// - Throws: `io.*`.
  init(_ directory: DirectoryHandle, limits: ReadLimits) throws(CoppiceError) {
    isMarked = try directory.kind(of: StepsDocument.fileName) != nil
    for entry in try directory.entries()
    where entry.kind == .directory && entry.name.utf8.first != 0x2E {
      guard Self.isCheckpoint(entry.name, in: directory) else { continue }
      if let number = try Self.number(of: entry.name, in: directory, limits: limits) {
        steps.append((number, entry.name))
      } else {
        warnings.append(
          CoppiceError(
            .directoryStepMismatch,
            "the name of this checkpoint and its step number don't make it a step; it is ignored",
            at: .init(file: directory.displayName(entry.name))))
      }
    }
    steps.sort { $0.number < $1.number }
  }

  /// Whether the directory is a root of steps at all.
  var isRoot: Bool { isMarked || !steps.isEmpty }

  /// Steps that have the number of another one: `directory.duplicate-step`.
  var duplicates: [CoppiceError] {
    zip(steps, steps.dropFirst()).filter { $0.number == $1.number }.map { (step, next) in
      CoppiceError(
        .directoryDuplicateStep,
        "\"\(step.name)\" and \"\(next.name)\" are both step \(step.number)",
        at: .init(file: next.name))
    }
  }

  private static func isCheckpoint(_ name: String, in directory: DirectoryHandle) -> Bool {
    do {
      return try directory.kind(of: name + "/" + RootDocument.fileName) != nil
    } catch {
      // A link that leads out is for whoever opens the checkpoint; what may not be looked at is none.
      return error.code == .fileSymlink
    }
  }

  private static func number(
    of name: String, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> Int? {
    let stated = StepName(name)
    do {
      let document = try CheckpointReader.rootDocument(
        of: try directory.subdirectory(name), limits: limits)
      return stated.number(recorded: document.step)
    } catch {
      // A damaged step isn't passed over in silence: opening it says what is wrong.
      guard error.code.blamesInput else { throw error }
      return stated.number
    }
  }
}
