import CoppiceModel

extension Sharding {
  /// Returns the JSON text of the sharding in `_sharding`.
  func orbaxText() throws(CoppiceError) -> String {
    var writer = DocumentWriter()
    try writer.object { (writer) throws(CoppiceError) in
      writer.name("sharding_type")
      if let device {
        writer.string("SingleDeviceSharding")
        writer.name("device_str")
        writer.string(device)
        return
      }
      writer.string("NamedSharding")
      writer.name("shape")
      try writer.value(.array(axisSizes.map { .integer($0) }))
      writer.name("axis_names")
      try writer.value(.array(axisNames.map { .string($0) }))
      writer.name("axis_types")
      try writer.value(.array(axisNames.map { _ in .string("AxisType.Auto") }))
      writer.name("partition_spec")
      try writer.value(.array(partition.map(Self.axes)))
      guard !devices.isEmpty else { return }
      writer.name("device_mesh")
      try writer.value(.object([.init("mesh", Self.mesh(devices[...], axisSizes[...]))]))
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private static func axes(_ names: [String]) -> JSON {
    switch names.count {
    case 0: .null
    case 1: .string(names[0])
    default: .array(names.map { .string($0) })
    }
  }

  /// Returns devices in nested lists, by the axes' sizes.
  private static func mesh(_ devices: ArraySlice<Int>, _ sizes: ArraySlice<Int>) -> JSON {
    guard let size = sizes.first, size > 0 else {
      return devices.first.map { .object([.init("id", .integer($0))]) } ?? .array([])
    }
    let stride = devices.count / size
    return .array(
      (0..<size).map { index in
        let start = devices.startIndex + index * stride
        return mesh(devices[start..<(start + stride)], sizes.dropFirst())
      })
  }
}
