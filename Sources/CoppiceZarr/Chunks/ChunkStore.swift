import CoppiceCompression
import CoppiceFiles
import CoppiceModel

/// The coded chunks of one array, by their index in the grid of chunks.
struct ChunkStore: Sendable {
  /// The result of looking up a chunk.
  enum Found {
    case missing
    case stored(any ByteSource)
  }

  /// A shard with its index.
  private struct Shard: Sendable {
    var bytes: any ByteSource
    var places: [ShardLayout.Place?]
  }

  let missing: ZarrArray.MissingChunks
  /// The index of the first chunk of an array that is a box of the stored one.
  var origin: [Int] = []
  private let store: any KeyValueStore
  private let prefix: [UInt8]
  private let keys: ChunkKeyEncoding
  private let sharding: ShardLayout?
  /// The shards that were looked up last; `nil` when a shard is a chunk.
  private let shards: RecentCache<[Int], Shard>?

  init(
    store: any KeyValueStore, prefix: [UInt8], metadata: ZarrMetadata,
    missing: ZarrArray.MissingChunks
  ) {
    self.store = store
    self.prefix = prefix
    self.missing = missing
    keys = metadata.keys
    sharding = metadata.sharding
    shards = (sharding?.chunkCount ?? 1) > 1 ? RecentCache(mostCost: 1 << 19) : nil
  }

  /// The directory of the array in its store, as messages name it.
  var displayName: String { store.displayName(of: prefix) }

  /// Returns the stored bytes of a chunk.
  ///
  /// - Throws: `zarr.missing-chunk` when it isn't there and the array may not leave it out.
  func bytes(_ index: [Int]) throws(CoppiceError) -> Found {
    let index = absolute(index)
    guard let sharding else {
      let key = keys.key(index, under: prefix)
      guard let source = try store.value(of: key) else { return try absent(key, index) }
      return .stored(source)
    }
    let shardIndex = zip(index, sharding.counts).map { $0 / $1 }
    let key = keys.key(shardIndex, under: prefix)
    guard let shard = try shard(shardIndex, key, sharding) else { return try absent(key, index) }
    var position = 0
    for (place, count) in zip(index, sharding.counts) {
      position = position * count + place % count
    }
    guard let place = shard.places[position] else { return try absent(key, index) }
    guard let slice = ByteSlice(of: shard.bytes, at: place.offset, count: place.count) else {
      return try absent(key, index)
    }
    return .stored(slice)
  }

  /// Returns the key of a chunk, for messages.
  func place(_ index: [Int]) -> String {
    let whole = absolute(index)
    let index = sharding.map { zip(whole, $0.counts).map { $0 / $1 } } ?? whole
    return store.displayName(of: keys.key(index, under: prefix))
  }

  /// Returns the index of a chunk in the stored array.
  func absolute(_ index: [Int]) -> [Int] {
    origin.isEmpty ? index : zip(index, origin).map { $0 + $1 }
  }

  private func shard(
    _ index: [Int], _ key: StoreKey, _ sharding: ShardLayout
  ) throws(CoppiceError) -> Shard? {
    if let shard = shards?.value(index) { return shard }
    guard let source = try store.value(of: key) else { return nil }
    do {
      let shard = Shard(bytes: source, places: try sharding.readIndex(of: source))
      shards?.insert(shard, for: index, cost: shard.places.count)
      return shard
    } catch {
      throw error.located(file: store.displayName(of: key))
    }
  }

  private func absent(_ key: StoreKey, _ index: [Int]) throws(CoppiceError) -> Found {
    guard missing == .areErrors else { return .missing }
    throw CoppiceError(
      .zarrMissingChunk,
      "the chunk \(index) is not there, and this checkpoint leaves none out; it is incomplete, so copy "
        + "it again",
      at: .init(file: store.displayName(of: key)))
  }
}
