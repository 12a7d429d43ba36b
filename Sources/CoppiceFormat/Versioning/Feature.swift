/// A part of the format that a reader must know to read a checkpoint that uses it.
///
/// Spec: VER-5.
package enum Feature: String, CaseIterable, Hashable, Sendable {
  /// Named parts that hold named parts.
  case composite
  /// Leaves stored in HDF5 chunks.
  case chunked
  /// JSON documents with `NaN`, `Infinity` or `-Infinity`.
  case jsonNonfinite = "json-nonfinite"
  /// A tree's arrays in several files.
  case multiFile = "multi-file"
  /// Small leaves in shared datasets.
  case packed
  /// Contiguous boxes cut into pieces with a digest each.
  case pieces
  /// Leaves stored as several boxes.
  case sharded
  /// Chunks whose bytes are shuffled before compression.
  case shuffle
  /// Chunks compressed with Zstandard.
  case zstd
}
