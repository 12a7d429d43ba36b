import CoppiceModel
import StrictJSON

extension Sharding {
  /// Reads one element of `shardings`.
  ///
  /// Spec: SHD-3 to SHD-5.
  init(
    _ node: JSONNode, unknown: UnknownMembers, limits: ReadLimits
  ) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    if let device = reader.optional("device") {
      try unknown.check(reader)
      self.init(device: try device.string())
      return
    }
    var mesh = try JSONObjectReader(try reader.required("mesh"))
    var names: [String] = []
    var sizes: [Int] = []
    for axis in try mesh.required("axes").array() {
      var parts = try axis.array(count: 2).makeIterator()
      guard let name = parts.next(), let size = parts.next() else { continue }
      names.append(try name.string())
      sizes.append(try size.nonNegativeInt())
    }
    let devices = try mesh.optional("devices")?.integerColumn() ?? []
    try unknown.check(mesh)
    var partition: [[String]] = []
    for dimension in try reader.required("partition").array() {
      partition.append(try dimension.stringColumn())
    }
    try unknown.check(reader)
    guard partition.count <= limits.rank, partition.joined().allSatisfy(names.contains) else {
      throw node.error(
        .shardingBadSharding, "the partition names an axis that the mesh doesn't have")
    }
    self.init(axisNames: names, axisSizes: sizes, partition: partition, devices: devices)
  }

  func write(to writer: inout CanonicalJSONWriter) {
    writer.beginObject()
    if let device {
      writer.name("device")
      writer.string(device)
    } else {
      writer.name("mesh")
      writer.beginObject()
      writer.name("axes")
      writer.beginArray()
      for (name, size) in zip(axisNames, axisSizes) {
        writer.beginArray()
        writer.string(name)
        writer.integer(size)
        writer.endArray()
      }
      writer.endArray()
      if !devices.isEmpty {
        writer.name("devices")
        writer.integerColumn(devices)
      }
      writer.endObject()
      writer.name("partition")
      writer.beginArray()
      for axes in partition { writer.stringColumn(axes) }
      writer.endArray()
    }
    writer.endObject()
  }
}
