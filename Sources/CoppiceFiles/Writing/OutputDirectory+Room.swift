import CCoppicePlatform
package import CoppiceModel
package import SystemPackage

extension OutputDirectory {
  /// Refuses data that don't fit in the file system's free space, before any of them are written.
  ///
  /// Where the system doesn't report free space, nothing is checked, and writing fails when the
  /// disk is full.
  ///
  /// - Throws: `io.no-space`.
  package static func requireRoom(
    forBytes byteCount: Int, in directory: FilePath
  ) throws(CoppiceError) {
    let room = unsafe directory.withPlatformString { unsafe cplatform_room($0) }
    guard room >= 0, room < byteCount else { return }
    throw CoppiceError(
      .ioNoSpace, "no room for \(byteCount) bytes: the file system has \(room) left",
      at: .init(file: directory.string), cause: .system(errno: Errno.noSpace.rawValue))
  }
}
