import CoppiceFiles
import CoppiceFlax
import CoppiceModel

/// An item that is a tree.
struct TreeItem {
  let tree: Tree<ArrayLeaf>
  /// The user's own metadata of this tree.
  let custom: JSON?

  /// Reads the tree of an item's directory, without array data.
  init(
    _ listing: OrbaxListing, _ source: ItemContent.StructureSource, reader: ItemReader,
    warnings: inout [CoppiceError]
  ) throws(CoppiceError) {
    let limits = reader.limits
    switch source {
    case .metadata:
      let metadata: TreeMetadata
      do throws(CoppiceError) {
        metadata = try TreeMetadata(in: listing.directory, limits: limits)
      } catch {
        guard reader.salvages, error.code.isInputFault else { throw error }
        custom = nil
        tree = try Self.named(listing, reader, &warnings)
        return
      }
      custom = metadata.custom
      tree = try Self.described(metadata, listing, reader, &warnings)
    case .aggregate:
      custom = nil
      tree = try Self.aggregated(listing, reader, &warnings)
    case .names:
      custom = nil
      tree = try Self.named(listing, reader, &warnings)
    }
  }

  private static func described(
    _ metadata: TreeMetadata, _ listing: OrbaxListing, _ reader: ItemReader,
    _ warnings: inout [CoppiceError]
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let limits = reader.limits
    let file = listing.directory.displayName(OrbaxName.treeMetadata)
    let stored = metadata.entries.filter { !TreeStructure.emptyTypes.contains($0.valueType) }
    let separate = stored.filter { !$0.isSkipped }
    // A skipped leaf that has a type is in the msgpack file.
    let isAggregated = separate.count < stored.count && listing.hasFile(OrbaxName.aggregate)
    let arrays: ArrayStore? =
      separate.contains { $0.valueType != "string" }
      ? try ArrayStore(
        of: listing, metadata, limits: limits, warnings: &warnings) : nil
    let strings = separate.filter { $0.valueType == "string" }.map(\.parameterName)
    let builder = OrbaxTreeBuilder(
      metadata: metadata, structure: try TreeStructure(metadata.entries, file: file),
      sources: try LeafSources(
        listing, arrays: arrays, strings: strings, structure: file, reader: reader,
        warnings: &warnings),
      aggregate: isAggregated ? try AggregateFile(in: listing.directory, limits: limits) : nil,
      file: file)
    if let types = richTypes(metadata, builder.structure, file, limits, &warnings) {
      return try builder.tree(types)
    }
    return try builder.tree()
  }

  /// Returns the recorded container types if they fit: some versions wrote them wrongly.
  private static func richTypes(
    _ metadata: TreeMetadata, _ structure: TreeStructure, _ file: String, _ limits: ReadLimits,
    _ warnings: inout [CoppiceError]
  ) -> RichTypes? {
    guard let text = metadata.richTypes else { return nil }
    if let types = try? RichTypes(parsing: text, file: file, limits: limits),
      types.fits(structure)
    {
      return types
    }
    warnings.append(
      CoppiceError(
        .orbaxRichTypes,
        "the recorded container types don't fit the leaves; tuples are read as lists, "
          + "named tuples as dictionaries",
        at: .init(file: file, pointer: "/value_metadata_tree")))
    return nil
  }

  /// Returns a tree of versions up to 0.4.2, whose structure is in the msgpack file.
  private static func aggregated(
    _ listing: OrbaxListing, _ reader: ItemReader, _ warnings: inout [CoppiceError]
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let limits = reader.limits
    let aggregate = try AggregateFile(in: listing.directory, limits: limits)
    let names = aggregate.referredNames
    let arrays: ArrayStore? =
      names.isEmpty
      ? nil
      : try ArrayStore(of: listing, TreeMetadata(), limits: limits, warnings: &warnings)
    let sources = try LeafSources(
      listing, arrays: arrays, strings: names, structure: aggregate.reader.document.file,
      reader: reader, warnings: &warnings)
    return try aggregate.tree(of: aggregate.root, at: TreePath(), sources)
  }
}
