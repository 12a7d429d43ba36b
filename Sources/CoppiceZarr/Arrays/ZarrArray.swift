import CoppiceCompression
import CoppiceJSON
package import CoppiceModel

/// An array in zarr's format, version 2 or 3, in any store.
///
/// Reading decodes forwards. `ReadLimits.workingMemory` bounds its memory; the size of chunks
/// doesn't matter.
package struct ZarrArray: ArraySource, Sendable {
  /// The meaning of a chunk that is not in the store.
  package enum MissingChunks: Hashable, Sendable {
    /// Elements of the fill value.
    case areFill
    /// Damage: the writer stores every chunk.
    case areErrors
  }

  /// The array's name in the store.
  package let name: String
  private(set) var metadata: ZarrMetadata
  private(set) var grid: ChunkGrid
  let order: ZarrChunkOrder
  private(set) var chunks: ChunkStore
  let limits: ReadLimits

  package var dtype: DType { metadata.dtype }
  package var shape: Shape { metadata.shape }

  /// The shape of the unit of decoding, for information.
  package var chunkShape: Shape? { metadata.innerShape }

  package func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    [StoredPlace(file: chunks.displayName)]
  }

  /// The chunk, which is decoded from its beginning on.
  package var decodingUnit: Shape { metadata.innerShape }

  /// Returns the source of a box: an array of the same chunks, if the box has whole ones.
  ///
  /// Each of them is then decoded once.
  package func source(of box: ArrayBox) throws(CoppiceError) -> any ArraySource {
    guard box.isContained(in: shape), let first = grid.index(ofFirstCellIn: box),
      let grid = ChunkGrid(shape: box.shape, chunk: grid.chunk)
    else { return try BoxSource(self, box: box) }
    var part = self
    part.metadata.shape = box.shape
    part.grid = grid
    part.chunks.origin = chunks.absolute(first)
    return part
  }

  /// Returns whether a store has an array of that name.
  package static func exists(
    _ name: String, in store: any KeyValueStore
  ) throws(CoppiceError) -> Bool {
    try find(name, in: store, version3First: true) != nil
  }

  /// Opens the array of a name, reading only its metadata document.
  ///
  /// - Parameter isVersion3: The version that is looked for first; the other one is accepted too.
  /// - Throws: `zarr.*`, `json.*`, and the store's errors.
  package init(
    opening name: String, in store: any KeyValueStore, missingChunks: MissingChunks,
    limits: ReadLimits = .standard, isVersion3: Bool = true
  ) throws(CoppiceError) {
    guard let found = try Self.find(name, in: store, version3First: isVersion3) else {
      throw CoppiceError(
        .zarrMissingMetadata,
        "there is no zarr.json and no .zarray for the array; the checkpoint is incomplete",
        at: .init(file: store.displayName(of: Array(name.utf8))))
    }
    let place = store.displayName(of: found.key)
    guard found.value.byteCount <= ZarrMetadata.mostBytes else {
      throw CoppiceError(
        .zarrTooLarge,
        "the metadata document has \(found.value.byteCount) bytes; at most "
          + "\(ZarrMetadata.mostBytes) are read",
        at: .init(file: place))
    }
    let text: [UInt8]
    do {
      text = try found.value.bytes(at: 0, count: found.value.byteCount)
    } catch {
      throw error.located(file: place)
    }
    let document = try JSONDocument(stored: text, file: place, limits: limits)
    let metadata =
      found.isVersion3
      ? try ZarrMetadata(version3: document.root, limits: limits)
      : try ZarrMetadata(version2: document.root, limits: limits)
    guard metadata.text == nil else {
      throw document.root.error(
        .zarrUnknownDtype, "the elements are texts, which aren't read in such a checkpoint")
    }
    try self.init(
      metadata, named: name, in: store, missingChunks: missingChunks, limits: limits, place: place)
  }

  /// Makes the array that a metadata document describes.
  ///
  /// - Parameter place: The document, for messages.
  /// - Throws: `zarr.too-large`, and the errors of looking for the last chunk.
  init(
    _ metadata: ZarrMetadata, named name: String, in store: any KeyValueStore,
    missingChunks: MissingChunks, limits: ReadLimits, place: String
  ) throws(CoppiceError) {
    self.metadata = metadata
    self.name = name
    self.limits = limits
    guard let grid = ChunkGrid(shape: metadata.shape, chunk: metadata.innerShape) else {
      throw CoppiceError(
        .zarrTooLarge, "an array of \(metadata.shape) has too many chunks", at: .init(file: place))
    }
    self.grid = grid
    order = ZarrChunkOrder(
      metadata.innerShape, width: metadata.dtype.width, order: metadata.coding.order)
    chunks = ChunkStore(
      store: store, prefix: Self.prefix(name), metadata: metadata, missing: missingChunks)
    try checkExtent()
  }

  private static func prefix(_ name: String) -> [UInt8] {
    name.isEmpty ? [] : Array(name.utf8) + [0x2F]
  }

  private static func find(
    _ name: String, in store: any KeyValueStore, version3First: Bool
  ) throws(CoppiceError) -> (key: StoreKey, value: any ByteSource, isVersion3: Bool)? {
    for isVersion3 in [version3First, !version3First] {
      let key = prefix(name) + Array((isVersion3 ? "zarr.json" : ".zarray").utf8)
      if let value = try store.value(of: key) { return (key, value, isVersion3) }
    }
    return nil
  }

  /// Looks for the last chunk of a large array that must have all its chunks.
  ///
  /// This refuses a false shape before a caller allocates memory for it.
  private func checkExtent() throws(CoppiceError) {
    guard chunks.missing == .areErrors, grid.cellCount > 0, byteCount > 64 << 20 else { return }
    _ = try chunks.bytes(grid.counts.map { $0 - 1 })
  }

  /// None: arrays share no chunks, and to look for one would open a file.
  package var identity: ArrayIdentity? { nil }

  /// The array's bytes, if a single uncoded chunk covers the array exactly.
  package var contiguousBytes: (any ByteSource)? {
    guard grid.cellCount == 1, metadata.coding.codecs.isEmpty, !metadata.coding.isBigEndian,
      !dtype.isBelowByte, order.isC, grid.chunk.dimensions == shape.dimensions,
      case .stored(let bytes)? = try? chunks.bytes(Array(repeating: 0, count: grid.rank)),
      bytes.byteCount == byteCount
    else { return nil }
    return bytes
  }
}
