import Coppice
import CoppiceModel

/// A search for arrays that share their stored bytes, as tied weights do.
struct TiedArrays {
  /// The first array at each place.
  private var first: [StoredPlace: String] = [:]
  private(set) var notes: [ConversionNote] = []

  /// Returns notes about arrays whose elements another array has too, for formats that write them once more.
  static func notes(on contents: CheckpointContents) -> [ConversionNote] {
    var search = TiedArrays()
    switch contents.root {
    case .unnamed(let item): search.visit(item)
    case .named(let items): search.visit(items)
    }
    return search.notes
  }

  /// What can't be opened is the writer's to report, where it is written.
  private mutating func visit(_ items: [NamedCheckpointable]) {
    for item in items {
      if let value = try? item.value { visit(value) }
    }
  }

  private mutating func visit(_ item: Checkpointable) {
    switch item {
    case .tree(let tree):
      _ = tree.mapLeavesByText { (path, leaf) in visit(leaf, at: path) }
    case .composite(let items): visit(items)
    case .json, .files: break
    }
  }

  private mutating func visit(_ leaf: ArrayLeaf, at path: String) {
    guard let source = try? leaf.source, source.byteCount > 0,
      let place = source.contiguousBytes?.place, place.offset != nil
    else { return }
    guard let other = first[place] else {
      first[place] = path
      return
    }
    notes.append(
      ConversionNote(
        .tied, "\"\(other.printable)\" has the same stored elements; they are written for each",
        treePath: path))
  }
}
