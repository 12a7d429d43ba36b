import CoppiceModel

/// The choice of what is done where a step can't be loaded because it is damaged.
public enum StepFallback: Hashable, Sendable {
  /// The load throws what is wrong with the step.
  case refuse
  /// The step before it that isn't known to be faulty is loaded, and so on.
  ///
  /// Each step that is passed over is reported to `CheckpointerOptions.onWarning` and listed with its
  /// fault from then on, so that `Checkpointer.latest` is the step that was loaded.
  case olderStep
}
