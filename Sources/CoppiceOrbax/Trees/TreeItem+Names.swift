import CoppiceFiles
import CoppiceModel

extension TreeItem {
  /// Returns a tree built from the names of the arrays, without any description of its structure.
  ///
  /// The array handlers of all versions write one array named `checkpoint`. Apart from that, only
  /// the first versions left nothing but names. Later ones wrote `_METADATA`, which is then lost,
  /// and with it strings, numbers and empty containers.
  static func named(
    _ listing: OrbaxListing, _ reader: ItemReader, _ warnings: inout [CoppiceError]
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let place = listing.directory.displayName(OrbaxName.treeMetadata)
    let lost = CoppiceError(
      .orbaxMissingMetadata,
      "the file with the tree's structure is missing; copy it again from where the "
        + "checkpoint was saved",
      at: .init(file: place))
    guard listing.hasFile(OrbaxName.manifest) || !hasDatabaseTraces(listing) else { throw lost }
    let arrays = try ArrayStore(
      of: listing, TreeMetadata(), limits: reader.limits, warnings: &warnings)
    let names = try arrays.arrayNames()
    let isArrayItem = names.count == 1 && names[0] == OrbaxName.aggregate
    let isOldTree = reader.mayLackMetadata && !ItemContent.hasTraces(listing)
    guard isArrayItem || isOldTree || reader.salvages, !names.isEmpty else { throw lost }
    let entries = names.map { name in
      let keys = name.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
      return TreeMetadata.Entry(
        keys: keys.map { .init(name: String($0) ?? "", isIndex: false) },
        valueType: "jax.Array", isSkipped: false)
    }
    if !isArrayItem {
      warnings.append(
        CoppiceError(
          .orbaxNamesOnly,
          "nothing tells the structure; it was rebuilt from the names of \(names.count) arrays, "
            + "each dot taken for a level; strings and empty containers are lost",
          at: .init(file: place)))
    }
    var metadata = TreeMetadata()
    metadata.entries = entries
    let builder = OrbaxTreeBuilder(
      metadata: metadata, structure: try TreeStructure(entries, file: place),
      sources: try LeafSources(
        listing, arrays: arrays, strings: [], structure: place, reader: reader,
        warnings: &warnings),
      aggregate: nil, file: place)
    return try builder.tree()
  }

  private static func hasDatabaseTraces(_ listing: OrbaxListing) -> Bool {
    listing.directories.contains(where: OrbaxName.isProcessDatabase)
  }
}
