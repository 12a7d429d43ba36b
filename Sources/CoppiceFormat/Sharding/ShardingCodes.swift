package import CoppiceModel

extension CoppiceError.Code {
  /// Two shards of a leaf share elements.
  package static let shardingOverlap = Self(rawValue: "sharding.overlap")
  /// Elements of a leaf lie in no shard.
  package static let shardingGap = Self(rawValue: "sharding.gap")
  /// A shard reaches out of its leaf's shape.
  package static let shardingOutside = Self(rawValue: "sharding.outside")
  /// Shards aren't sorted by offset, or one is empty.
  package static let shardingOrder = Self(rawValue: "sharding.order")
  /// A sharding that isn't of a known form, or an index of none.
  package static let shardingBadSharding = Self(rawValue: "sharding.bad-sharding")
}
