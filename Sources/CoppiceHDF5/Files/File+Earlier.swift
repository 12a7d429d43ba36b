import CCoppiceHDF5

extension File {
  /// Opens the same file once more, with the messages of some objects in the versions that libhdf5
  /// 1.10 reads, as far as only their version numbers differ.
  ///
  /// The file itself stays as it is: libhdf5 reads it through a driver that replaces these bytes, and
  /// the checksums over them. This file must stay open meanwhile.
  ///
  /// - Parameter addresses: The addresses of the objects' headers.
  /// - Returns: `nil` when no message can be read so.
  package func inEarlierVersions(of addresses: some Sequence<UInt64>) throws(HDF5Error) -> File? {
    let bytes = try FileBytes.of(object: handle.id)
    var patches: [chdf5_patch] = []
    for address in addresses {
      EarlierHeader.append(to: &patches, at: address, in: bytes)
    }
    guard !patches.isEmpty else { return nil }
    patches.sort { $0.offset < $1.offset }
    return try File(reading: bytes, patches)
  }

  private init(
    reading bytes: borrowing FileBytes, _ patches: [chdf5_patch]
  ) throws(HDF5Error) {
    let access = try PropertyList(chdf5_p_file_access)
    try access.set { chdf5_p_set_no_file_locking($0) }
    let (accessID, descriptor) = (access.id, bytes.descriptor)
    let id = try HDF5Library.call {
      unsafe patches.withUnsafeBufferPointer {
        unsafe chdf5_f_open_patched(descriptor, $0.baseAddress, $0.count, accessID)
      }
    }
    handle = Handle(adopting: id)
  }
}

/// The bytes of an object header that libhdf5 1.10 must see otherwise.
package enum EarlierHeader {
  private static let newestDatatype: UInt8 = 3
  private static let newestLayout: UInt8 = 4

  /// Returns the bytes of a header that differ, by their offset in the file.
  package static func changes(
    at address: UInt64, in file: borrowing FileBytes
  ) -> [(offset: UInt64, byte: UInt8)] {
    var patches: [chdf5_patch] = []
    append(to: &patches, at: address, in: file)
    return patches.map { ($0.offset, $0.byte) }
  }

  static func append(
    to patches: inout [chdf5_patch], at address: UInt64, in file: borrowing FileBytes
  ) {
    guard let header = ObjectHeader(at: address, in: file) else { return }
    for block in header.blocks {
      guard let count = Int(exactly: block.byteCount),
        var bytes = file.read(at: block.offset, count: count),
        let start = file.offset(of: block.offset)
      else { continue }
      let original = bytes
      for message in header.messages {
        guard message.address >= block.offset,
          let place = Int(exactly: message.address - block.offset),
          place + message.body.count <= bytes.count
        else { continue }
        rewrite(message, &bytes, at: place)
      }
      guard bytes != original else { continue }
      if header.hasChecksums {
        let sum = Lookup3.hash(bytes[..<(count - 4)])
        for index in 0..<4 {
          bytes[count - 4 + index] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(index)))
        }
      }
      for index in bytes.indices where bytes[index] != original[index] {
        patches.append(chdf5_patch(offset: start &+ UInt64(index), byte: bytes[index]))
      }
    }
  }

  private static func rewrite(
    _ message: ObjectHeader.Message, _ bytes: inout [UInt8], at place: Int
  ) {
    guard !message.isShared else { return }
    switch message.type {
    case 0x03: rewriteDatatype(&bytes, at: place, end: place + message.body.count)
    case 0x08 where message.body.first == 5: bytes[place] = newestLayout
    case 0x0C:
      // An attribute: versions 2 and 3 have no padding. Bit 0 says that the datatype is elsewhere.
      guard message.body.count > 9, [2, 3].contains(message.body[0]), message.body[1] & 1 == 0,
        let name = littleEndian(message.body, at: 2, count: 2),
        let type = littleEndian(message.body, at: 4, count: 2)
      else { return }
      let start = place + (message.body[0] == 3 ? 9 : 8) + Int(name)
      guard start + Int(type) <= place + message.body.count else { return }
      rewriteDatatype(&bytes, at: start, end: start + Int(type))
    default: break
    }
  }

  /// Changes a datatype and all in it, or nothing if any part has no earlier version.
  private static func rewriteDatatype(_ bytes: inout [UInt8], at place: Int, end: Int) {
    var versions: [Int] = []
    var cursor = DatatypeCursor(bytes: bytes, place: place, end: end)
    guard cursor.skip(depth: 0, &versions) else { return }
    for place in versions { bytes[place] = bytes[place] & 0x0F | newestDatatype << 4 }
  }
}

/// A walk over the bytes of a datatype message, which finds the version of each type in it.
private struct DatatypeCursor {
  let bytes: [UInt8]
  var place: Int
  let end: Int

  private static let maximumDepth = 16

  /// Skips a type and notes the places of versions above 3; returns `false` when there is a type
  /// that only the newer version has.
  mutating func skip(depth: Int, _ versions: inout [Int]) -> Bool {
    guard depth < Self.maximumDepth, place + 8 <= end else { return false }
    let head = place
    let version = bytes[head] >> 4
    let size = (0..<4).reduce(0) { $0 | Int(bytes[head + 4 + $1]) << (8 * $1) }
    let count = Int(bytes[head + 1]) | Int(bytes[head + 2]) << 8
    guard (1...5).contains(version) else { return false }
    if version > 3 { versions.append(head) }
    place += 8
    switch bytes[head] & 0x0F {
    case 0, 4: return advance(4)
    case 1: return advance(12)
    case 2: return advance(2)
    case 3: return true
    case 5: return advance(Int(bytes[head + 1]))
    case 6:
      guard version >= 3 else { return false }
      let width = encodedWidth(upTo: UInt64(size))
      for _ in 0..<count {
        guard skipName(), advance(width), skip(depth: depth + 1, &versions) else { return false }
      }
      return true
    // References have another form from version 4 on.
    case 7: return version <= 3
    case 8:
      guard version >= 3, skip(depth: depth + 1, &versions) else { return false }
      for _ in 0..<count {
        guard skipName() else { return false }
      }
      return advance(count * size)
    case 9: return skip(depth: depth + 1, &versions)
    case 10:
      guard version >= 3, place < end else { return false }
      return advance(1 + 4 * Int(bytes[place])) && skip(depth: depth + 1, &versions)
    default: return false
    }
  }

  private mutating func advance(_ count: Int) -> Bool {
    guard count <= end - place else { return false }
    place += count
    return true
  }

  private mutating func skipName() -> Bool {
    guard let stop = bytes[place..<end].firstIndex(of: 0) else { return false }
    place = stop + 1
    return true
  }
}
