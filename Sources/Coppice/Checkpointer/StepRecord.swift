import CoppiceModel
import Synchronization

/// What the documents of a step say beside the step itself.
struct StepMetadata: Sendable {
  var metrics: JSON?
  var custom: JSON?
  var initTime: Int?
  var commitTime: Int?
}

/// The metadata of a step, or what is wrong with them: known, or read once when asked for.
final class StepRecord: Sendable {
  private typealias Outcome = Result<StepMetadata, CoppiceError>

  private enum State {
    case known(Outcome)
    case pending(@Sendable () throws(CoppiceError) -> StepMetadata)
  }

  private let state: Mutex<State>

  init(_ metadata: StepMetadata) { state = Mutex(.known(.success(metadata))) }

  init(_ fault: CoppiceError) { state = Mutex(.known(.failure(fault))) }

  /// The closure may not ask for the same record.
  init(reading read: @escaping @Sendable () throws(CoppiceError) -> StepMetadata) {
    state = Mutex(.pending(read))
  }

  var metadata: StepMetadata? { try? outcome.get() }

  var fault: CoppiceError? {
    if case .failure(let fault) = outcome { fault } else { nil }
  }

  private var outcome: Outcome {
    state.withLock { state in
      switch state {
      case .known(let outcome): return outcome
      case .pending(let read):
        let outcome = Outcome(catching: read)
        state = .known(outcome)
        return outcome
      }
    }
  }
}
