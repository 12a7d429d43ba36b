import CoppiceFiles
package import CoppiceModel

/// A zip archive whose directory has been read and checked; opening it reads no contents.
package struct ZipArchive: Sendable {
  /// The members in the order of the directory, except folders.
  package let members: [ZipMember]

  private let places: [TreeKey: Int]

  /// Returns whether bytes begin as an archive does.
  package static func recognizes(_ bytes: any ByteSource) throws(CoppiceError) -> Bool {
    guard bytes.byteCount >= 4 else { return false }
    var start = [UInt8](repeating: 0, count: 4)
    var span = start.mutableSpan
    var target = unsafe span.mutableBytes
    try bytes.read(at: 0, into: &target)
    // The beginning of a member, or the end of an empty archive.
    return start == [0x50, 0x4B, 3, 4] || start == [0x50, 0x4B, 5, 6]
  }

  /// Reads the directory, and finds each member in the file.
  ///
  /// - Parameters:
  ///   - name: The file's name, for messages.
  ///   - keepsLast: Whether the last of several members with one name counts, as for Python's zipfile;
  ///     otherwise such an archive is refused.
  /// - Throws: `zip.*`; `io.*` when the file can't be read.
  package init(
    _ bytes: any ByteSource, name: String, keepsLast: Bool = false, limits: ReadLimits = .standard
  ) throws(CoppiceError) {
    do throws(CoppiceError) {
      // libzip accepts an empty file as an empty archive.
      guard bytes.byteCount > 0 else {
        throw CoppiceError(.zipDirectory, "the file is empty; copy it again")
      }
      let end = try ZipEnd(of: bytes)
      let directory = try ZipDirectory(bytes)
      guard directory.count <= limits.leaves else {
        throw CoppiceError(
          .zipLimit,
          "the archive has \(directory.count) members; at most \(limits.leaves) are read")
      }
      var members: [ZipMember] = []
      for index in 0..<directory.count {
        members.append(try ZipMember(index, of: directory, in: bytes))
      }
      try end.check(members, in: bytes)
      // A name that ends in a slash is a folder's.
      members.removeAll { $0.name.utf8.last == 0x2F && $0.byteCount == 0 }
      let places = try Self.names(of: members, keepsLast: keepsLast)
      if places.count < members.count {
        members = places.values.sorted().map { members[$0] }
        self.places = try Self.names(of: members, keepsLast: false)
      } else {
        self.places = places
      }
      self.members = members
    } catch {
      throw error.located(file: name)
    }
  }

  /// A warning if the archive lacks checksums of contents, which torch can leave out.
  package var checksumWarning: CoppiceError? {
    let count = members.count { !$0.hasChecksum }
    guard count > 0 else { return nil }
    return CoppiceError(
      .zipNoChecksum,
      "\(count) of \(members.count) members have no checksum: damage of their bytes can't be seen")
  }

  /// Returns the member with a name, compared by its bytes.
  package func member(named name: String) -> ZipMember? {
    places[.string(name)].map { members[$0] }
  }

  private static func names(
    of members: [ZipMember], keepsLast: Bool
  ) throws(CoppiceError) -> [TreeKey: Int] {
    var places: [TreeKey: Int] = [:]
    places.reserveCapacity(members.count)
    for (place, member) in members.enumerated() {
      let before = places.updateValue(place, forKey: .string(member.name))
      guard before == nil || keepsLast else {
        throw CoppiceError(
          .zipDuplicateName,
          "the archive has two members \"\(member.name.printable)\", and which counts is not said")
      }
    }
    return places
  }
}
