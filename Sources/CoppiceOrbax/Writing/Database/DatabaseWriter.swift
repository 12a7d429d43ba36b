import CoppiceFiles
import CoppiceModel
import SystemPackage

/// A writer of an OCDBT database with one version.
///
/// It writes the values in the order in which it gets them, then the tree of their keys, then the
/// manifest. Equal values in equal order give equal files.
final class DatabaseWriter: ArraySink {
  private let directory: FilePath
  private let options: OrbaxWriteOptions
  private var entries: [BTreeNodeEncoder.Entry] = []
  private var files: [OutputFile] = []
  private var sizes: [Int] = []
  /// The number of bytes left for values inside the tree, all of which stay in memory.
  private var inlineBytesLeft = 32 << 20

  /// The most bytes of a value inside the tree, as Orbax configures it.
  static let maximumInlineBytes = 1024
  /// The most bytes of a node; a single entry may be larger.
  private let nodeBytes: Int

  /// Makes a database in a directory that exists.
  init(
    in directory: FilePath, options: OrbaxWriteOptions, nodeBytes: Int = 4 << 20
  ) throws(CoppiceError) {
    self.directory = directory
    self.options = options
    self.nodeBytes = nodeBytes
    try OutputDirectory.create(directory.appending("d"))
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
      files.append(try OutputFile(at: directory.appending(Self.fileName(files.count))))
      sizes.append(0)
    }
    let file = files.count - 1
    let offset = sizes[file]
    sizes[file] += byteCount
    entries.append(.init(key: key, value: .stored(file: file, offset: offset, count: byteCount)))
    return OutputRange(files[file], offset: offset, byteCount: byteCount)
  }

  /// Returns the name of a data file: 32 hexadecimal digits, as TensorStore's have.
  private static func fileName(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "d/" + String(repeating: "0", count: 32 - digits.utf8.count) + digits
  }

  /// Writes the tree and the manifest.
  ///
  /// - Parameter time: When the version was made.
  func finish(time: Timestamp) throws(CoppiceError) {
    let isDurable = options.durability == .durable
    if isDurable { for file in files { try file.sync() } }
    entries.sort { $0.key.lexicographicallyPrecedes($1.key) }
    let nodeFile = files.count
    let paths = (0...nodeFile).map { Array(Self.fileName($0).utf8) }
    let output = try OutputFile(at: directory.appending(Self.fileName(nodeFile)))
    var offset = 0
    let write = { (record: [UInt8]) throws(CoppiceError) -> Int in
      defer { offset += record.count }
      try output.write(record, at: offset)
      return offset
    }
    let encoder = BTreeNodeEncoder(paths: paths, nodeFile: nodeFile, nodeBytes: nodeBytes)
    let root = try encoder.encode(entries, write)
    if isDurable { try output.sync() }
    let manifest = ManifestEncoder(path: paths[nodeFile], time: time.nanoseconds).encode(root)
    try OutputFile.create(
      directory.appending(OrbaxName.manifest), holding: manifest, durability: options.durability)
    if isDurable { try OutputDirectory.sync(directory.appending("d")) }
  }
}
