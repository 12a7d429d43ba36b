import CoppiceJSON
import CoppiceModel

/// A mesh of devices, to which shardings refer.
///
/// Spec: SHD-4, SHD-16.
struct Mesh: Hashable {
  var names: [String]
  var sizes: [Int]
  /// The devices in C order; empty where they aren't known.
  var devices: [Int] = []

  /// Returns the meshes of shardings, each once, in the order of their first use.
  static func numbered(_ shardings: [Sharding]) -> [Mesh] {
    var meshes: [Mesh] = []
    for sharding in shardings {
      if let mesh = sharding.mesh, !meshes.contains(mesh) { meshes.append(mesh) }
    }
    return meshes
  }

  init(names: [String], sizes: [Int], devices: [Int]) {
    (self.names, self.sizes, self.devices) = (names, sizes, devices)
  }

  /// Reads one element of `meshes`.
  init(_ node: JSONNode, unknown: UnknownMembers) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    (names, sizes) = ([], [])
    for axis in try reader.required("axes").array() {
      var parts = try axis.array(count: 2).makeIterator()
      guard let name = parts.next(), let size = parts.next() else { continue }
      names.append(try name.string())
      sizes.append(try size.nonNegativeInt())
    }
    if let node = reader.optional("devices") {
      devices = try node.nonNegativeIntegerColumn()
      guard !devices.isEmpty else {
        throw node.error(.shardingBadSharding, "there are no devices; leave the member out")
      }
    }
    try unknown.check(reader)
  }

  func write(to writer: inout CanonicalJSONWriter) {
    writer.beginObject()
    writer.name("axes")
    writer.beginArray()
    for (name, size) in zip(names, sizes) {
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
  }
}

extension Sharding {
  /// The mesh; `nil` for a single device.
  fileprivate var mesh: Mesh? {
    device == nil ? Mesh(names: axisNames, sizes: axisSizes, devices: devices) : nil
  }

  /// Reads one element of `shardings`.
  ///
  /// Spec: SHD-3 to SHD-5.
  ///
  /// - Parameter used: Collects the indices of the meshes to which shardings refer.
  init(
    _ node: JSONNode, meshes: [Mesh], unknown: UnknownMembers, used: inout Set<Int>
  ) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    let device = reader.optional("device")
    let meshNode = reader.optional("mesh")
    let partition = reader.optional("partition")
    try unknown.check(reader)
    switch (device, meshNode, partition) {
    case (let device?, nil, nil): self.init(device: try device.string())
    case (nil, let meshNode?, let partition?):
      let index = try meshNode.nonNegativeInt()
      guard index < meshes.count else {
        throw meshNode.error(.shardingBadSharding, "the document has \(meshes.count) meshes")
      }
      used.insert(index)
      var axes: [[String]] = []
      for dimension in try partition.array() { axes.append(try dimension.stringColumn()) }
      let mesh = meshes[index]
      self.init(
        axisNames: mesh.names, axisSizes: mesh.sizes, partition: axes, devices: mesh.devices)
      if let contradiction {
        throw node.error(.shardingBadSharding, "the sharding contradicts itself: \(contradiction)")
      }
    default:
      throw node.error(
        .shardingBadSharding, "a sharding is either a device, or a mesh and a partition")
    }
  }

  /// Writes an element of `shardings`.
  ///
  /// - Parameter meshes: The meshes of the document, this sharding's among them.
  func write(to writer: inout CanonicalJSONWriter, meshes: [Mesh]) {
    writer.beginObject()
    if let device {
      writer.name("device")
      writer.string(device)
    } else {
      writer.name("mesh")
      writer.integer(mesh.flatMap(meshes.firstIndex) ?? 0)
      writer.name("partition")
      writer.beginArray()
      for axes in partition { writer.stringColumn(axes) }
      writer.endArray()
    }
    writer.endObject()
  }
}
