package import CoppiceModel
import FileAccess

/// A zip archive with its directory read and checked; the members' bytes stay where they are.
package struct ZipArchive: Sendable {
  /// The members in the order of the directory, without those that stand for folders.
  package let members: [ZipMember]

  private let places: [TreeKey: Int]

  /// Tells whether bytes begin as an archive does.
  package static func recognizes(_ bytes: any ByteSource) throws(CoppiceError) -> Bool {
    guard bytes.byteCount >= 4 else { return false }
    var start = [UInt8](repeating: 0, count: 4)
    var span = start.mutableSpan
    var target = unsafe span.mutableBytes
    try bytes.read(at: 0, into: &target)
    // A member, or the end of an archive without any.
    return start == [0x50, 0x4B, 3, 4] || start == [0x50, 0x4B, 5, 6]
  }

  /// Reads the directory, and finds each member in the file.
  ///
  /// - Parameter name: The file's name, for messages.
  /// - Throws: `zip.*`; `io.*` when the file can't be read.
  package init(
    _ bytes: any ByteSource, name: String, limits: ReadLimits = .standard
  ) throws(CoppiceError) {
    do throws(CoppiceError) {
      let directory = try ZipDirectory(bytes)
      guard directory.count <= limits.leaves else {
        throw CoppiceError(
          .zipLimit,
          "the archive has \(directory.count) members; at most \(limits.leaves) are read")
      }
      var members: [ZipMember] = []
      for index in 0..<directory.count {
        let entry = try directory.entry(index)
        // A name that ends so stands for a folder.
        if entry.name.utf8.last == 0x2F, entry.byteCount == 0 { continue }
        members.append(try ZipMember(index, entry, of: directory, in: bytes))
      }
      try Self.checkPlaces(members)
      self.places = try Self.names(of: members)
      self.members = members
    } catch {
      throw error.located(file: name)
    }
  }

  /// The member of a name, compared by its bytes.
  package func member(named name: String) -> ZipMember? {
    places[.string(name)].map { members[$0] }
  }

  private static func names(of members: [ZipMember]) throws(CoppiceError) -> [TreeKey: Int] {
    var places: [TreeKey: Int] = [:]
    places.reserveCapacity(members.count)
    for (place, member) in members.enumerated() {
      guard places.updateValue(place, forKey: .string(member.name)) == nil else {
        throw CoppiceError(
          .zipDuplicateName,
          "the archive has two members \"\(member.name.printable)\", and which counts is not said")
      }
    }
    return places
  }

  /// Members that share bytes would let a small file decode to an endless one.
  private static func checkPlaces(_ members: [ZipMember]) throws(CoppiceError) {
    var end = 0
    for member in members.sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
    where !member.range.isEmpty {
      guard member.range.lowerBound >= end else {
        throw CoppiceError(
          .zipMember,
          "the member \"\(member.name.printable)\" shares bytes with another; the archive is damaged",
          at: .init(offset: member.range.lowerBound))
      }
      end = member.range.upperBound
    }
  }
}
