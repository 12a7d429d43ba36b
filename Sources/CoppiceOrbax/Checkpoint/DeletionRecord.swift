import CoppiceFiles
import CoppiceJSON
import CoppiceModel

/// The record of a deletion that Orbax began and did not finish: `_CHECKPOINT_DELETION`.
///
/// Orbax writes it since 0.12.8. Readers leave out the item that it names, which may be incomplete.
struct DeletionRecord {
  static let fileName = "_CHECKPOINT_DELETION"

  /// The name of the item; empty where nothing is being deleted.
  private(set) var name = ""

  /// The name of the item, with the error that opening it throws.
  private(set) var hidden: [HiddenCheckpointable] = []

  /// Reads the record, if there is one.
  ///
  /// A damaged record hides nothing; it becomes a warning.
  ///
  /// - Throws: `io.*`.
  init(
    in listing: OrbaxListing, limits: ReadLimits, warnings: inout [CoppiceError]
  ) throws(CoppiceError) {
    guard listing.hasFile(Self.fileName) else { return }
    let file = listing.directory.displayName(Self.fileName)
    do throws(CoppiceError) {
      let document = try JSONDocument(in: listing.directory, Self.fileName, limits: limits)
      var reader = try JSONObjectReader(document.root)
      name = try reader.required("checkpointable_name").string()
    } catch {
      guard error.code.isInputFault else { throw error }
      warnings.append(
        CoppiceError(
          .orbaxDeletion,
          "an item is being deleted, but the record that names it can't be read: \(error.message)",
          at: error.location))
      return
    }
    let advice = "delete it again with Orbax to finish, or load another one"
    warnings.append(
      CoppiceError(
        .orbaxDeletion,
        "the deletion of the item \"\(name.printable)\" began and did not finish; the item is left out",
        at: .init(file: file)))
    hidden.append(
      HiddenCheckpointable(
        name: name,
        reason: CoppiceError(
          .orbaxDeletion,
          "the item \"\(name.printable)\" is being deleted and may be there in part: \(advice)",
          at: .init(file: file))))
  }
}
