public import CoppiceModel

/// An object that saves its own state, and loads it back into itself: a data set's iterator, a
/// sampler, a progress counter.
///
/// Its state is a part of the checkpoint like any other: a tree, a JSON document or files. A save
/// that goes on in the background holds what `save()` returned, so that the object may go on at once.
public protocol StatefulCheckpointable: AnyObject, Sendable {
  /// The state at this moment.
  func save() async throws -> Checkpointable

  /// Takes over a state that `save()` once returned.
  func load(from stored: Checkpointable) async throws
}
