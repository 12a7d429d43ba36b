import CCoppiceCRC32C
import CoppiceFiles
import CoppiceModel
import CoppiceOrbax

/// Opens the database in the files of the input: lists all keys, and reads each value both ways.
///
/// The checksums of the manifest and of nodes are made right first, so that changes reach what is inside.
enum OCDBTFuzzing {
  static func run(_ bytes: [UInt8]) {
    let scratch = Scratch.shared
    scratch.write(FileList(bytes).files.map { ($0.name, repaired($0.bytes)) })
    do throws(CoppiceError) {
      let directory = try DirectoryHandle(opening: scratch.path)
      let database = try OCDBTDatabase(opening: directory, limits: CheckpointProbe.limits)
      let before = try database.value(of: Array("a/zarr.json".utf8))
      let keys = try database.keys(under: [])
      let after = try database.value(of: Array("a/zarr.json".utf8))
      guard before?.byteCount == after?.byteCount else { fail("a key that is there or not") }
      for key in keys.prefix(64) {
        guard let value = try database.value(of: key) else { fail("a key without a value") }
        do throws(CoppiceError) {
          _ = try allBytes(of: value)
        } catch {
          check(error)
        }
      }
    } catch {
      check(error)
    }
  }

  /// Returns a file whose records have the checksum of their bytes.
  private static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var offset = 0
    while offset + 18 <= bytes.count {
      guard bytes[offset] == 0x0C, bytes[offset + 1] == 0xDB,
        let length = Int(
          exactly: bytes[(offset + 4)..<(offset + 12)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        ),
        (18...(bytes.count - offset)).contains(length)
      else {
        offset += 1
        continue
      }
      let end = offset + length - 4
      let sum = bytes[offset..<end].withUnsafeBytes { ccrc32c_extend(0, $0.baseAddress, $0.count) }
      for byte in 0..<4 { bytes[end + byte] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(byte))) }
      offset += length
    }
    return bytes
  }
}
