/// The treatment of symbolic links inside a checkpoint.
package enum SymlinkPolicy: Sendable {
  /// A link must lead to a place inside the checkpoint, or from a Hugging Face cache's
  /// `snapshots/<revision>/` to its `../../blobs/<hash>`.
  case inside
  /// Links are followed wherever they lead; the user must ask for this.
  case anywhere
}
