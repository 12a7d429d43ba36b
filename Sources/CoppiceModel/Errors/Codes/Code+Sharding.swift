// Faults of shardings (chapter 5).
extension CoppiceError.Code {
  /// Boxes that no data file has, or a data file that has no box.
  public static let shardingBadPlacement = Self(rawValue: "sharding.bad-placement")
  /// A sharding of an unknown form, or an index that is out of range.
  public static let shardingBadSharding = Self(rawValue: "sharding.bad-sharding")
  /// A grid of shards that the specification doesn't allow, or shards that are the boxes of no grid.
  public static let shardingBadShards = Self(rawValue: "sharding.bad-shards")
}
