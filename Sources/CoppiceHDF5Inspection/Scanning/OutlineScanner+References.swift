import CoppiceHDF5
import CoppiceModel

extension OutlineScanner {
  /// Replaces the address of each object that is referred to by its path with a leading slash, or
  /// by nothing if the scan has found no such object.
  mutating func resolveReferences() throws(CoppiceError) {
    for place in entries.indices {
      let path = entries[place].path
      switch entries[place].content {
      case .group(var attributes):
        guard try resolve(&attributes, at: path) else { continue }
        entries[place].content = .group(attributes: attributes)
      case .dataset(var dataset):
        var isChanged = try resolve(&dataset.attributes, at: path)
        if dataset.type == .objectReference, let addresses = dataset.strings {
          dataset.strings = try paths(of: addresses, at: path)
          isChanged = true
        }
        if isChanged { entries[place].content = .dataset(dataset) }
      default: continue
      }
    }
  }

  /// - Returns: Whether there is any reference.
  private mutating func resolve(
    _ attributes: inout [FileOutline.Attribute], at path: [UInt8]
  ) throws(CoppiceError) -> Bool {
    var isChanged = false
    for index in attributes.indices {
      guard case .strings(let addresses) = attributes[index].value.contents else { continue }
      switch attributes[index].value.type {
      case .objectReference: break
      case .variableLength(base: .objectReference): break
      default: continue
      }
      attributes[index].value.contents = .strings(try paths(of: addresses, at: path))
      isChanged = true
    }
    return isChanged
  }

  /// Returns the path of the first object of each list of addresses.
  private mutating func paths(
    of addresses: [[UInt8]], at path: [UInt8]
  ) throws(CoppiceError) -> [[UInt8]] {
    var paths: [[UInt8]] = []
    paths.reserveCapacity(addresses.count)
    for bytes in addresses {
      let address = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let target = bytes.count >= 8 ? known[address] : nil
      try spend(target?.count ?? 0, at: path)
      paths.append(target.map { [UInt8(ascii: "/")] + $0 } ?? [])
    }
    return paths
  }
}
