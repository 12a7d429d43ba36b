import CoppiceFiles
import CoppiceModel
import CoppiceProcessGroup
import Synchronization
import SystemPackage

/// The result of a conversion by a group, under its temporary name, which rank 0 alone has.
final class ConversionStage: Sendable {
  private let output = Mutex<StagedOutput?>(nil)
  private let place = Mutex<FilePath>("")

  /// The path under which the result is written.
  var path: FilePath { place.withLock { $0 } }

  /// Makes the temporary, and returns its path.
  func make(
    _ kind: StagedOutput.Kind, _ target: FilePath, replacing: Bool
  ) throws(CoppiceError) -> FilePath {
    let path = try output.withLock { (output) throws(CoppiceError) in
      let staged = try StagedOutput(kind, for: target, replacing: replacing)
      output = staged
      return staged.path
    }
    place.withLock { $0 = path }
    return path
  }

  /// Gives the result its name.
  func commit(durability: Durability) throws(CoppiceError) {
    try output.withLock { (output) throws(CoppiceError) in
      try output?.commit(durability: durability)
      output = nil
    }
  }

  /// Deletes what isn't committed.
  func discard() async {
    try? await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      self.output.withLock { output in
        output?.discard()
        output = nil
      }
    }
  }
}

/// A value that a part of a group's work leaves on its rank.
final class Kept<Value: Sendable>: Sendable {
  private let state = Mutex<Value?>(nil)

  var value: Value? {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }

  /// - Throws: `operation.cancelled` when the work didn't come to it.
  func get() throws(CoppiceError) -> Value {
    guard let value else { throw .cancelled }
    return value
  }
}
