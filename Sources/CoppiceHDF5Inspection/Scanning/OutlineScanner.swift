import CoppiceHDF5
import CoppiceModel

/// A scanner that walks an open file and describes its objects.
///
/// It follows hard links only, and describes no object twice.
struct OutlineScanner {
  let limits: OutlineLimits
  let fileByteCount: UInt64
  var entries: [FileOutline.Entry] = []
  /// The first path of each group, dataset and datatype, by address.
  private(set) var known: [UInt64: [UInt8]] = [:]
  /// The addresses of objects with messages of a version that libhdf5 doesn't know.
  var newer: Set<UInt64> = []
  private var chunksLeft: Int
  private var bytesLeft: Int

  private init(limits: OutlineLimits, fileByteCount: UInt64) {
    self.limits = limits
    self.fileByteCount = fileByteCount
    chunksLeft = limits.chunks
    bytesLeft = limits.totalBytes
  }

  /// Describes all objects of a file.
  ///
  /// Objects that libhdf5 can't read get entries that say so; the scan goes on with the others.
  ///
  /// - Throws: `hdf5.invalid` or `hdf5.newer-version` when libhdf5 can't read the root group,
  ///   `hdf5.limit` when there is too much; located at the object.
  static func scan(
    _ file: borrowing File, limits: OutlineLimits
  ) throws(CoppiceError) -> FileOutline {
    let byteCount = try located(at: []) { () throws(HDF5Error) in try file.byteCount() }
    var scanner = OutlineScanner(limits: limits, fileByteCount: byteCount)
    try scanner.scanRoot(file)
    // Where messages of a newer version differ from an earlier one by nothing but the number, they
    // are read as the earlier.
    if !scanner.newer.isEmpty {
      let earlier = try located(at: []) { () throws(HDF5Error) in
        try file.inEarlierVersions(of: scanner.newer)
      }
      if let earlier {
        scanner = OutlineScanner(limits: limits, fileByteCount: byteCount)
        try scanner.scanRoot(earlier)
      }
    }
    try scanner.resolveReferences()
    return FileOutline(byteCount: byteCount, entries: scanner.entries)
  }

  private mutating func scanRoot(_ file: borrowing File) throws(CoppiceError) {
    let root = try Self.located(at: []) { () throws(HDF5Error) in try file.root() }
    let info = try Self.located(at: []) { () throws(HDF5Error) in try root.info() }
    known[info.address] = []
    try scan(root, path: [], depth: 0)
  }

  private mutating func scan(
    _ group: borrowing Group, path: [UInt8], depth: Int
  ) throws(CoppiceError) {
    guard depth <= limits.depth else {
      throw Self.limit("groups nest deeper than \(limits.depth)", at: path)
    }
    let attributes = try attributes(of: group, path: path)
    let room = limits.links - entries.count - 1
    let links = try Self.located(at: path) { () throws(HDF5Error) in
      try group.links(limit: max(room, 0))
    }
    try append(path, .group(attributes: attributes))
    for link in links {
      let child = path.isEmpty ? link.name : path + [UInt8(ascii: "/")] + link.name
      switch link.target {
      case .hard:
        do throws(CoppiceError) {
          try scanObject(link.name, in: group, path: child, depth: depth)
        } catch {
          // The limits are those of the whole file.
          guard error.code != .hdf5Limit else { throw error }
          try spend(error.message.utf8.count, at: child)
          try append(child, .unreadable(error.code, error.message))
        }
      case .soft(let target): try append(child, .softLink(target: target))
      case .external(let file, let target):
        try append(child, .externalLink(file: file, path: target))
      case .userDefined(let type): try append(child, .userDefinedLink(type: type))
      }
    }
  }

  private mutating func scanObject(
    _ name: [UInt8], in group: borrowing Group, path: [UInt8], depth: Int
  ) throws(CoppiceError) {
    let info = try Self.located(at: path) { () throws(HDF5Error) in try group.info(at: name) }
    if let first = known[info.address] {
      try append(path, .sameObject(as: first))
      return
    }
    known[info.address] = path
    do throws(CoppiceError) {
      try scanObject(info, name, in: group, path: path, depth: depth)
    } catch {
      if error.code == .hdf5NewerVersion { newer.insert(info.address) }
      throw error
    }
  }

  private mutating func scanObject(
    _ info: ObjectInfo, _ name: [UInt8], in group: borrowing Group, path: [UInt8], depth: Int
  ) throws(CoppiceError) {
    switch info.kind {
    case .group:
      let child = try Self.located(at: path) { () throws(HDF5Error) in
        try group.openGroup(name)
      }
      try scan(child, path: path, depth: depth + 1)
    case .dataset:
      let dataset = try Self.located(at: path) { () throws(HDF5Error) in
        try group.openDataset(name)
      }
      let outline = try outline(of: dataset, path: path)
      try append(path, .dataset(outline))
    case .datatype:
      let type = try Self.located(at: path) { () throws(HDF5Error) in
        try group.openDatatype(name).description()
      }
      try append(path, .datatype(type))
    case .unknown: try append(path, .unknown)
    }
  }

  private mutating func append(
    _ path: [UInt8], _ content: FileOutline.Content
  ) throws(CoppiceError) {
    guard entries.count < limits.links else {
      throw Self.limit("there are more than \(limits.links) links", at: path)
    }
    try spend(path.count + 64, at: path)
    entries.append(FileOutline.Entry(path: path, content: content))
  }
}

extension OutlineScanner {
  /// Counts bytes of the outline against the limit.
  mutating func spend(_ byteCount: Int, at path: [UInt8]) throws(CoppiceError) {
    bytesLeft -= byteCount
    guard bytesLeft >= 0 else {
      throw Self.limit("its outline takes more than \(limits.totalBytes) bytes", at: path)
    }
  }

  /// Counts chunks; returns the number that the limit still allows.
  mutating func spend(chunks count: Int) -> Int {
    chunksLeft -= count
    return chunksLeft
  }

  /// Converts libhdf5's error into one about the input, located at an object.
  static func located<Result: ~Copyable>(
    at path: [UInt8], _ body: () throws(HDF5Error) -> Result
  ) throws(CoppiceError) -> Result {
    do {
      return try body()
    } catch {
      throw fault(error, at: path)
    }
  }

  static func fault(_ error: HDF5Error, at path: [UInt8]) -> CoppiceError {
    error.aboutInput.located(
      treePath: path.isEmpty ? nil : String(decoding: path, as: UTF8.self))
  }

  static func limit(_ message: String, at path: [UInt8]) -> CoppiceError {
    CoppiceError(
      .hdf5Limit, message + "; the file is refused",
      at: .init(treePath: path.isEmpty ? nil : String(decoding: path, as: UTF8.self)))
  }
}
