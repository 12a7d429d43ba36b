extension Sharding {
  /// The contradiction in the sharding, or `nil` when it is consistent.
  ///
  /// Spec: SHD-4, SHD-5.
  ///
  /// Complexity: O(devices).
  package var contradiction: String? {
    if let meshContradiction { return meshContradiction }
    guard devices.allSatisfy({ $0 >= 0 }), Set(devices).count == devices.count else {
      return "a device is negative, or in the mesh twice"
    }
    return nil
  }

  /// The contradiction in everything but the single devices, which may be very many.
  var meshContradiction: String? {
    guard device == nil else { return nil }
    guard axisNames.count == axisSizes.count else {
      return "the mesh has \(axisNames.count) axis names, but \(axisSizes.count) sizes"
    }
    let names = Set(axisNames.map { Array($0.utf8) })
    guard names.count == axisNames.count else { return "two axes of the mesh have the same name" }
    guard axisSizes.allSatisfy({ $0 >= 1 }) else { return "an axis of the mesh has the size 0" }
    if !devices.isEmpty {
      guard Shape(axisSizes)?.elementCount == devices.count else {
        return "the number of devices isn't the product of the mesh's axis sizes"
      }
    }
    var unused = names
    for axis in partition.joined() {
      let name = Array(axis.utf8)
      guard names.contains(name) else {
        return "the partition names an axis that the mesh doesn't have"
      }
      guard unused.remove(name) != nil else { return "the partition names an axis twice" }
    }
    return nil
  }
}

extension Sharding {
  /// Compares two shardings; names are equal when their bytes are, unlike in `String` comparison.
  public static func == (left: Sharding, right: Sharding) -> Bool {
    left.axisSizes == right.axisSizes && left.devices == right.devices
      && left.axisNames.elementsEqual(right.axisNames, by: haveSameBytes)
      && left.partition.elementsEqual(right.partition) {
        $0.elementsEqual($1, by: haveSameBytes)
      }
      && (left.device == nil) == (right.device == nil)
      && haveSameBytes(left.device ?? "", right.device ?? "")
  }

  /// Feeds the bytes of names, as equality compares them, and the number of devices: a mesh may have
  /// very many, and shardings differ in something else.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(axisSizes)
    hasher.combine(devices.count)
    hasher.combine(partition.count)
    for axis in partition.joined() { TreeKey.string(axis).hash(into: &hasher) }
    for name in axisNames { TreeKey.string(name).hash(into: &hasher) }
    TreeKey.string(device ?? "").hash(into: &hasher)
  }

  private static func haveSameBytes(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8)
  }
}
