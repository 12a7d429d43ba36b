import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import CoppiceProcessGroup
import CoppiceStorage
import SystemPackage

/// The writers of all trees of a save by a group.
struct GroupWriters: Sendable {
  private var trees: [String: GroupTreeWriter] = [:]

  /// Plans all trees, on rank 0.
  init(
    _ own: PreparedSave, _ descriptions: [[TreeDescription]], _ group: any ProcessGroup
  ) throws(CoppiceError) {
    let planning = GroupPlanning(group: group)
    for (item, descriptions) in zip(own.items, descriptions) {
      guard case .tree(let tree, _) = item.content else { continue }
      let layout = try planning.layout(of: tree, named: item.name, descriptions)
      trees[item.name] = try GroupTreeWriter(tree, layout: layout, options: own.writing.tree)
    }
  }

  /// Plans all trees, which each rank can read, on rank 0.
  init(dividing own: PreparedSave, among rankCount: Int) throws(CoppiceError) {
    for item in own.items {
      guard case .tree(let tree, _) = item.content else { continue }
      trees[item.name] = try GroupTreeWriter(
        dividing: tree, among: rankCount, options: own.writing.tree)
    }
  }

  private init() {}

  /// Returns the plan as a message.
  func message(directory: FilePath) -> [UInt8] {
    var writer = MessageWriter()
    writer.write(directory.string.utf8)
    writer.write(trees.count)
    for (name, tree) in trees.sorted(by: { $0.key < $1.key }) {
      writer.write(name.utf8)
      writer.write(integers: tree.ranks)
      writer.write(tree.structure)
    }
    return writer.bytes
  }

  /// Takes the plan of rank 0.
  static func take(
    _ message: [UInt8], _ own: PreparedSave
  ) throws(CoppiceError) -> (GroupWriters, FilePath) {
    var reader = MessageReader(message)
    var writers = GroupWriters()
    guard let directory = reader.field(), let count = reader.integer() else { throw malformed }
    for _ in 0..<count {
      guard let name = reader.field().map({ String(decoding: $0, as: UTF8.self) }),
        let ranks = reader.integers(), let structure = reader.field(),
        case .tree(let tree, _)? = own.items.first(where: { $0.name == name })?.content
      else { throw malformed }
      writers.trees[name] = try GroupTreeWriter(
        tree, structure: structure, ranks: ranks, options: own.writing.tree)
    }
    return (writers, FilePath(String(decoding: directory, as: UTF8.self)))
  }

  static var malformed: CoppiceError {
    CoppiceError(.usageMessage, "rank 0 sent a plan that this version of the library doesn't know")
  }

  /// Writes the share of this rank.
  mutating func write(
    _ own: PreparedSave, _ rank: Int, into directory: FilePath, _ monitor: OperationMonitor
  ) throws(CoppiceError) -> WrittenShare {
    var written = WrittenShare()
    for item in own.items {
      let folder = directory.appending(CheckpointableName.directory(for: item.name))
      switch item.content {
      case .tree:
        let files = try trees[item.name]?.writeFiles(of: rank, into: folder, monitor: monitor) ?? []
        written.files += files.map { (item.name, $0) }
      case .eachRank(let value):
        var writer = CheckpointableWriter(options: own.writing, monitor: monitor)
        let entries = try writer.write(
          [NamedCheckpointable(String(rank), value)], into: folder, depth: 1)
        written.add(entries, writer.features, of: item.name)
      case .primary(let value) where rank == 0:
        var writer = CheckpointableWriter(options: own.writing, monitor: monitor)
        let entries = try writer.write([NamedCheckpointable(item.name, value)], into: directory)
        written.add(entries, writer.features, of: item.name)
      case .primary: break
      }
    }
    return written
  }

