import CoppiceCompression
import CoppiceFiles
package import CoppiceModel
package import CoppiceProcessGroup
package import SystemPackage

/// The writing of an Orbax checkpoint whose arrays are divided among the ranks of a group.
///
/// Each rank stores parts of arrays: in a database in data files of its own, whose keys rank 0 puts into the one tree of
/// the database; in directories in chunk files. All other files are written by rank 0.
package final class OrbaxGroupWriter: Sendable {
  private let plan: OrbaxPlan
  private let group: any ProcessGroup
  private let started: Timestamp

  /// Makes the writer of this rank.
  package init(_ plan: OrbaxPlan, group: any ProcessGroup) {
    self.plan = plan
    self.group = group
    started = plan.options.now()
  }

  /// The description for rank 0, which is the same on all ranks.
  package var description: [UInt8] {
    var writer = MessageWriter()
    for leaf in plan.leaves {
      writer.write(leaf.checkpointable)
      writer.write(leaf.path.description.utf8)
      writer.write(leaf.dtype.rawValue.utf8)
      writer.write(integers: leaf.shape.dimensions)
    }
    var digest = MessageWriter()
    digest.write(writer.bytes.count)
    let bytes = writer.bytes
    digest.write(Int(CRC32C.extend(0, unsafe bytes.span.bytes)))
    return digest.bytes
  }

  /// Makes directories and documents, on rank 0; the division is a matter of the arrays alone.
  package func plan(in directory: FilePath) throws(CoppiceError) -> [UInt8] {
    try plan.prepare(directory)
    return []
  }

  /// Writes the share of this rank.
  ///
  /// - Returns: The share for rank 0, and what the next rank has to know to look at its files.
  package func write(
    _ plan: [UInt8], into directory: FilePath, monitor: OperationMonitor
  ) throws(CoppiceError) -> (share: [UInt8], files: [UInt8]) {
    let values = try self.plan.writeShare(
      of: group.rank, among: group.count, to: directory, monitor: monitor)
    return (Self.message(values), Self.message(values.map { StoredValues(files: $0.files) }))
  }

  private static func message(_ values: [StoredValues]) -> [UInt8] {
    var writer = MessageWriter()
    writer.write(values.count)
    for values in values { values.write(to: &writer) }
    return writer.bytes
  }

  /// Checks that the files that another rank has written are there.
  ///
  /// - Throws: `io.*`.
  package func check(_ files: [UInt8], in directory: FilePath) throws(CoppiceError) {
    let trees = plan.places(in: directory).filter {
      if case .tree = $0.item { true } else { false }
    }
    for ((path, _), values) in zip(trees, try Self.values(files)) {
      for (name, byteCount) in values.files {
        let file = try InputFile(opening: path.appending(String(decoding: name, as: UTF8.self)))
        guard file.byteCount == byteCount else {
          throw CoppiceError(
            .ioShortRead,
            "the file has \(file.byteCount) bytes, but the rank that wrote it gave it \(byteCount)",
            at: .init(file: file.name))
        }
      }
    }
  }

  /// Completes the checkpoint, on rank 0, when all shares are written.
  package func finish(_ shares: [[UInt8]], in directory: FilePath) throws(CoppiceError) {
    var all: [[StoredValues]] = []
    for share in shares { all.append(try Self.values(share)) }
    try plan.finish(all, in: directory, started: started)
  }

  private static func values(_ message: [UInt8]) throws(CoppiceError) -> [StoredValues] {
    var reader = MessageReader(message)
    guard let count = reader.integer(), count >= 0 else { throw malformed }
    var values: [StoredValues] = []
    for _ in 0..<count {
      guard let value = StoredValues(&reader) else { throw malformed }
      values.append(value)
    }
    return values
  }

  private static var malformed: CoppiceError {
    CoppiceError(.usageMessage, "a rank sent a share that this version of the library doesn't know")
  }
}

extension StoredValues {
  fileprivate func write(to writer: inout MessageWriter) {
    writer.write(files.count)
    for (path, byteCount) in files {
      writer.write(path)
      writer.write(byteCount)
    }
    writer.write(entries.count)
    for entry in entries {
      writer.write(entry.key)
      switch entry.value {
      case .inline(let bytes):
        writer.write(UInt8(0))
        writer.write(bytes)
      case .stored(let file, let offset, let count):
        writer.write(UInt8(1))
        writer.write(file)
        writer.write(offset)
        writer.write(count)
      }
    }
  }

  fileprivate init?(_ reader: inout MessageReader) {
    guard let fileCount = reader.integer(), fileCount >= 0 else { return nil }
    for _ in 0..<fileCount {
      guard let path = reader.field(), let byteCount = reader.integer() else { return nil }
      files.append((path, byteCount))
    }
    guard let entryCount = reader.integer(), entryCount >= 0 else { return nil }
    for _ in 0..<entryCount {
      guard let key = reader.field(), let mark = reader.byte() else { return nil }
      if mark == 0 {
        guard let bytes = reader.field() else { return nil }
        entries.append(.init(key: key, value: .inline(bytes)))
      } else {
        guard let file = reader.integer(), let offset = reader.integer(),
          let count = reader.integer()
        else { return nil }
        entries.append(.init(key: key, value: .stored(file: file, offset: offset, count: count)))
      }
    }
  }
}
