package import CoppiceHDF5
package import CoppiceModel

/// The contents of an HDF5 file and their locations: all objects and attributes, no array data.
///
/// Making it opens nothing outside the file: external links and external storage are only named.
package struct FileOutline: Hashable, Sendable {
  /// The size of the file.
  package var byteCount: UInt64

  /// All links, depth first, each group's in the order of their names' bytes; the root group is
  /// first.
  package var entries: [Entry]

  package init(byteCount: UInt64, entries: [Entry]) {
    self.byteCount = byteCount
    self.entries = entries
  }

  /// One path of the file, with its content.
  package struct Entry: Hashable, Sendable {
    /// The path's bytes, without a leading slash; empty for the root group.
    package var path: [UInt8]
    package var content: Content

    package init(path: [UInt8], content: Content) {
      self.path = path
      self.content = content
    }
  }

  /// The content at a path.
  package enum Content: Hashable, Sendable {
    case group(attributes: [Attribute])
    case dataset(DatasetOutline)
    /// A named datatype.
    case datatype(TypeDescription)
    /// A second link, or a cycle: the object that the entry with this earlier path describes.
    case sameObject(as: [UInt8])
    /// A link to another path of the file, relative to the entry's group or from the root.
    case softLink(target: [UInt8])
    /// A link to a path in another file; it isn't followed.
    case externalLink(file: [UInt8], path: [UInt8])
    /// A link of a kind that only the program that made it knows.
    case userDefinedLink(type: Int32)
    /// An object of no known kind.
    case unknown
    /// An object that libhdf5 can't read: `hdf5.invalid` or `hdf5.newer-version`, and why.
    case unreadable(CoppiceError.Code, String)

    /// Whether the object is to be looked for at another path of the file.
    var isLink: Bool {
      switch self {
      case .sameObject, .softLink: true
      default: false
      }
    }
  }

  /// A named value of an object.
  package struct Attribute: Hashable, Sendable {
    package var name: [UInt8]
    package var value: AttributeValue

    package init(name: [UInt8], value: AttributeValue) {
      self.name = name
      self.value = value
    }

    /// The attribute that replaces all attributes of an object if a newer HDF5 wrote one of them.
    static let unreadable = Attribute(
      name: Array("(unreadable)".utf8),
      value: AttributeValue(
        type: .unknown(typeClass: -1, byteCount: 0), extent: .null, contents: .omitted))
  }
}
