// Faults of shardings (chapter 5).
extension CoppiceError.Code {
  /// A sharding of an unknown form, or an index that is out of range.
  public static let shardingBadSharding = Self(rawValue: "sharding.bad-sharding")
  /// A grid of shards that the specification doesn't allow, or shards that are the boxes of no grid.
  public static let shardingBadShards = Self(rawValue: "sharding.bad-shards")
}
