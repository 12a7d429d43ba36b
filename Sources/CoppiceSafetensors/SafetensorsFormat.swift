package import CoppiceFiles
package import CoppiceModel

/// The reader of safetensors: a file, or a directory with the files of a set.
package enum SafetensorsFormat {
  /// The format's name in the reader's result.
  static let name = "safetensors"

  static let fileSuffix = ".safetensors"

  /// Returns whether a file is meant to be safetensors, whole or damaged.
  package static func recognizes(file: InputFile) throws(CoppiceError) -> Bool {
    if file.name.hasSuffix(fileSuffix) { return true }
    return try recognizes(start: file)
  }

  /// Returns whether bytes begin with the length of a header, and the header's first byte.
  package static func recognizes(start file: any ByteSource) throws(CoppiceError) -> Bool {
    let start = Header.lengthBytes
    guard file.byteCount >= start + 2 else { return false }
    let bytes = try Header.bytes(of: file, at: 0, count: start + 1)
    let length = Header.littleEndian(bytes[..<start])
    return (2...UInt64(Header.maximumBytes)).contains(length)
      && bytes[start] == UInt8(ascii: "{")
  }

  /// Returns whether a directory holds an index of safetensors files, or such files.
  package static func recognizes(directory: DirectoryHandle) throws(CoppiceError) -> Bool {
    try !SetListing(directory, suffixes: [fileSuffix]).isEmpty
  }

  /// Opens a file, without reading the tensors' bytes.
  ///
  /// - Parameter salvages: Whether tensors whose bytes the file lacks become leaves with faults.
  /// - Throws: `safetensors.*`, `io.*`.
  package static func open(
    _ file: InputFile, limits: ReadLimits = .standard, salvages: Bool = false
  ) throws(CoppiceError) -> CheckpointContents {
    try open(file, name: file.name, limits: limits, salvages: salvages)
  }

  /// Opens a file from any byte source, such as memory or an archive.
  package static func open(
    _ file: any ByteSource, name: String, limits: ReadLimits = .standard, salvages: Bool = false
  ) throws(CoppiceError) -> CheckpointContents {
    let header = try Header(readingFrom: file, name: name, limits: limits, salvages: salvages)
    var entries: [Tree<ArrayLeaf>.Entry] = []
    entries.reserveCapacity(header.tensors.count)
    for tensor in header.tensors {
      let leaf = header.leaf(of: tensor, in: file, name: name)
      entries.append(.init(.string(tensor.name), .leaf(leaf)))
    }
    var contents = CheckpointContents(format: Self.name, root: .unnamed(.tree(.dict(entries))))
    contents.custom = header.metadata.map { pairs in
      .object(pairs.map { JSON.Member($0.name, .string($0.value)) })
    }
    if header.hasPartOffsets, PartSet.rank(of: name) != nil {
      contents.warnings.append(
        CoppiceError(
          .safetensorsParts,
          "the file is one rank's of a set, and other files may have further parts of its tensors; open the "
            + "directory to read them whole", at: .init(file: name)))
    }
    return contents
  }
}
