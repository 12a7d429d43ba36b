package import CoppiceFiles
import CoppiceJSON
package import CoppiceModel
import CoppiceZip
package import SystemPackage

/// Reading `.keras` archives: the weights are an HDF5 file inside, beside two JSON documents.
package enum KerasArchive {
  /// The name of the format in what a reader returns.
  package static let name = "keras"

  private static let weightsName = "model.weights.h5"
  private static let documents = ["metadata.json", "config.json"]
  /// The most bytes of a document.
  private static let maximumDocumentBytes = 16 << 20

  /// Tells whether a file is an archive that Keras made.
  package static func recognizes(
    _ file: InputFile, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> Bool {
    guard try ZipArchive.recognizes(file) else { return false }
    if file.name.hasSuffix(".keras") { return true }
    // A damaged archive is another format's to refuse.
    guard let archive = try? ZipArchive(file, name: file.name, limits: limits) else { return false }
    return archive.member(named: weightsName) != nil
  }

  /// Opens an archive.
  ///
  /// libhdf5 reads files only, so the weights are copied to a temporary one, which has no name from
  /// the moment that it was parsed.
  ///
  /// - Throws: `keras.*`, `zip.*`, `hdf5.*`, `json.*`, `io.*`.
  package static func open(
    _ file: InputFile, access: HDF5Access, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> CheckpointContents {
    do throws(CoppiceError) {
      let archive = try ZipArchive(file, name: file.name, limits: limits)
      guard let member = archive.member(named: weightsName) else {
        throw CoppiceError(
          .kerasNoWeights, "the archive has no \(weightsName), where Keras keeps the weights")
      }
      let copy = try TemporaryCopy(of: member)
      // What is stored is read in place, as the copying has checked it; what was compressed, from the
      // copy.
      var contents = try HDF5TreeFormat.open(
        member.isStored ? member.uncheckedContents() : copy.file, at: copy.path,
        name: "\(file.name)/\(weightsName)", access: access, limits: limits)
      contents.format = name
      // Copying the member has checked its checksum.
      contents.hasDigests = true
      contents.custom = try metadata(archive, limits: limits) ?? contents.custom
      return contents
    } catch {
      throw error.located(file: file.name)
    }
  }

  /// The documents beside the weights, each under its name without the ending.
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
