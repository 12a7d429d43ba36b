import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceTestSupport
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A directory for one test, gone with it.
final class Scratch: Sendable {
  private let directory: TemporaryDirectory
  var path: FilePath { directory.path }

  init() throws { directory = try TemporaryDirectory() }

  func file(_ name: String) -> FilePath { path.appending(name) }

  /// Writes a file.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> FilePath {
    try writeFile(file(name), bytes)
    return file(name)
  }

  /// Writes a shell script that can be started.
  ///
  /// A process of its own makes the executable: were it open for writing here, a child that another
  /// test starts at that moment would hold it open, and the system would refuse to start it.
  func writeScript(_ script: String, to name: String) throws -> FilePath {
    let text = try write(Array("#!/bin/sh\n\(script)\n".utf8), to: name + ".txt")
    ShellCommand.run("install", "-m", "755", text.string, file(name).string)
    return file(name)
  }
}

func contents(of path: FilePath) -> [UInt8] {
  guard let file = fopen(path.string, "r") else { return [] }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65536)
  while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
    bytes += buffer[..<count]
  }
  return bytes
}

extension HDF5Object where Self: ~Copyable {
  func writeBytes(_ name: String, _ bytes: [UInt8]) throws {
    try writeAttribute(
      name, type: .integer(byteCount: 1, isSigned: false), dimensions: [UInt64(bytes.count)],
      bytes: bytes)
  }
}

/// Writes a file with some of everything that this package can write.
func writeRichFile(_ path: FilePath) throws {
  let file = try File(creatingAt: path.string, layout: .init(alignmentThreshold: 1 << 20))
  do {
    let root = try file.root()
    try root.writeAttribute("format", text: "rich")
    try root.writeAttribute("version", integer: Int32(3))
    let group = try root.createGroup("layer/dense")
    for index in 0..<12 { try group.writeBytes("attribute \(index)", [UInt8(index), 1, 2]) }
    try group.createDataset("kernel", type: .float32(), dimensions: [2, 3])
      .write([UInt8](repeating: 1, count: 24))
    try group.createDataset("half", type: .bfloat16(), dimensions: [4])
      .write([UInt8](repeating: 2, count: 8))
    try group.createDataset("flags", type: .bool(), dimensions: [3]).write([0, 1, 0])
    try group.createDataset("c", type: .complex(of: .float64()), dimensions: [])
      .write([UInt8](repeating: 3, count: 16))
    let record = try Datatype.compound(byteCount: 40)
    try record.insert("path", at: 0, .string(byteCount: 16))
    try record.insert(
      "dims", at: 16, .array(of: .integer(byteCount: 8, isSigned: false), dimensions: [3]))
    try root.createDataset("index", type: record, dimensions: [2])
      .write([UInt8](repeating: 0x41, count: 80))
    try root.createCompactDataset(
      "compact", type: .integer(byteCount: 2, isSigned: true), dimensions: [3]
    )
    .write([1, 0, 2, 0, 3, 0])
    _ = try root.createDataset("empty", type: .float64(), dimensions: [0, 4])
    let chunked = try root.createDataset(
      "chunked", type: .float32(), dimensions: [5, 3], chunk: [2, 3],
      filters: [.shuffle(width: 4), .zstd(level: 1)])
    try chunked.writeChunk([9, 9, 9], at: [0, 0])
    try chunked.writeChunk([UInt8](repeating: 8, count: 24), at: [4, 0], filterMask: 3)
    let many = try root.createDataset(
      "many", type: .integer(byteCount: 1, isSigned: false), dimensions: [600], chunk: [1],
      filters: [.zstd(level: 1)])
    for index in 0..<600 {
      try many.writeChunk([UInt8(index % 256)], at: [UInt64(index)])
    }
    _ = try root.createVirtualDataset(
      "virtual", type: .float32(), dimensions: [4],
      mappings: [
        VirtualMapping(box: Box(offset: [1], shape: [3]), sourceFile: "other.h5", sourcePath: "/x")
      ],
      fill: [0, 0, 0xC0, 0x7F])
    let crowd = try root.createGroup("crowd")
    for index in 0..<40 { try crowd.createGroup("member \(index)").close() }
  }
  try file.close()
}

extension Dataset {
  func write(_ bytes: [UInt8]) throws { try write(bytes.span.bytes) }

  func writeChunk(_ bytes: [UInt8], at offset: [UInt64], filterMask: UInt32 = 0) throws {
    try writeChunk(bytes.span.bytes, at: offset, filterMask: filterMask)
  }
}

enum ProcessEnvironment {
  static subscript(name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
