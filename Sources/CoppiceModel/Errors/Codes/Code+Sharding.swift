// Faults of shardings (chapter 5).
extension CoppiceError.Code {
  /// A sharding of an unknown form, or an index that is out of range.
  public static let shardingBadSharding = Self(rawValue: "sharding.bad-sharding")
  /// A table of shards with an empty shard, or whose columns don't match each other or the leaf.
  public static let shardingBadShards = Self(rawValue: "sharding.bad-shards")
  /// Elements of a leaf lie in no shard.
  public static let shardingGap = Self(rawValue: "sharding.gap")
  /// Shards aren't sorted by offset.
  public static let shardingOrder = Self(rawValue: "sharding.order")
  /// A shard reaches out of its leaf's shape.
  public static let shardingOutside = Self(rawValue: "sharding.outside")
  /// Two shards of a leaf share elements.
  public static let shardingOverlap = Self(rawValue: "sharding.overlap")
}
