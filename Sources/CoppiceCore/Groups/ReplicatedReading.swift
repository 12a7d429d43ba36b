/// A way in which the ranks of a group read the arrays that all of them request whole.
///
/// An array of which ranks request boxes is always read by each of them.
public enum ReplicatedReading: Int, Hashable, Sendable {
  /// Each rank reads all of them.
  case byEach
  /// Each rank reads a share of them and broadcasts it to the others.
  ///
  /// Nothing is read twice, and the reading rank alone checks digests. All ranks must give the same options and
  /// requests; otherwise each reads.
  case broadcast
  /// The one of both that takes less time, by a measurement during the load.
  ///
  /// Each rank reads its share, which it needs in any case. Then the time of a broadcast of 16 MiB is compared with the time in
  /// which the slowest of all ranks reads 16 MiB of another share, all at once. Where all ranks together read less than
  /// 256 MiB of these arrays, each reads without a measurement.
  case automatic
}
