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
  /// The number of dimensions of an index that are in its key: rows of texts aren't.
  private let keyRank: Int
  private let levels: [Level]
  /// The shards that were looked up last, by level and index; `nil` when a shard is a chunk.
  private let shards: RecentCache<[Int], Shard>?

  /// One level of shards.
  private struct Level: Sendable {
    var layout: ShardLayout
    /// The number of chunks along each dimension of such a shard, and of what is in it.
    var spans: [Int]
    var innerSpans: [Int]
  }

  init(
    store: any KeyValueStore, prefix: [UInt8], metadata: ZarrMetadata,
    missing: ZarrArray.MissingChunks
  ) {
    self.store = store
    self.prefix = prefix
    self.missing = missing
    keys = metadata.keys
    keyRank = metadata.shape.rank - (metadata.text?.row == nil ? 0 : 1)
    var levels: [Level] = []
    var spans = metadata.shape.dimensions.map { _ in 1 }
    for layout in metadata.shards.reversed() {
      let whole = zip(spans, layout.counts).map { $0 * $1 }
      levels.insert(Level(layout: layout, spans: whole, innerSpans: spans), at: 0)
      spans = whole
    }
    self.levels = levels
    let isDivided = metadata.shards.contains { $0.chunkCount > 1 }
    shards = isDivided ? RecentCache(mostCost: 1 << 19) : nil
  }

  /// The directory of the array in its store, as messages name it.
  var displayName: String { store.displayName(of: prefix) }

  /// Returns the stored bytes of a chunk.
  ///
  /// - Throws: `zarr.missing-chunk` when it isn't there and the array may not leave it out.
  func bytes(_ index: [Int]) throws(CoppiceError) -> Found {
    let index = absolute(index)
    let key = key(index)
    var source: (any ByteSource)? = levels.isEmpty ? try store.value(of: key) : nil
    for (depth, level) in levels.enumerated() {
      guard let shard = try shard(index, of: level, depth, source, key) else {
        return try absent(key, index)
      }
      var position = 0
      for (dimension, number) in index.enumerated() {
        let inner = number % level.spans[dimension] / level.innerSpans[dimension]
        position = position * level.layout.counts[dimension] + inner
      }
      guard let place = shard.places[position],
        let slice = ByteSlice(of: shard.bytes, at: place.offset, count: place.count)
      else { return try absent(key, index) }
      source = slice
    }
    guard let source else { return try absent(key, index) }
    return .stored(source)
  }

  /// Returns the key of the value that has a chunk, by its index in the stored array.
  private func key(_ index: [Int]) -> StoreKey {
    let outermost = levels.first.map { zip(index, $0.spans).map { $0 / $1 } } ?? index
    return keys.key(Array(outermost.prefix(keyRank)), under: prefix)
  }

  /// Returns the key of a chunk, for messages.
  func place(_ index: [Int]) -> String { store.displayName(of: key(absolute(index))) }

  /// Returns the index of a chunk in the stored array.
  func absolute(_ index: [Int]) -> [Int] {
    origin.isEmpty ? index : zip(index, origin).map { $0 + $1 }
  }

  /// Returns the shard of a level that has a chunk, with its index; `nil` when it isn't there.
  ///
  /// - Parameter source: The shard's bytes; of the outermost level they are the value of the key.
  private func shard(
    _ index: [Int], of level: Level, _ depth: Int, _ source: (any ByteSource)?, _ key: StoreKey
  ) throws(CoppiceError) -> Shard? {
    let name = [depth] + zip(index, level.spans).map { $0 / $1 }
    if let shard = shards?.value(name) { return shard }
    var found = source
    if depth == 0 { found = try store.value(of: key) }
    guard let source = found else { return nil }
    do throws(CoppiceError) {
      let shard = Shard(bytes: source, places: try level.layout.readIndex(of: source))
      shards?.insert(shard, for: name, cost: shard.places.count)
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
