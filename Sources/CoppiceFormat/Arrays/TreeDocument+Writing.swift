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
      reservingCapacity: structure.count + 128 * (files.count + 1) + index.blocks.count * 40)
    writer.beginObject()
    writer.name("files")
    writer.beginArray()
    for file in files { file.write(to: &writer, first: index) }
    writer.endArray()
    // All other members come after this one in canonical order.
    return writer.finish(withMembersOf: structure)
  }

  /// Returns the canonical bytes without the files, as HDF5 holds them at `/%coppice/tree`.
  ///
  /// Spec: ARR-41.
  package func encodedStructure() -> [UInt8] {
    var writer = CanonicalJSONWriter(reservingCapacity: 1024 + leaves.count * 100)
    writer.beginObject()
    writer.name("format")
    writer.string(Self.format)
    if !hasGlobalViews {
      writer.name("global_views")
      writer.bool(false)
    }
    writer.name("leaves")
    writer.beginArray()
    let kinds = leaves.kinds.map { kind in
      var writer = CanonicalJSONWriter()
      kind.write(to: &writer)
      return writer.finishValue()
    }
    for ordinal in leaves.indices { writer.encoded(kinds[leaves.kind(of: ordinal)]) }
    writer.endArray()
    let meshes = Mesh.numbered(shardings)
    if !meshes.isEmpty {
      writer.name("meshes")
      writer.beginArray()
      for mesh in meshes { mesh.write(to: &writer) }
      writer.endArray()
    }
    if let pieceSize {
      writer.name("piece_size")
      writer.integer(pieceSize)
    }
    if !placements.isEmpty {
      writer.name("placements")
      writer.beginArray()
      for placement in placements { writer.integerColumn(placement.files) }
      writer.endArray()
    }
    if !shardings.isEmpty {
      writer.name("shardings")
      writer.beginArray()
      for sharding in shardings { sharding.write(to: &writer, meshes: meshes) }
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
    if let placement {
      writer.name("placement")
      writer.integer(placement)
    }
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
