import CoppiceModel

/// The leaves of a checkpoint's tensors, made of their descriptions; nothing of their data is read.
struct DistributedLeaves {
  let metadata: DistributedMetadata
  let store: EntryStore
  let limits: ReadLimits

  /// Returns the leaf of a tensor; it has a fault if not all elements can be there.
  ///
  /// - Throws: The errors that don't blame the checkpoint.
  func leaf(
    of key: Int, _ members: [String: MetadataPickle.Value]
  ) throws(CoppiceError) -> ArrayLeaf {
    let description: ArrayMetadata
    switch self.description(members) {
    case .success(let found): description = found
    case .failure(let fault):
      return ArrayLeaf(
        LeafFault(fault, unsupported: [.pytorchTensorKind, .pytorchFlattened]))
    }
    guard !metadata.flattened.contains(key) else {
      return ArrayLeaf(
        LeafFault(
          .unsupported,
          CoppiceError(
            .pytorchFlattened,
            "the tensor is stored as ranges of its flattened boxes, which Megatron's distributed optimizer "
              + "makes and only Megatron-Core puts together; save with a version of it that stores whole boxes"
          )),
        metadata: description)
    }
    return try leaf(of: key, members["chunks"], description)
  }

  private func description(
    _ members: [String: MetadataPickle.Value]
  ) -> Result<ArrayMetadata, CoppiceError> {
    var type: String?
    if case .object(let place)? = members["properties"],
      case .plain(_, .container(let state)) = metadata.pickle.objects[place]
    {
      for case .dtype(let name) in metadata.pickle.items(state) {
        type = metadata.pickle.texts[name]
        break
      }
    }
    guard let type, let extents = extents(members["size"]) else {
      return .failure(
        CoppiceError(
          .pytorchMetadata, "the metadata don't say the tensor's type and shape; they are damaged"))
    }
    guard let dtype = PickleGlobal.elementType(type) else {
      return .failure(
        CoppiceError(
          .pytorchTensorKind, "a tensor of the type torch.\(type.printable) can't be an array"))
    }
    guard let shape = Shape(extents), shape.byteCount(of: dtype) != nil else {
      return .failure(
        CoppiceError(
          .pytorchTensorBounds, "the tensor's size overflows; the metadata are damaged"))
    }
    return .success(ArrayMetadata(dtype: dtype, shape: shape))
  }

  private func extents(_ value: MetadataPickle.Value?) -> [Int]? {
    guard case .container(let place)? = value else { return nil }
    let items = metadata.pickle.items(place)
    guard items.count <= limits.rank else { return nil }
    var extents: [Int] = []
    for item in items {
      guard case .integer(let extent) = item, extent >= 0 else { return nil }
      extents.append(extent)
    }
    return extents
  }

