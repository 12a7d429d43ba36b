package import CoppiceModel

/// Rules for the names of checkpointables and of their directories.
///
/// Spec: DIR-3 to DIR-6.
package enum CheckpointableName {
  /// Names that no checkpointable may have at the top level.
  package static let reserved = [
    RootDocument.fileName, "metrics", "AUTO", "_CHECKPOINT_DELETION",
  ]

  /// The most bytes that a directory name may have.
  package static let maximumBytes = 255

  /// Returns the directory name: bytes outside `A-Za-z0-9._-` and a leading `.` are written as
  /// `%HH`.
  package static func directory(for name: String) -> String {
    var bytes: [UInt8] = []
    for (index, byte) in name.utf8.enumerated() {
      if isPlain(byte), !(index == 0 && byte == 0x2E) {
        bytes.append(byte)
      } else {
        bytes.append(0x25)
        bytes.append(contentsOf: hex(byte))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Returns the fault of a single name: `directory.reserved-name` or `directory.name-too-long`.
  package static func fault(in name: String, isTopLevel: Bool) -> CoppiceError? {
    guard !name.isEmpty else {
      return CoppiceError(
        .directoryReservedName, "a checkpointable has a name; the empty one is reserved")
    }
    if isTopLevel, reserved.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
      return CoppiceError(
        .directoryReservedName, "the name \"\(name)\" is reserved; choose another")
    }
    guard name.utf8.count <= maximumBytes, directory(for: name).utf8.count <= maximumBytes else {
      return CoppiceError(
        .directoryNameTooLong,
        "the name \"\(name.prefix(40))…\" is longer than \(maximumBytes) bytes when encoded")
    }
    return nil
  }

  /// Returns a `directory.name-collision` for each name that some file systems can't tell from
  /// another.
  package static func collisions(_ names: [String], isTopLevel: Bool) -> [CoppiceError] {
    // By bytes: Swift compares strings by canonical equivalence.
    func key(_ name: String) -> [UInt8] {
      name.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }
    var taken: [[UInt8]: String] = [:]
    if isTopLevel { taken[key(RootDocument.fileName)] = RootDocument.fileName }
    var faults: [CoppiceError] = []
    for name in names {
      let key = key(name)
      guard let other = taken[key] else {
        taken[key] = name
        continue
      }
      faults.append(
        CoppiceError(
          .directoryNameCollision,
          "the names \"\(other)\" and \"\(name)\" differ only in case, which some "
            + "file systems can't tell apart"))
    }
    return faults
  }

  /// Checks all names of one level; writers call this.
  ///
  /// - Throws: `directory.reserved-name`, `directory.name-too-long`, `directory.name-collision`.
  package static func check(_ names: [String], isTopLevel: Bool) throws(CoppiceError) {
    for name in names {
      if let fault = fault(in: name, isTopLevel: isTopLevel) { throw fault }
    }
    if let fault = collisions(names, isTopLevel: isTopLevel).first { throw fault }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
    default: false
    }
  }

  private static func hex(_ byte: UInt8) -> [UInt8] {
    [byte >> 4, byte & 15].map { $0 < 10 ? 0x30 + $0 : 0x37 + $0 }
  }
}
