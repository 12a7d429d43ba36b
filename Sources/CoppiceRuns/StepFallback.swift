import CoppiceModel

/// The choice of what a load does when its step is damaged.
public enum StepFallback: Hashable, Sendable {
  /// Throws the fault of the step.
  case refuse
  /// Loads the next older step that isn't known to be faulty, and so on.
  ///
  /// Each damaged step is reported to `CheckpointerOptions.onWarning` and listed with its fault
  /// from then on, so that `Checkpointer.latest` is the step that was loaded.
  case olderStep
}