  private func leaf(
    of key: Int, _ chunks: MetadataPickle.Value?, _ description: ArrayMetadata
  ) throws(CoppiceError) -> ArrayLeaf {
    let (dtype, shape) = (description.dtype, description.shape)
    var chunkItems: [MetadataPickle.Value] = []
    if case .container(let place)? = chunks { chunkItems = metadata.pickle.items(place) }
    // Each box with elements has an entry, so there can't be more of them than bytes in the metadata.
    let candidates = metadata.entries(of: key)
    guard chunkItems.count <= limits.shardsPerLeaf else {
      return damaged(
        description, .pytorchLimit,
        "the tensor has \(chunkItems.count) boxes; at most \(limits.shardsPerLeaf) are read")
    }
    guard let boxes = sorted(chunkItems, rank: shape.rank) else {
      return damaged(
        description, .pytorchBoxes, "one of the tensor's boxes has other dimensions than the tensor"
      )
    }
    guard boxes.count <= candidates.count || shape.elementCount == 0 else {
      return damaged(
        description, .pytorchEntry,
        "the tensor has \(boxes.count) boxes, but the metadata say where \(candidates.count) of them lie; the "
          + "checkpoint is incomplete or damaged")
    }
    var table = BoxTable(shape, reserving: boxes.count)
    var entries: [StoredEntry] = []
    var places = sorted(candidates, rank: shape.rank)[...]
    for start in boxes where shape.elementCount > 0 {
      let numbers = metadata.pickle.numbers
      let middle = start + shape.rank
      guard
        table.append(
          offset: numbers[start..<middle], extents: numbers[middle..<(middle + shape.rank)])
      else {
        return damaged(description, .pytorchBoxes, "one of the tensor's boxes lies outside of it")
      }
      while let next = places.first, isOrdered(next.start, before: start, rank: shape.rank) {
        places.removeFirst()
      }
      guard let next = places.first, !isOrdered(start, before: next.start, rank: shape.rank) else {
        return damaged(
          description, .pytorchEntry,
          "the metadata don't say where the tensor's box \(table[table.count - 1]) lies; they are damaged"
        )
      }
      entries.append(next.entry)
    }
    if let fault = table.fault() {
      return damaged(
        description, .pytorchBoxes,
        "the tensor can't be put together: \(fault); the metadata are damaged, or of an unfinished save"
      )
    }
    let parts = StoredParts(
      of: metadata.pickle.texts[key], dtype: dtype, boxes: table, entries: entries, in: store)
    let source = TiledSource(dtype: dtype, boxes: table, parts: parts)
    for entry in entries {
      guard let fault = try store.fault(of: entry) else { continue }
      let leafFault = LeafFault(fault, unsupported: [.pytorchTransform])
      return ArrayLeaf(source, leafFault, metadata: description)
    }
    return ArrayLeaf(source)
  }

  private func damaged(
    _ description: ArrayMetadata, _ code: CoppiceError.Code, _ message: String
  ) -> ArrayLeaf {
    ArrayLeaf(LeafFault(.damaged, CoppiceError(code, message)), metadata: description)
  }

  // MARK: Order

  /// Returns the first numbers of the boxes that have elements, in the order of their offsets; `nil` if one has
  /// another number of dimensions.
  private func sorted(_ chunks: [MetadataPickle.Value], rank: Int) -> [Int]? {
    let numbers = metadata.pickle.numbers
    var starts: [Int] = []
    starts.reserveCapacity(chunks.count)
    for chunk in chunks {
      guard case .object(let place) = chunk,
        case .box(let start, rank) = metadata.pickle.objects[place]
      else { return nil }
      // A rank whose share is empty has a box without elements.
      if !numbers[(start + rank)..<(start + 2 * rank)].contains(0) { starts.append(start) }
    }
    return starts.sorted { isOrdered($0, before: $1, rank: rank) }
  }

  /// Returns the places of a tensor's entries in the order of the boxes' offsets.
  private func sorted(
    _ candidates: [(key: Int32, place: Int32)], rank: Int
  ) -> [(start: Int, entry: StoredEntry)] {
    var places: [(start: Int, entry: StoredEntry)] = []
    places.reserveCapacity(candidates.count)
    for candidate in candidates {
      guard case .key(_, let ownRank, let start) = metadata.pickle.objects[Int(candidate.key)],
        ownRank == Int32(rank), let entry = entry(candidate.place)
      else { continue }
      places.append((start, entry))
    }
    return places.sorted { isOrdered($0.start, before: $1.start, rank: rank) }
  }

  private func isOrdered(_ one: Int, before other: Int, rank: Int) -> Bool {
    let numbers = metadata.pickle.numbers
    for dimension in 0..<rank where numbers[one + dimension] != numbers[other + dimension] {
      return numbers[one + dimension] < numbers[other + dimension]
    }
    return false
  }

  /// Returns the entry that an object describes.
  func entry(_ place: Int32) -> StoredEntry? {
    guard
      case .place(let file, let transforms, let offset, let length) = metadata.pickle.objects[
        Int(place)]
    else { return nil }
    return StoredEntry(
      file: file, transforms: transforms < 0 ? nil : transforms, offset: offset, length: length)
  }
}
