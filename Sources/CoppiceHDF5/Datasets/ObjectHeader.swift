/// The messages of an object header, in the layout of the HDF5 file format specification.
///
/// It reads only what is needed to find a chunk index that libhdf5 lists slowly or not at all, and
/// messages of newer versions.
package struct ObjectHeader {
  package struct Message {
    package var type: UInt8
    /// Whether the body only says where another object has the message.
    var isShared: Bool
    /// The address of the body.
    var address: UInt64
    package var body: [UInt8]
  }

  package private(set) var messages: [Message] = []
  private var continuations: [FileRange] = []
  /// The ranges of the header's blocks, each with its checksum at the end if there are checksums.
  private(set) var blocks: [FileRange] = []
  private(set) var hasChecksums = false
  private var hasOrder = false

  /// Bounds the walk, since the blocks of a damaged header may form a cycle.
  private static let maximumBlocks = 256
  private static let continuationType: UInt8 = 0x10

  /// Reads a header; fails when its version is unknown here.
  package init?(at address: UInt64, in file: borrowing FileBytes) {
    guard let start = file.read(at: address, count: 16) else { return nil }
    let first: (address: UInt64, body: [UInt8])?
    if start.starts(with: "OHDR".utf8) {
      first = versionTwoBody(start, at: address, in: file)
    } else {
      first = versionOneBody(start, at: address, in: file)
    }
    guard let first else { return nil }
    parse(first.body, at: first.address)
    let head = hasChecksums ? first.address - address : 0
    blocks.append(
      FileRange(
        offset: first.address - head,
        byteCount: head + UInt64(first.body.count) + (hasChecksums ? 4 : 0)))
    while let next = continuations.popLast() {
      guard blocks.count <= Self.maximumBlocks, let count = Int(exactly: next.byteCount),
        var block = file.read(at: next.offset, count: count)
      else { return nil }
      var start = next.offset
      if hasChecksums {
        guard block.starts(with: "OCHK".utf8), block.count >= 8 else { return nil }
        block = Array(block.dropFirst(4).dropLast(4))
        start += 4
      }
      parse(block, at: start)
      blocks.append(next)
    }
  }

  /// Reads version 1: a prefix of 12 bytes, padded to 16.
  private func versionOneBody(
    _ start: [UInt8], at address: UInt64, in file: borrowing FileBytes
  ) -> (address: UInt64, body: [UInt8])? {
    guard start.first == 1, let size = littleEndian(start, at: 8, count: 4) else { return nil }
    let (offset, overflow) = address.addingReportingOverflow(16)
    guard !overflow else { return nil }
    return file.read(at: offset, count: Int(size)).map { (offset, $0) }
  }

  /// Reads version 2: optional times and phase change values, and a size of variable width.
  private mutating func versionTwoBody(
    _ start: [UInt8], at address: UInt64, in file: borrowing FileBytes
  ) -> (address: UInt64, body: [UInt8])? {
    let flags = start[5]
    guard start[4] == 2 else { return nil }
    hasChecksums = true
    hasOrder = flags & 0x04 != 0
    let width = 1 << Int(flags & 0x03)
    let prefix = 6 + (flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0)
    guard let head = file.read(at: address, count: prefix + width),
      let size = littleEndian(head, at: prefix, count: width), let count = Int(exactly: size),
      case let (offset, overflow) = address.addingReportingOverflow(UInt64(prefix + width)),
      !overflow
    else { return nil }
    return file.read(at: offset, count: count).map { (offset, $0) }
  }

  private mutating func parse(_ block: [UInt8], at address: UInt64) {
    let prefix = hasChecksums ? (hasOrder ? 6 : 4) : 8
    var offset = 0
    while prefix <= block.count - offset {
      let type = block[offset]
      let sizeOffset = offset + (hasChecksums ? 1 : 2)
      let size = Int(block[sizeOffset]) | Int(block[sizeOffset + 1]) << 8
      let isShared = block[sizeOffset + 2] & 2 != 0
      offset += prefix
      guard size <= block.count - offset else { return }
      let body = Array(block[offset..<offset + size])
      let start = address &+ UInt64(offset)
      offset += size
      if type == Self.continuationType {
        guard let start = littleEndian(body, at: 0, count: 8),
          let count = littleEndian(body, at: 8, count: 8)
        else { continue }
        continuations.append(FileRange(offset: start, byteCount: count))
      } else {
        messages.append(Message(type: type, isShared: isShared, address: start, body: body))
      }
    }
  }
}
