import CCoppiceZlib

/// Archives whose checksums are right, whatever their members hold.
enum ZipRepair {
  /// Returns an archive of torch with a pickle and the storages that it may name.
  static func archive(_ pickle: [UInt8]) -> [UInt8] {
    var members: [(name: String, bytes: [UInt8])] = [
      ("a/data.pkl", pickle), ("a/byteorder", Array("little".utf8)),
    ]
    for (key, count) in [16, 24, 48, 64, 8, 4, 1, 0, 96, 128].enumerated() {
      members.append(("a/data/\(key)", (0..<count).map { UInt8($0 & 1) }))
    }
    var (archive, directory): ([UInt8], [UInt8]) = ([], [])
    for (name, bytes) in members {
      let fields =
        little(20, 2) + little(0, 2) + little(0, 2) + little(0, 2) + little(0x21, 2)
        + little(Int(sum(bytes[...])), 4) + little(bytes.count, 4) + little(bytes.count, 4)
        + little(name.utf8.count, 2) + little(0, 2)
      directory += [0x50, 0x4B, 1, 2] + little(20, 2) + fields
      directory += little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4)
      directory += little(archive.count, 4) + Array(name.utf8)
      archive += [0x50, 0x4B, 3, 4] + fields + Array(name.utf8) + bytes
    }
    let end =
      [0x50, 0x4B, 5, 6] + little(0, 4) + little(members.count, 2) + little(members.count, 2)
      + little(directory.count, 4) + little(archive.count, 4) + little(0, 2)
    return archive + directory + end
  }

  /// Returns an archive with the checksums of its stored members, as far as its directory can be followed.
  static func checksums(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    func number(_ offset: Int, _ count: Int) -> Int {
      (0..<count).reversed().reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
    }
    func isMark(_ offset: Int, _ kind: UInt8) -> Bool {
      bytes[offset...].starts(with: [0x50, 0x4B, kind, kind + 1])
    }
    guard bytes.count >= 22,
      let end = stride(from: bytes.count - 22, through: max(0, bytes.count - 4096), by: -1)
        .first(where: { isMark($0, 5) })
    else { return bytes }
    var entry = number(end + 16, 4)
    while entry + 46 <= bytes.count, isMark(entry, 1) {
      let (method, count, header) = (
        number(entry + 10, 2), number(entry + 20, 4), number(entry + 42, 4)
      )
      if method == 0, header + 30 <= bytes.count, isMark(header, 3) {
        let start = header + 30 + number(header + 26, 2) + number(header + 28, 2)
        if start <= bytes.count, count <= bytes.count - start {
          let sum = little(Int(sum(bytes[start..<(start + count)])), 4)
          // A sum of 0 stays: torch means by it that there is none.
          for place in [entry + 16, header + 14] where number(place, 4) != 0 {
            bytes.replaceSubrange(place..<(place + 4), with: sum)
          }
        }
      }
      entry += 46 + number(entry + 28, 2) + number(entry + 30, 2) + number(entry + 32, 2)
    }
    return bytes
  }

  private static func sum(_ bytes: ArraySlice<UInt8>) -> UInt {
    bytes.withUnsafeBufferPointer { UInt(crc32(0, $0.baseAddress, UInt32($0.count))) }
  }

  private static func little(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
