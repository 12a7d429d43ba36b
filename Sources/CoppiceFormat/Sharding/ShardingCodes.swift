package import CoppiceModel

extension CoppiceError.Code {
  /// Two shards of a leaf share elements.
  package static let shardingOverlap = Self(rawValue: "sharding.overlap")
  /// Elements of a leaf lie in no shard.
  package static let shardingGap = Self(rawValue: "sharding.gap")
  /// A shard reaches out of its leaf's shape.
  package static let shardingOutside = Self(rawValue: "sharding.outside")
  /// A table of shards with an empty shard, or whose columns don't match each other or the leaf.
  package static let shardingBadShards = Self(rawValue: "sharding.bad-shards")
  /// Shards aren't sorted by offset.
  package static let shardingOrder = Self(rawValue: "sharding.order")
  /// A sharding of an unknown form, or an index that is out of range.
  package static let shardingBadSharding = Self(rawValue: "sharding.bad-sharding")
}
