/// A feature of the format that a reader must support to read a checkpoint that uses it.
///
/// Spec: VER-5.
package enum Feature: String, CaseIterable, Hashable, Sendable {
  /// Checkpointables that hold checkpointables.
  case composite
  /// Leaves stored in HDF5 chunks.
  case chunked
  /// JSON documents with `NaN`, `Infinity` or `-Infinity`.
  case jsonNonfinite = "json-nonfinite"
  /// The arrays of a tree in several files.
  case multiFile = "multi-file"
  /// Small leaves in shared datasets.
  case packed
  /// Contiguous boxes divided into pieces, with a digest each.
  case pieces
  /// Leaves stored as several boxes.
  case sharded
  /// Chunks whose bytes are shuffled before compression.
  case shuffle
  /// Chunks compressed with Zstandard.
  case zstd
}
