/// What is done when a step is saved that is there already.
public enum Overwriting: Hashable, Sendable {
  /// It stays, and the save fails with `operation.exists`.
  case never
  /// It is replaced at the moment of the commit, and stays until then.
  ///
  /// Who is reading it at that moment isn't waited for: what it hasn't opened so far is gone.
  case step
  /// It is replaced, and steps with greater numbers are deleted: the run goes on from here.
  ///
  /// This is what Flax's `overwrite` does.
  case stepAndLater
}
