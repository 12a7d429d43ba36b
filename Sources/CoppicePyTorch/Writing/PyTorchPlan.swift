package import CoppiceModel
import CoppiceZip

/// A plan of a file of `torch.save` for a tree; only array data are still unread.
///
/// The file is the zip archive that torch writes since version 1.6, and its pickle calls nothing but
/// what `torch.load` allows with `weights_only=True`.
package struct PyTorchPlan: Sendable {
  /// One tensor of the file.
  package struct Leaf: Sendable {
    /// The path of the array in the tree.
    package let treePath: TreePath
    /// An array whose bytes in C order are written, in a type of torch.
    package let source: any ArraySource
  }

  /// The tensors in the order of the tree.
  package let leaves: [Leaf]

  /// The notes about everything that the format can't hold.
  package let notes: [ConversionNote]

  /// The number of bytes of the storages, of which tied tensors share one.
  package let dataByteCount: Int

  let layout: StoredZip
  let contents: [StoredZip.Content]

  /// The dtypes that the format keeps unchanged.
  package static var dtypes: Set<DType> { TorchElements.types }

  /// The size of the file.
  package var byteCount: Int { layout.byteCount }

  /// Plans the file of a tree and its checkpoint; the same tree gives the same file.
  ///
  /// - Throws: `pytorch.limit`, `zip.limit`.
  package init(
    writing tree: Tree<ArrayLeaf>, of checkpoint: CheckpointContents
  ) throws(CoppiceError) {
    var notes: [ConversionNote] = []
    var leaves: [Leaf] = []
    for (path, leaf) in tree.leaves {
      notes.addOmissions(of: try leaf.metadata, at: path)
      do throws(CoppiceError) {
        let elements = try TorchElements(try leaf.source)
        if let message = elements.note { notes.add(.dtype, message, at: path) }
        leaves.append(Leaf(treePath: path, source: elements.source))
      } catch {
        throw error.located(treePath: path.description)
      }
    }
    let places = TensorPlaces(of: leaves.map(\.source))
    var pickle = TreePickle(leaves.map(\.source), places)
    try pickle.add(tree, TreePath())
    let storages = places.owners.map {
      StoredZip.Content([], leaves[$0].source, of: leaves[$0].treePath)
    }
    // The members and their order are torch's, which reads the folder's name from the first.
    let members: [(name: String, content: StoredZip.Content)] =
      [("data.pkl", .init(pickle.bytes)), ("byteorder", .init(Array("little".utf8)))]
      + storages.enumerated().map { ("data/\($0)", $1) }
      + [("version", .init(Array("3\n".utf8)))]
    contents = members.map(\.content)
    layout = try StoredZip(members.map { (Self.folder + $0.name, $0.content.byteCount) })
    dataByteCount = storages.reduce(0) { $0 + $1.byteCount }
    self.leaves = leaves
    self.notes = notes + pickle.notes + Self.omissions(checkpoint)
  }

  /// The folder of all members, as torch names it where the file has no name.
  private static let folder = "archive/"

  private static func omissions(_ checkpoint: CheckpointContents) -> [ConversionNote] {
    var notes: [ConversionNote] = []
    func note(_ message: String) { notes.append(ConversionNote(.metadata, message)) }
    if checkpoint.custom != nil { note("the custom metadata are left out") }
    if checkpoint.step != nil { note("the step is left out") }
    if checkpoint.initTime != nil || checkpoint.commitTime != nil {
      note("the times of saving are left out")
    }
    return notes
  }
}
