import CoppiceFiles
import CoppiceModel
import CoppiceZarr
import SystemPackage

/// A writer of an OCDBT database with one version.
///
/// It writes the values in the order in which it gets them; then the tree of their keys is written, then the manifest.
/// Equal values in equal order give equal files. Several ranks store values, each in data files of its own.
final class DatabaseWriter: ArraySink {
  private let directory: FilePath
  private let options: OrbaxWriteOptions
  private let rank: Int
  private var entries: [BTreeNodeEncoder.Entry] = []
  private var files: [OutputFile] = []
  private var sizes: [Int] = []
  /// The number of bytes left for values inside the tree, all of which stay in memory.
  private var inlineBytesLeft: Int

  /// The most bytes of a value inside the tree, as Orbax configures it.
  static let maximumInlineBytes = 1024

  /// Makes a database, or the part of a rank, in a directory that exists.
  init(in directory: FilePath, options: OrbaxWriteOptions, rank: Int = 0) throws(CoppiceError) {
    self.directory = directory
    self.options = options
    self.rank = rank
    // The file of the tree has its limit too, and needs the other half for keys.
    inlineBytesLeft = min(32 << 20, (options.maximumFileBytes ?? .max) / 2)
    _ = try OutputDirectory.createAll(["d"], below: directory)
  }

  func put(_ key: StoreKey, _ bytes: RawSpan) throws(CoppiceError) {
    if bytes.byteCount <= Self.maximumInlineBytes, bytes.byteCount <= inlineBytesLeft {
      inlineBytesLeft -= bytes.byteCount
      let value = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
      entries.append(.init(key: key, value: .inline(value)))
      return
    }
    let place = try place(key, bytes.byteCount)
    try place.file.write(bytes, at: place.offset)
    if options.durability == .durable {
      place.file.startWriteback(at: place.offset, count: bytes.byteCount)
    }
  }

  func reserve(_ key: StoreKey, byteCount: Int) throws(CoppiceError) -> OutputRange? {
    try place(key, byteCount)
  }

  func allocate() throws(CoppiceError) {
    for (file, size) in zip(files, sizes) { try file.reserve(byteCount: size) }
  }

  private func place(_ key: StoreKey, _ byteCount: Int) throws(CoppiceError) -> OutputRange {
    let limit = options.maximumFileBytes ?? .max
    if files.isEmpty
      || (sizes[files.count - 1] > limit - min(byteCount, limit)
        && sizes[files.count - 1] > 0)
    {
      files.append(try OutputFile(at: directory.appending(Self.fileName(files.count, of: rank))))
      sizes.append(0)
    }
    let file = files.count - 1
    let offset = sizes[file]
    sizes[file] += byteCount
    entries.append(.init(key: key, value: .stored(file: file, offset: offset, count: byteCount)))
    return OutputRange(files[file], offset: offset, byteCount: byteCount)
  }

  /// Returns the name of a data file of a rank: 32 hexadecimal digits, as TensorStore's have.
  private static func fileName(_ number: Int, of rank: Int) -> String {
    let halves = [rank, number].map { number in
      let digits = String(number, radix: 16)
      return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
    return "d/" + halves.joined()
  }

  /// Puts the values on stable storage.
  func close() throws(CoppiceError) -> StoredValues {
    if options.durability == .durable {
      for file in files { try file.sync() }
      if rank > 0 { try OutputDirectory.sync(directory.appending("d")) }
    }
    let names = files.indices.map { Array(Self.fileName($0, of: rank).utf8) }
    return StoredValues(entries: entries, files: zip(names, sizes).map { ($0, $1) })
  }

  /// Writes the tree of keys and the manifest of a database whose values are stored.
  ///
  /// - Parameters:
  ///   - shares: The values of all ranks.
  ///   - directory: The directory of the database.
  ///   - nodeBytes: The most bytes of a node; a single entry may be larger.
  ///   - time: When the version was made.
  static func writeTree(
    of shares: [StoredValues], in directory: FilePath, options: OrbaxWriteOptions,
    nodeBytes: Int = 4 << 20, time: Timestamp
  ) throws(CoppiceError) {
    var entries: [BTreeNodeEncoder.Entry] = []
    var paths: [[UInt8]] = []
    for share in shares {
      entries += share.entries.map { $0.movingFile(by: paths.count) }
      paths += share.files.map(\.path)
    }
    entries.sort { $0.key.lexicographicallyPrecedes($1.key) }
    let nodeFile = paths.count
    let name = fileName(shares.first?.files.count ?? 0, of: 0)
    paths.append(Array(name.utf8))
    let output = try OutputFile(at: directory.appending(name))
    var offset = 0
    let write = { (record: [UInt8]) throws(CoppiceError) -> Int in
      defer { offset += record.count }
      try output.write(record, at: offset)
      return offset
    }
    let encoder = BTreeNodeEncoder(paths: paths, nodeFile: nodeFile, nodeBytes: nodeBytes)
    let root = try encoder.encode(entries, write)
    let isDurable = options.durability == .durable
    if isDurable { try output.sync() }
    let manifest = ManifestEncoder(path: paths[nodeFile], time: time.nanoseconds).encode(root)
    try OutputFile.create(
      directory.appending(OrbaxName.manifest), holding: manifest, durability: options.durability)
    if isDurable { try OutputDirectory.sync(directory.appending("d")) }
  }
}

extension BTreeNodeEncoder.Entry {
  /// Returns the entry with another number of its file.
  fileprivate func movingFile(by distance: Int) -> Self {
    guard case .stored(let file, let offset, let count) = value else { return self }
    return Self(key: key, value: .stored(file: file + distance, offset: offset, count: count))
  }
}
