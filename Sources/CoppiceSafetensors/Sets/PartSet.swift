import CoppiceFiles
import CoppiceJSON
import CoppiceModel

/// The files of a set in which each rank of a program has stored its own parts of the tensors.
///
/// `HuggingFaceStorageWriter` of torch writes them. The metadata of a file say at which offset of its tensor each
/// part begins; a tensor is as large as its parts make it.
struct PartSet {
  /// A part of a tensor, in one of the files.
  private struct Part {
    var offset: [Int]
    var shape: Shape
    var leaf: ArrayLeaf
    var file: String
  }

  private var parts: [TreeKey: [Part]] = [:]
  private var names: [String] = []
  private var metadata: [JSON.Member] = []

  /// The member of the metadata with the offsets.
  private static let offsetsName = "DCP_SHARDING_INFO"
  private static let filePrefix = "shard-"

  /// Returns the number of the rank in a file's name, such as `shard-00002-model-00001-of-00001.safetensors`; `nil` for
  /// other names.
  static func rank(of file: String) -> Int? {
    guard file.hasPrefix(filePrefix) else { return nil }
    return Int(file.dropFirst(filePrefix.utf8.count).prefix { $0 != "-" })
  }

  /// Returns whether files are a set of parts: all of their names are those of ranks, and the first has offsets.
  static func recognizes(
    _ files: [String], in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> Bool {
    guard let first = files.first, files.allSatisfy({ rank(of: $0) != nil }) else { return false }
    return try OpenedShard(opening: first, in: directory, limits: limits).header.hasPartOffsets
  }

  /// Reads the headers of all files.
  ///
  /// - Parameter salvages: Whether files may lack the bytes of some parts.
  /// - Throws: `safetensors.*`, `json.*`, `file.*`, `io.*`.
  init(
    opening files: [String], in directory: DirectoryHandle, limits: ReadLimits, salvages: Bool
  ) throws(CoppiceError) {
    let ranks = Set(files.compactMap { Self.rank(of: $0) })
    if let missing = (1...max(files.count, 1)).first(where: { !ranks.contains($0) }),
      ranks.contains(where: { $0 > missing })
    {
      throw CoppiceError(
        .safetensorsParts,
        "the file of rank \(missing) is not there, and each has parts of the tensors; the set is incomplete, so "
          + "copy it again", at: .init(file: directory.displayName("")))
    }
    let pool = FilePool(directory)
    for file in files {
      let bytes = PooledBytes(file, of: pool, at: 0, count: try pool.file(file).byteCount)
      let name = directory.displayName(file)
      let header = try Header(
        readingFrom: bytes, name: name, limits: limits, salvages: salvages)
      try add(header, of: bytes, name: name, limits: limits)
    }
  }

  private mutating func add(
    _ header: Header, of bytes: any ByteSource, name: String, limits: ReadLimits
  ) throws(CoppiceError) {
    let offsets = try header.partOffsets(limits: limits, file: name)
    for tensor in header.tensors {
      let leaf = header.leaf(of: tensor, in: bytes, name: name)
      let offset =
        offsets[.string(tensor.name)] ?? Array(repeating: 0, count: tensor.shape.rank)
      guard let box = ArrayBox(offset: offset, shape: tensor.shape) else {
        throw CoppiceError(
          .safetensorsMetadata,
          "\(Self.offsetsName) gives the tensor an offset of \(offset.count) dimensions, but it has "
            + "\(tensor.shape.rank)",
          at: .init(file: name, treePath: TreePath(tensorName: tensor.name).description))
      }
      let key = TreeKey.string(tensor.name)
      if parts[key] == nil { names.append(tensor.name) }
      parts[key, default: []].append(
        Part(offset: box.offset, shape: box.shape, leaf: leaf, file: name))
    }
    guard names.count <= limits.leaves else {
      throw CoppiceError(
        .safetensorsLimit, "the set has more than \(limits.leaves) tensors; no more are read",
        at: .init(file: name))
    }
    for pair in header.metadata ?? []
    where pair.name != Self.offsetsName && !metadata.contains(where: { $0.name == pair.name }) {
      metadata.append(JSON.Member(pair.name, .string(pair.value)))
    }
  }

  /// The tree of whole tensors.
  var contents: CheckpointContents {
    let entries = names.map { name in
      Tree<ArrayLeaf>.Entry(.string(name), .leaf(leaf(name, parts[.string(name)] ?? [])))
    }
    var contents = CheckpointContents(
      format: SafetensorsFormat.name, root: .unnamed(.tree(.dict(entries))))
    contents.custom = .object(metadata)
    return contents
  }

  /// Returns the leaf of a tensor; it has a fault if the parts don't make a whole.
  private func leaf(_ name: String, _ parts: [Part]) -> ArrayLeaf {
    do throws(CoppiceError) {
      return try whole(parts)
    } catch {
      let path = TreePath(tensorName: name).description
      return ArrayLeaf(
        LeafFault(
          error.located(file: parts.first?.file, treePath: path),
          unsupported: [.safetensorsUnknownDType, .safetensorsUnsupportedDType]))
    }
  }

  private func whole(_ parts: [Part]) throws(CoppiceError) -> ArrayLeaf {
    var extents: [Int] = []
    var sources: [any ArraySource] = []
    for part in parts {
      let source = try part.leaf.source
      if sources.isEmpty { extents = Array(repeating: 0, count: source.shape.rank) }
      guard source.dtype == sources.first?.dtype ?? source.dtype, source.shape.rank == extents.count
      else { throw fault("its parts have different types or dimensions") }
      for dimension in extents.indices {
        extents[dimension] = max(
          extents[dimension], part.offset[dimension] + part.shape.dimensions[dimension])
      }
      sources.append(source)
    }
    guard let dtype = sources.first?.dtype, let shape = Shape(extents),
      shape.byteCount(of: dtype) != nil
    else { throw fault("its size overflows") }
    var table = BoxTable(shape, reserving: parts.count)
    var held: [any ArraySource] = []
    let order = parts.indices.sorted {
      parts[$0].offset.lexicographicallyPrecedes(parts[$1].offset)
    }
    for index in order where parts[index].shape.elementCount > 0 {
      guard
        table.append(offset: parts[index].offset[...], extents: parts[index].shape.dimensions[...])
      else {
        throw fault("one of its parts lies outside of it")
      }
      held.append(sources[index])
    }
    if let problem = table.fault() { throw fault(problem) }
    if held.count == 1 { return ArrayLeaf(held[0]) }
    return ArrayLeaf(TiledSource(dtype: dtype, boxes: table, parts: HeldParts(sources: held)))
  }

  private func fault(_ problem: String) -> CoppiceError {
    CoppiceError(
      .safetensorsParts,
      "the tensor can't be put together of the parts in the set's files: \(problem); the set is incomplete or "
        + "damaged, so copy it again")
  }
}

/// Parts whose sources are known from the beginning.
private struct HeldParts: ArrayParts {
  let sources: [any ArraySource]

