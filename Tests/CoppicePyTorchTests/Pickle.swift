import CoppiceFiles
import CoppiceModel
import CoppicePyTorch
import CoppiceTestSupport
import CoppiceZip
import SystemPackage

/// Pickles, put together instruction by instruction.
struct Pickle: ExpressibleByStringLiteral {
  var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }
  init(stringLiteral text: String) { bytes = Array(text.utf8) }

  /// Takes each character for one byte.
  init(latin text: String) {
    bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }

  static func + (left: Pickle, right: Pickle) -> Pickle { Pickle(left.bytes + right.bytes) }
  static func * (left: Pickle, count: Int) -> Pickle {
    Pickle(Array(repeatElement(left.bytes, count: count).joined()))
  }

  static func number(_ value: Int) -> Pickle {
    Pickle([0x8A, 8] + (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
  }

  static func text(_ text: String) -> Pickle {
    let count = text.utf8.count
    let length = (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    return Pickle([0x58] + length + Array(text.utf8))
  }

  static func tuple(_ items: [Pickle]) -> Pickle {
    Pickle([0x28] + items.flatMap(\.bytes) + [0x74])
  }

  static func storage(_ key: String, _ count: Int) -> Pickle {
    tuple([text("storage"), "ctorch\nFloatStorage\n", text(key), text("cpu"), number(count)]) + "Q"
  }

  static func tensor(
    _ key: String = "0", count: Int = 4, offset: Int = 0, extents: [Int] = [4], strides: [Int] = [1]
  ) -> Pickle {
    let arguments = tuple([
      storage(key, count), number(offset), tuple(extents.map(number)), tuple(strides.map(number)),
      "I00\n", "N",
    ])
    return "ctorch._utils\n_rebuild_tensor_v2\n" + arguments + "R"
  }
}

/// The tree of an archive with a pickle, and a storage of 16 bytes.
func load(_ pickle: Pickle, leaves: Int = 10_000) throws -> Tree<ArrayLeaf> {
  try tree(contents(pickle, leaves: leaves))
}

/// Opens an archive with a pickle, and a storage of 16 bytes.
func contents(_ pickle: Pickle, leaves: Int = 10_000) throws -> CheckpointContents {
  let directory = try TemporaryDirectory()
  try write(pickle, to: directory("m.pt"))
  var limits = ReadLimits()
  limits.leaves = leaves
  return try open(directory("m.pt"), limits: limits)
}

/// Writes an archive with a pickle, and a storage of 16 bytes.
func write(_ pickle: Pickle, to path: FilePath) throws {
  let members = [("m/data.pkl", pickle.bytes), ("m/data/0", [UInt8](repeating: 1, count: 16))]
  let layout = try StoredZip(members.map { ($0.0, $0.1.count) })
  let file = try OutputFile(at: path)
  for (place, member) in zip(layout.members, members) {
    try file.write(layout.header(of: place, checksum: 0), at: place.headerOffset)
    try file.write(member.1, at: place.offset)
  }
  try file.write(layout.directory(checksums: [0, 0]), at: layout.directoryOffset)
}
