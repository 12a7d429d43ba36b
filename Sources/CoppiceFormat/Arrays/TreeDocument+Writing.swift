import CoppiceJSON
import CoppiceModel

extension TreeDocument {
  /// Returns the canonical bytes of `tree.json`.
  package func encoded() -> [UInt8] { encoded(structure: encodedStructure()) }

  /// Returns the canonical bytes of `tree.json`.
  ///
  /// - Parameter structure: The result of `encodedStructure()`.
  package func encoded(structure: [UInt8]) -> [UInt8] {
    var writer = CanonicalJSONWriter(
      reservingCapacity: structure.count + 256 * (files.count + 1) + blocks.count * 40)
    writer.beginObject()
    writer.name("blocks")
    writer.beginObject()
    writer.name("digest")
    writer.hex64Column(blocks.digest)
    writer.name("file")
    writer.integerColumn(blocks.file)
    writer.name("offset")
    writer.integerColumn(blocks.offset)
    writer.name("size")
    writer.integerColumn(blocks.size)
    writer.endObject()
    writer.name("files")
    writer.beginArray()
    for file in files { file.write(to: &writer) }
    writer.endArray()
    // All other members come after these two in canonical order.
    return writer.finish(withMembersOf: structure)
  }

  /// Returns the canonical bytes without files and blocks, as HDF5 holds them at `/%coppice/tree`.
  ///
  /// Spec: ARR-41.
  package func encodedStructure() -> [UInt8] {
    var writer = CanonicalJSONWriter(reservingCapacity: 1024 + leaves.count * 100)
    writer.beginObject()
    writer.name("format")
    writer.string(Self.format)
    writer.name("leaves")
    writer.beginArray()
    let kinds = leaves.kinds.map { kind in
      var writer = CanonicalJSONWriter()
      kind.write(to: &writer)
      return writer.finishValue()
    }
    for ordinal in leaves.indices { writer.encoded(kinds[leaves.kind(of: ordinal)]) }
    writer.endArray()
    if let pieceSize {
      writer.name("piece_size")
      writer.integer(pieceSize)
    }
    if !shardings.isEmpty {
      writer.name("shardings")
      writer.beginArray()
      for sharding in shardings { sharding.write(to: &writer) }
      writer.endArray()
    }
    writer.name("tree")
    NodeWriter.write(tree, to: &writer)
    writer.name("version")
    writer.string(FormatVersion.current.description)
    writer.endObject()
    return writer.finish()
  }
}

extension ArraysFile {
  fileprivate func write(to writer: inout CanonicalJSONWriter) {
    writer.beginObject()
    writer.name("name")
    writer.string(name)
    writer.name("size")
    writer.integer(size)
    writer.name("structure_digest")
    writer.hex64(structureDigest.bits)
    writer.endObject()
  }
}

extension LeafRecord {
  fileprivate func write(to writer: inout CanonicalJSONWriter) {
    writer.beginObject()
    if case .chunked(let layout) = storage {
      writer.name("chunks")
      writer.beginObject()
      writer.name("filters")
      writer.stringColumn(layout.isShuffled ? ["shuffle", "zstd"] : ["zstd"])
      writer.name("shape")
      writer.integerColumn(layout.shape.dimensions)
      writer.endObject()
    }
    writer.name("dtype")
    writer.string(dtype.rawValue)
    if let prng {
      writer.name("prng")
      writer.string(prng)
    }
    writer.name("shape")
    writer.integerColumn(shape.dimensions)
    if let sharding {
      writer.name("sharding")
      writer.integer(sharding)
    }
    if let shards {
      writer.name("shards")
      shards.write(to: &writer)
    }
    writer.name("storage")
    writer.string(storage.name)
    writer.endObject()
  }
}

extension LeafStorage {
  /// The value of `storage`.
  package var name: String {
    switch self {
    case .none: "none"
    case .contiguous: "contiguous"
    case .packed: "packed"
    case .chunked: "chunked"
    }
  }
}
