import CoppiceJSON
import CoppiceModel

extension Sharding {
  /// Reads one element of `shardings`.
  ///
  /// Spec: SHD-3 to SHD-5.
  init(_ node: JSONNode, unknown: UnknownMembers) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    let device = reader.optional("device")
    let mesh = reader.optional("mesh")
    let partition = reader.optional("partition")
    try unknown.check(reader)
    switch (device, mesh, partition) {
    case (let device?, nil, nil): self.init(device: try device.string())
    case (nil, let mesh?, let partition?):
      try self.init(mesh: mesh, partition: partition, unknown)
      if let contradiction {
        throw node.error(.shardingBadSharding, "the sharding contradicts itself: \(contradiction)")
      }
    default:
      throw node.error(
        .shardingBadSharding, "a sharding is either a device, or a mesh and a partition")
    }
  }

  private init(
    mesh: JSONNode, partition: JSONNode, _ unknown: UnknownMembers
  ) throws(CoppiceError) {
    var reader = try JSONObjectReader(mesh)
    var names: [String] = []
    var sizes: [Int] = []
    for axis in try reader.required("axes").array() {
      var parts = try axis.array(count: 2).makeIterator()
      guard let name = parts.next(), let size = parts.next() else { continue }
      names.append(try name.string())
      sizes.append(try size.nonNegativeInt())
    }
    var devices: [Int] = []
    if let node = reader.optional("devices") {
      devices = try node.nonNegativeIntegerColumn()
      guard !devices.isEmpty else {
        throw node.error(.shardingBadSharding, "there are no devices; leave the member out")
      }
    }
    try unknown.check(reader)
    var axes: [[String]] = []
    for dimension in try partition.array() { axes.append(try dimension.stringColumn()) }
    self.init(axisNames: names, axisSizes: sizes, partition: axes, devices: devices)
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
