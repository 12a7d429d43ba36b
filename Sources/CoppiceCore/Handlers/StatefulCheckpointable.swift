public import CoppiceModel

/// An object that saves its own state and loads it back into itself, such as a data set's iterator.
///
/// Its state is a checkpointable like any other: a tree, a JSON value or files. A save in the
/// background uses the state that `save()` returned: the object may change at once.
public protocol StatefulCheckpointable: AnyObject, Sendable {
  /// Returns the current state.
  func save() async throws -> Checkpointable

  /// Replaces the object's state by one that `save()` returned earlier.
  func load(from stored: Checkpointable) async throws
}