  func source(of part: Int) throws(CoppiceError) -> any ArraySource { sources[part] }
  func place(of part: Int) -> StoredPlace? { sources[part].contiguousBytes?.place }
}

extension Header {
  private static let offsetsName = "DCP_SHARDING_INFO"

  /// Whether the metadata say at which offset of its tensor each part begins.
  var hasPartOffsets: Bool { offsetsText != nil }

  private var offsetsText: String? { metadata?.first { $0.name == Self.offsetsName }?.value }

  /// Returns the offset of each part by the name of its tensor; none where the metadata don't say it.
  ///
  /// - Throws: `safetensors.metadata`.
  fileprivate func partOffsets(
    limits: ReadLimits, file: String
  ) throws(CoppiceError) -> [TreeKey: [Int]] {
    guard let text = offsetsText else { return [:] }
    do throws(CoppiceError) {
      let document = try JSONDocument(parsing: Array(text.utf8), file: file, limits: limits)
      var offsets: [TreeKey: [Int]] = [:]
      for (name, node) in try document.root.requireObject() {
        var reader = try JSONObjectReader(node)
        offsets[.string(name)] = try reader.required("saved_offsets").nonNegativeIntegerColumn()
      }
      return offsets
    } catch {
      throw CoppiceError(
        .safetensorsMetadata, "\(Self.offsetsName) can't be read: \(error.message)",
        at: .init(file: file))
    }
  }
}
