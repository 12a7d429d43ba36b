import CoppiceModel
import Synchronization

/// The metadata in the documents of a step.
struct StepMetadata: Sendable {
  var metrics: JSON?
  var custom: JSON?
  var initTime: Timestamp?
  var commitTime: Timestamp?
}

/// The metadata and the fault of a step, known from the start or read once on first use.
final class StepRecord: Sendable {
  private enum State {
    case known(StepMetadata?, fault: CoppiceError?)
    case pending(@Sendable () throws(CoppiceError) -> (StepMetadata, CoppiceError?))
  }

  private let state: Mutex<State>

  init(_ metadata: StepMetadata?, fault: CoppiceError? = nil) {
    state = Mutex(.known(metadata, fault: fault))
  }

  /// Makes a record that is read on first use; the closure may not access the same record.
  init(reading read: @escaping @Sendable () throws(CoppiceError) -> (StepMetadata, CoppiceError?)) {
    state = Mutex(.pending(read))
  }

  var metadata: StepMetadata? { outcome.metadata }

  var fault: CoppiceError? { outcome.fault }

  /// Records a fault that was found while loading the step.
  func note(_ fault: CoppiceError) {
    let metadata = metadata
    state.withLock { $0 = .known(metadata, fault: fault) }
  }

  private var outcome: (metadata: StepMetadata?, fault: CoppiceError?) {
    state.withLock { state in
      switch state {
      case .known(let metadata, let fault): return (metadata, fault)
      case .pending(let read):
        var outcome: (metadata: StepMetadata?, fault: CoppiceError?)
        do throws(CoppiceError) {
          outcome = try read()
        } catch {
          outcome = (nil, error)
        }
        state = .known(outcome.metadata, fault: outcome.fault)
        return outcome
      }
    }
  }
}
