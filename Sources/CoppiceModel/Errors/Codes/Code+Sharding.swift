// Faults of shardings (chapter 5).
extension CoppiceError.Code {
  /// A sharding that isn't of a known form, or an index of none.
  public static let shardingBadSharding = Self(rawValue: "sharding.bad-sharding")
  /// A table of shards whose columns don't fit each other or the leaf, or with an empty shard.
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
