import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import SystemPackage

extension RunDirectory {
  /// Creates the directory and the run's document, cleans up leftovers, and lists the steps.
  ///
  /// - Throws: `io.*`; `usage.choice` when the directory is no run, or is a run of another format
  ///   and is to be written to; `directory.*`.
  func prepare() throws(CoppiceError) -> RunListing {
    guard !options.isReadOnly else { return try list() }
    let isNew = try makeDirectory()
    // Cleaning up comes before listing, because it may restore steps that an interrupted save moved
    // aside.
    if options.cleansUp, !isNew {
      do throws(CoppiceError) {
        try StagedOutput.removeAllLeftovers(in: path)
      } catch {
        options.onWarning?(error)
      }
    }
    var listing = try list()
    if let format = listing.foreignFormat {
      throw CoppiceError(
        .usageChoice,
        "this is a run of another format, \(format): open it for reading only, or convert it first",
        at: .init(file: path.string))
    }
    // An empty run gets a document that marks it; a run with steps needs one only for metadata.
    if !listing.isMarked, options.rootMetadata != nil || listing.infos.isEmpty {
      let metadata = options.rootMetadata ?? .object([])
      try write(metadata, isReplacing: false)
      listing.metadata = metadata
      // The directory is marked as a run now.
      listing.warnings.removeAll { $0.code == .formatUnrecognized }
      listing.isMarked = true
    }
    if isNew, let permissions = options.permissions {
      try OutputDirectory.setPermissions(
        permissions, ofAllIn: path, durability: options.storage.durability)
    }
    return listing
  }

  /// Writes the run's document.
  func write(_ metadata: JSON, isReplacing: Bool) throws(CoppiceError) {
    guard case .object = metadata else {
      throw CoppiceError(.usageChoice, "metadata of a run are a JSON object")
    }
    let bytes = try RunDocument(metadata: metadata).encoded()
    let target = self(RunDocument.fileName)
    do throws(CoppiceError) {
      let staged = try StagedOutput(.file, for: target, replacing: isReplacing)
      let file = try OutputFile(at: staged.path, creating: false)
      try file.write(bytes, at: 0)
      if options.storage.durability == .durable { try file.sync() }
      try staged.commit(durability: options.storage.durability)
    } catch {
      // Another process has created the run's document meanwhile.
      guard !isReplacing, error.code == .operationExists else { throw error }
    }
  }

  /// Creates the directory and its parents; returns `true` if it didn't exist.
  private func makeDirectory() throws(CoppiceError) -> Bool {
    guard !StagedOutput.exists(path) else { return false }
    guard options.createsRoot else {
      throw CoppiceError(.ioNotFound, "there is no run", at: .init(file: path.string))
    }
    try OutputDirectory.createAll(path, durability: options.storage.durability)
    return true
  }
}
