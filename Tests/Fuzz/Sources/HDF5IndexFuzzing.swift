import CoppiceHDF5
import SystemPackage

/// Reads the headers and the chunk indexes of an HDF5 file that libhdf5 1.10 leaves to this library.
///
/// The input is a file; each place in it that begins as an object header of version 2 is one. libhdf5 has no part in
/// it: in the library it runs in a process of its own, and `hdf5_fuzz.py` tries that one.
enum HDF5IndexFuzzing {
  private static let signature = Array("OHDR".utf8)
  private static let layoutMessage: UInt8 = 0x08
  private static let limit = 1 << 12

  static func run(_ bytes: [UInt8]) {
    let scratch = Scratch.shared
    scratch.write([("m.h5", bytes)])
    guard let descriptor = try? FileDescriptor.open(scratch.path.appending("m.h5"), .readOnly)
    else { return }
    defer { try? descriptor.close() }
    let file = FileBytes(descriptor: descriptor.rawValue)
    for address in addresses(in: bytes).prefix(16) {
      for (offset, byte) in EarlierHeader.changes(at: address, in: file) {
        guard offset < bytes.count, bytes[Int(offset)] != byte else {
          fail("a change of no byte in the file")
        }
      }
      guard let header = ObjectHeader(at: address, in: file) else { continue }
      for message in header.messages where message.type == layoutMessage {
        for isFiltered in [false, true] { list(message.body, isFiltered, in: file) }
      }
    }
  }

  private static func addresses(in bytes: [UInt8]) -> [UInt64] {
    guard bytes.count >= signature.count else { return [] }
    return (0...(bytes.count - signature.count)).filter {
      bytes[$0] == signature[0] && bytes[$0...].starts(with: signature)
    }.map { UInt64($0) }
  }

  /// Lists the chunks of a dataset, whose extents the input doesn't say, with any dimension unlimited or none.
  private static func list(_ layout: [UInt8], _ isFiltered: Bool, in file: borrowing FileBytes) {
    guard layout.count > 3, case let rank = Int(layout[3]) - 1, (0...4).contains(rank) else {
      return
    }
    let dimensions = (0..<rank).map { UInt64(40 - 7 * $0) }
    for unlimited in -1..<min(rank, 2) {
      let maximums = dimensions.enumerated().map { $0.offset == unlimited ? nil : $0.element }
      guard
        var index = ChunkIndex(
          layout: layout, isFiltered: isFiltered,
          .simple(dimensions: dimensions, maximums: maximums), limit: limit)
      else { return }
      guard let chunks = index.list(in: file) else { continue }
      guard chunks.count <= limit else { fail("more chunks than the limit") }
      for chunk in chunks where !zip(chunk.offset, dimensions).allSatisfy({ $0 < $1 }) {
        fail("a chunk outside the dataset")
      }
    }
  }
}
