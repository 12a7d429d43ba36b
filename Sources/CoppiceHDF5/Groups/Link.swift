import CCoppiceHDF5

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A name in a group, with its target.
package struct Link: Hashable, Sendable {
  /// The target of a link.
  package enum Target: Hashable, Sendable {
    /// An object of the same file, by the address of its header.
    case hard(address: UInt64)
    /// A path in the same file, which need not exist.
    case soft(path: [UInt8])
    /// A path in another file.
    case external(file: [UInt8], path: [UInt8])
    /// A target that a program defines.
    case userDefined(type: Int32)
  }

  /// The name's bytes.
  package var name: [UInt8]
  package var target: Target
}

extension Group {
  /// Returns the group's links in the order of their names' bytes, without following any.
  ///
  /// - Throws: When there are more than `limit`.
  package func links(limit: Int = 1 << 24) throws(HDF5Error) -> [Link] {
    var visit = LinkVisit(limit: limit)
    let id = handle.id
    _ = try HDF5Library.call {
      unsafe withUnsafeMutablePointer(to: &visit) { visit in
        unsafe chdf5_l_iterate(id, { unsafe LinkVisit.append($0, $1) }, visit)
      }
    }
    guard !visit.isFull else { throw .refused("links", "a group has more than \(limit) links") }
    var links: [Link] = []
    links.reserveCapacity(visit.found.count)
    for found in visit.found {
      links.append(Link(name: found.name, target: try target(of: found)))
    }
    return links
  }

  private func target(of found: LinkVisit.Found) throws(HDF5Error) -> Link.Target {
    switch H5L_type_t(rawValue: found.type) {
    case H5L_TYPE_HARD: return .hard(address: found.address)
    case H5L_TYPE_SOFT:
      let value = try value(of: found)
      return .soft(path: Array(value.prefix { $0 != 0 }))
    case H5L_TYPE_EXTERNAL:
      // The value is one byte of version and flags, then two C strings.
      let value = try value(of: found).dropFirst()
      let file = value.prefix { $0 != 0 }
      let path = value.dropFirst(file.count + 1).prefix { $0 != 0 }
      return .external(file: Array(file), path: Array(path))
    default: return .userDefined(type: found.type)
    }
  }

  private func value(of found: LinkVisit.Found) throws(HDF5Error) -> [UInt8] {
    guard found.valueSize <= 1 << 16 else {
      throw .refused("links", "a link's target takes \(found.valueSize) bytes")
    }
    var value = Array(repeating: UInt8(0), count: found.valueSize)
    let id = handle.id
    try unsafe withCString(found.name) { (name) throws(HDF5Error) in
      _ = try HDF5Library.call {
        unsafe value.withUnsafeMutableBytes { buffer in
          unsafe H5Lget_val(id, name, buffer.baseAddress, buffer.count, hid_t(H5P_DEFAULT))
        }
      }
    }
    return value
  }
}

/// The state that the visiting callback fills; the callback makes no call of libhdf5.
private struct LinkVisit {
  struct Found {
    var name: [UInt8]
    var type: Int32
    var address: UInt64
    var valueSize: Int
  }

  var limit: Int
  var found: [Found] = []
  var isFull = false

  static func append(
    _ link: UnsafePointer<chdf5_link>?, _ context: UnsafeMutableRawPointer?
  ) -> herr_t {
    guard let link = unsafe link?.pointee, let name = unsafe link.name,
      let visit = unsafe context?.assumingMemoryBound(to: LinkVisit.self)
    else { return -1 }
    guard unsafe visit.pointee.found.count < visit.pointee.limit else {
      unsafe visit.pointee.isFull = true
      return 1
    }
    let bytes = unsafe UnsafeRawBufferPointer(start: name, count: strlen(name))
    let found = unsafe Found(
      name: Array(bytes), type: link.type, address: link.address, valueSize: link.value_size)
    unsafe visit.pointee.found.append(found)
    return 0
  }
}
