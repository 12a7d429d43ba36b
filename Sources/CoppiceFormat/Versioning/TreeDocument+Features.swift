extension TreeDocument {
  /// The features that this tree uses, all of which a reader needs.
  ///
  /// Spec: VER-5.
  package var features: Set<Feature> {
    var features: Set<Feature> = []
    for leaf in leaves.kinds {
      if leaf.shards != nil { features.insert(.sharded) }
      switch leaf.storage {
      case .packed: features.insert(.packed)
      case .chunked(let layout):
        features.formUnion([.chunked, .zstd])
        if layout.isShuffled { features.insert(.shuffle) }
      case .none, .contiguous: break
      }
    }
    if pieceSize != nil { features.insert(.pieces) }
    if files.count > 1 { features.insert(.multiFile) }
    return features
  }
}
