package import CoppiceFiles
import CoppiceJSON
package import CoppiceModel
import CoppiceZip
import SystemPackage

/// The reader of `.keras` archives, which hold the weights as an HDF5 file and two JSON documents.
package enum KerasArchive {
  /// The format's name in the reader's result.
  package static let name = "keras"

  private static let weightsName = "model.weights.h5"
  private static let documents = ["metadata.json", "config.json"]
  /// The most bytes of a document.
  private static let maximumDocumentBytes = 16 << 20

  /// Returns whether a file is an archive that Keras made.
  package static func recognizes(
    _ file: InputFile, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> Bool {
    guard try ZipArchive.recognizes(file) else { return false }
    if file.name.hasSuffix(".keras") { return true }
    // The reader of another format refuses a damaged archive.
    guard let archive = try? ZipArchive(file, name: file.name, limits: limits) else { return false }
    return archive.member(named: weightsName) != nil
  }

  /// Opens an archive.
  ///
  /// libhdf5 reads only files, so the weights are copied to a temporary file. Its name is removed
  /// once libhdf5 has parsed it.
  ///
  /// - Throws: `keras.*`, `zip.*`, `hdf5.*`, `json.*`, `io.*`.
  package static func open(
    _ file: InputFile, access: HDF5Access, choices: ElementChoices = [],
    limits: ReadLimits = .standard
  ) throws(CoppiceError) -> CheckpointContents {
    do throws(CoppiceError) {
      let archive = try ZipArchive(file, name: file.name, limits: limits)
      guard let member = archive.member(named: weightsName) else {
        throw CoppiceError(
          .kerasNoWeights, "the archive has no \(weightsName), where Keras keeps the weights")
      }
      let copy = try TemporaryCopy(of: member)
      // A stored member is read in place, as copying it has checked it; a compressed one from the
      // copy.
      var contents = try HDF5TreeFormat.open(
        member.isStored ? member.uncheckedContents() : copy.file, at: copy.path,
        name: "\(file.name)/\(weightsName)", access: access, choices: choices, limits: limits)
      contents.format = name
      // Copying the member has checked its checksum.
      contents.hasDigests = true
      contents.custom = try metadata(archive, limits: limits) ?? contents.custom
      return contents
    } catch {
      throw error.located(file: file.name)
    }
  }

  /// Returns the other documents of the archive, each under its name without the extension.
  private static func metadata(
    _ archive: ZipArchive, limits: ReadLimits
  ) throws(CoppiceError) -> JSON? {
    var members: [JSON.Member] = []
    for name in documents {
      guard let member = archive.member(named: name) else { continue }
      let bytes = try member.allBytes(limit: maximumDocumentBytes)
      let document = try JSONDocument(
        parsing: bytes, file: name, dialect: .python, limits: limits)
      members.append(.init(String(name.dropLast(".json".count)), document.root.json))
    }
    return members.isEmpty ? nil : .object(members)
  }
}
