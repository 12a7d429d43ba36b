package import CoppiceHDF5
package import CoppiceModel

/// What is in an HDF5 file and where: all objects and their attributes, no array data.
///
/// Nothing outside the file was opened to make it: external links and external storage are only
/// named.
package struct FileOutline: Hashable, Sendable {
  /// The bytes of the file.
  package var byteCount: UInt64

  /// All links, depth first, each group's in the order of their names' bytes; the root group first.
  package var entries: [Entry]

  package init(byteCount: UInt64, entries: [Entry]) {
    self.byteCount = byteCount
    self.entries = entries
  }

  /// One path of the file and what it leads to.
  package struct Entry: Hashable, Sendable {
    /// The path's bytes, without a leading slash; empty for the root group.
    package var path: [UInt8]
    package var content: Content

    package init(path: [UInt8], content: Content) {
      self.path = path
      self.content = content
    }
  }

  /// What a path leads to.
  package enum Content: Hashable, Sendable {
    case group(attributes: [Attribute])
    case dataset(DatasetOutline)
    /// A datatype that stands by itself.
    case datatype(TypeDescription)
    /// The object that an earlier entry describes, by its path: a second link, or a cycle.
    case sameObject(as: [UInt8])
    /// Another path of the file, relative to the entry's group or from the root.
    case softLink(target: [UInt8])
    /// A path in another file; not followed.
    case externalLink(file: [UInt8], path: [UInt8])
    /// A link of a kind that only the program that made it knows.
    case userDefinedLink(type: Int32)
    /// An object of no known kind.
    case unknown
    /// An object that libhdf5 can't read: `hdf5.invalid` or `hdf5.newer-version`, and why.
    case unreadable(CoppiceError.Code, String)
  }

  /// A named value of an object.
  package struct Attribute: Hashable, Sendable {
    package var name: [UInt8]
    package var value: AttributeValue

    package init(name: [UInt8], value: AttributeValue) {
      self.name = name
      self.value = value
    }

    /// What stands for all attributes of an object, where a newer HDF5 wrote one that can't be read here.
    static let unreadable = Attribute(
      name: Array("(unreadable)".utf8),
      value: AttributeValue(
        type: .unknown(typeClass: -1, byteCount: 0), extent: .null, contents: .omitted))
  }
}
