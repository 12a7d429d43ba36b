/// The choice of what a save does when its step already exists.
public enum Overwriting: Hashable, Sendable {
  /// Keeps the step; the save fails with `operation.exists`.
  case never
  /// Replaces the step at the moment of the commit; until then the old step stays.
  ///
  /// The commit doesn't wait for readers of the old step: they lose the files that they haven't
  /// opened yet.
  case step
  /// Replaces the step and deletes all steps with greater numbers: the run continues from here.
  ///
  /// Flax's `overwrite` does the same.
  case stepAndLater
}
