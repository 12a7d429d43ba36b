import CoppiceCompression
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage

@testable import CoppiceOrbax

/// A database of three nodes whose bytes a test can change: checksums and lengths are set right
/// afterwards, so that what was changed is what gets read.
struct DatabaseImage {
  /// The bodies of manifest, root and two leaves.
  var bodies: [[UInt8]]

  private static let dataFile = "d/0123456789abcdef0123456789abcdef"
  /// Nodes lie at multiples of this in the data file; values before them.
  private static let slot = 1024
  private static let values = Array(
    "values of the database that lie outside of its nodes".utf8)

  /// The keys and values that the database has while nothing is changed.
  static let content: [(key: String, value: String)] = [
    ("a/0", "values of"), ("a/1", "inline"), ("b", ""), ("m/long/key", "database"),
    ("m/long/kez", "x"), ("zz", "nodes"),
  ]

  init() {
    let first = Self.leaf(["a/0", "a/1", "b"], [("values of", 0), ("inline", nil), ("", nil)])
    let second = Self.leaf(
      ["long/key", "long/kez"], [("database", 14), ("x", nil)])
    let third = Self.leaf(["zz"], [("nodes", 47)])
    let lengths = [first, second, third].map { $0.count + 18 }
    var root: [UInt8] = [1] + Self.table
    root += [3] + [0, 0] + [1, 2, 2] + [0, 2, 0] + Array("am/zz".utf8)
    root += [0, 0, 0]
    for index in 2...4 { root += Self.varint(index * Self.slot) }
    for length in lengths { root += Self.varint(length) }
    root += [3, 2, 1, 0, 0, 0, 0, 0, 0]
    bodies = [[], root, first, second, third]
    bodies[0] = Self.manifest(rootLength: root.count + 18)
  }

  /// A tree in which every node leads fifty times to one and the same node below: small on disk, and
  /// with more keys than could ever be listed.
  static func fan(height: Int) -> DatabaseImage {
    var image = DatabaseImage()
    image.bodies = [manifest(rootLength: 0)]
    var lengths: [Int] = []
    for level in (0...height).reversed() {
      var body: [UInt8] = [UInt8(level)] + table + [50] + [UInt8](repeating: 0, count: 49)
      body += Array(repeating: 1, count: 50)
      if level > 0 { body += Array(repeating: 1, count: 50) }
      body += 0..<50
      let zeros = [UInt8](repeating: 0, count: 50)
      if level > 0 {
        body += zeros + (0..<50).flatMap { _ in varint((height - level + 2) * slot) }
        // All bodies but the last have one length; the last is shorter.
        body += (0..<50).flatMap { _ in [UInt8(0), UInt8(0)] }
        body += zeros + zeros + zeros
      } else {
        body += zeros + zeros
      }
      lengths.append(body.count + 18)
      image.bodies.append(body)
    }
    // All lengths are known now: write the length of the node below into each node.
    for level in 1...height {
      let place = 1 + height - level
      let below = varint(lengths[place])
      let start = image.bodies[place].count - 150 - 100
      for entry in 0..<50 {
        image.bodies[place].replaceSubrange(
          (start + 2 * entry)..<(start + 2 * entry + 2), with: below)
      }
    }
    image.bodies[0] = manifest(rootLength: lengths[0], height: height)
    return image
  }

  /// Writes manifest and data file into a directory.
  func write(into directory: TemporaryDirectory) throws {
    var data = Self.values
    for body in bodies.dropFirst() {
      data += Array(repeating: 0, count: (Self.slot - data.count % Self.slot) % Self.slot)
      data += Self.record(0x0cdb_20de, body)
    }
    try Self.write(Self.record(0x0cdb_3a2a, bodies[0]), directory("manifest.ocdbt"))
    try Self.write(data, directory(Self.dataFile))
  }

  private static func manifest(rootLength: Int, height: Int = 1) -> [UInt8] {
    var body = (0..<16).map { UInt8($0) } + [0, 4] + varint(1 << 20) + [4, 0] + table
    body += [1, 7, UInt8(height), 0] + varint(slot) + varint(rootLength) + [6, 0, 0]
    body += Array(repeating: 1, count: 8) + [0]
    return body
  }

  /// One file without a base path.
  private static let table: [UInt8] = [1, UInt8(dataFile.utf8.count), 0] + Array(dataFile.utf8)

  /// A leaf; values with a place lie in the data file.
  private static func leaf(
    _ keys: [String], _ values: [(text: String, place: Int?)]
  ) -> [UInt8] {
    var body: [UInt8] = [0] + table + [UInt8(keys.count)]
    body += keys.dropFirst().map { _ in 0 }
    body += keys.map { UInt8($0.utf8.count) }
    body += keys.flatMap { Array($0.utf8) }
    body += values.map { UInt8($0.text.utf8.count) }
    body += values.map { $0.place == nil ? 0 : 1 }
    let places = values.compactMap(\.place)
    body += places.map { _ in 0 }
    body += places.map { UInt8($0) }
    body += values.filter { $0.place == nil }.flatMap { Array($0.text.utf8) }
    return body
  }

  private static func record(_ magic: UInt32, _ body: [UInt8]) -> [UInt8] {
    var record = (0..<4).map { UInt8(truncatingIfNeeded: magic >> (24 - 8 * $0)) }
    record += (0..<8).map { UInt8(truncatingIfNeeded: (body.count + 18) >> (8 * $0)) }
    record += [0, 0] + body
    let sum = CRC32C.extend(0, record.span.bytes)
    return record + (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) }
  }

  private static func varint(_ value: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func write(_ bytes: [UInt8], _ path: FilePath) throws {
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    try file.closeAfter { _ = try file.writeAll(bytes) }
  }
}