  /// Writes the documents of all trees, on rank 0, when all files are written.
  ///
  /// - Parameters:
  ///   - own: What rank 0 has written.
  ///   - all: What all ranks have written.
  func finish(
    _ prepared: PreparedSave, _ own: WrittenShare, _ all: [WrittenShare], into directory: FilePath,
    _ options: SaveOptions
  ) throws(CoppiceError) -> ([NamedEntry], Set<Feature>) {
    var entries: [NamedEntry] = []
    var features: Set<Feature> = []
    for item in prepared.items {
      let folder = directory.appending(CheckpointableName.directory(for: item.name))
      switch item.content {
      case .tree:
        guard let writer = trees[item.name] else { throw Self.malformed }
        var files = own.files.filter { $0.name == item.name }.map(\.file)
        for share in all.dropFirst() {
          files += share.files.filter { $0.name == item.name }.map(\.file)
        }
        let result = try writer.writeDocument(
          files.sorted { $0.number < $1.number }, into: folder)
        features.formUnion(result.features)
        entries.append(NamedEntry(item.name, .tree(result.document)))
      case .eachRank:
        features.insert(.composite)
        let inner = all.flatMap { $0.roots.filter { $0.name == item.name }.map(\.root) }
        for root in inner { features.formUnion(root.requiredFeatures) }
        entries.append(NamedEntry(item.name, .composite(inner.flatMap(\.checkpointables))))
      case .primary:
        for (_, root) in own.roots.filter({ $0.name == item.name }) {
          features.formUnion(root.requiredFeatures)
          entries += root.checkpointables
        }
        continue
      }
      if options.durability == .durable { try OutputDirectory.sync(folder) }
    }
    return (entries, features)
  }
}

/// The files and entries that a rank has written.
struct WrittenShare: Sendable {
  /// The data files, each with the name of its tree.
  var files: [(name: String, file: GroupTreeWriter.File)] = []
  /// The entries of other checkpointables, each as a root document of their own, with the name of the checkpointable.
  private(set) var roots: [(name: String, root: RootDocument)] = []

  init() {}

  mutating func add(_ entries: [NamedEntry], _ features: Set<Feature>, of name: String) {
    roots.append(
      (name, RootDocument(requiredFeatures: features, checkpointables: entries, writer: "")))
  }

  /// Reads the message of another rank.
  init(message: [UInt8]) throws(CoppiceError) {
    var reader = MessageReader(message)
    guard let fileCount = reader.integer() else { throw GroupWriters.malformed }
    for _ in 0..<fileCount {
      guard let name = reader.field(), let number = reader.integer(), let size = reader.integer(),
        let indexSize = reader.integer(), let digest = reader.integer()
      else { throw GroupWriters.malformed }
      var record = DataFile(size: size)
      if number > 0 {
        record.index = FileRecord(
          path: DataFile.indexName(number), size: indexSize,
          digest: Digest(bits: UInt64(bitPattern: Int64(digest))))
      }
      files.append(
        (
          String(decoding: name, as: UTF8.self),
          GroupTreeWriter.File(number: number, record: record)
        ))
    }
    guard let rootCount = reader.integer() else { throw GroupWriters.malformed }
    for _ in 0..<rootCount {
      guard let name = reader.field(), let bytes = reader.field() else {
        throw GroupWriters.malformed
      }
      roots.append((String(decoding: name, as: UTF8.self), try RootDocument(parsing: bytes)))
    }
  }

  /// Checks that the data files are there as their rank has written them.
  func check(in directory: FilePath) throws(CoppiceError) {
    for (item, file) in files {
      try GroupTreeWriter.check(
        file, in: directory.appending(CheckpointableName.directory(for: item)))
    }
  }

  /// The message for other ranks.
  var message: [UInt8] {
    get throws(CoppiceError) {
      var writer = MessageWriter()
      writer.write(files.count)
      for (name, file) in files {
        writer.write(name.utf8)
        writer.write(file.number)
        writer.write(file.record.size)
        writer.write(file.record.index?.size ?? 0)
        writer.write(Int(Int64(bitPattern: file.record.index?.digest.bits ?? 0)))
      }
      writer.write(roots.count)
      for (name, root) in roots {
        writer.write(name.utf8)
        writer.write(try root.encoded())
      }
      return writer.bytes
    }
  }
}
