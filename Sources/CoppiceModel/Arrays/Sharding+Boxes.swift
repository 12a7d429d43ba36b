extension Sharding {
  /// Returns the box of an array that one device of the mesh holds.
  ///
  /// An extent that n devices share is divided into equal sizes, rounded up; where it doesn't
  /// divide evenly, the last ones are smaller or empty. A single device holds everything.
  ///
  /// - Parameters:
  ///   - shape: The extents of the whole array.
  ///   - device: One of `devices`, or a number in the mesh's C order where these aren't known.
  /// - Throws: `usage.device` when the mesh has no such device, contradicts itself, or divides more
  ///   dimensions than the array has.
  public func box(
    of shape: Shape, onDevice device: Int
  ) throws(CoppiceError) -> ArrayBox {
    guard self.device == nil else { return ArrayBox(whole: shape) }
    try check(against: shape)
    let coordinates = try coordinates(of: device)
    var offset = Array(repeating: 0, count: shape.rank)
    var extents = shape.dimensions
    for (dimension, axes) in divisors.enumerated() {
      let index = axes.reduce(0) { $0 * axisSizes[$1] + coordinates[$1] }
      let count = axes.reduce(1) { $0 * axisSizes[$1] }
      let extent = extents[dimension]
      let piece = extent / count + (extent % count == 0 ? 0 : 1)
      let (start, overflow) = index.multipliedReportingOverflow(by: piece)
      offset[dimension] = overflow ? extent : min(start, extent)
      extents[dimension] = min(piece, extent - offset[dimension])
    }
    guard let part = Shape(extents), let box = ArrayBox(offset: offset, shape: part) else {
      return ArrayBox(whole: shape)
    }
    return box
  }

  /// Returns the boxes of an array that some devices of the mesh hold, each once and without empty
  /// ones, with the first device that holds it.
  ///
  /// - Throws: `usage.device`.
  package func boxes(
    of shape: Shape, onDevices devices: [Int]
  ) throws(CoppiceError) -> [(box: ArrayBox, device: Int)] {
    var boxes: [(box: ArrayBox, device: Int)] = []
    var seen: Set<ArrayBox> = []
    for device in devices {
      let box = try box(of: shape, onDevice: device)
      guard box.shape.elementCount > 0, seen.insert(box).inserted else { continue }
      boxes.append((box, device))
    }
    return boxes
  }

  /// Refuses an array that the sharding doesn't fit.
  private func check(against shape: Shape) throws(CoppiceError) {
    if let meshContradiction {
      throw CoppiceError(
        .usageDevice, "the sharding contradicts itself: \(meshContradiction)")
    }
    guard partition.count <= shape.rank else {
      throw CoppiceError(
        .usageDevice,
        "the sharding divides \(partition.count) dimensions, but the array's shape is \(shape)")
    }
  }

  /// Returns the number of devices that share each extent of an array.
  ///
  /// - Throws: `usage.device` for an array that the sharding doesn't fit.
  package func counts(along shape: Shape) throws(CoppiceError) -> [Int] {
    try check(against: shape)
    let counts = divisors.map { axes in axes.reduce(1) { $0 * axisSizes[$1] } }
    return counts + Array(repeating: 1, count: shape.rank - counts.count)
  }

  /// The axes that divide each dimension of the partition, by their numbers.
  package var divisors: [[Int]] {
    partition.map { axes in
      axes.compactMap { axis in
        axisNames.firstIndex { $0.utf8.elementsEqual(axis.utf8) }
      }
    }
  }

  /// Returns the position of a device in the mesh, in C order; without a list of devices, its number.
  package func position(of device: Int) -> Int? {
    guard !devices.isEmpty else { return device }
    // Most meshes have their devices in order.
    if devices.indices.contains(device), devices[device] == device { return device }
    return devices.firstIndex(of: device)
  }

  /// Returns the indices of a device along the axes of the mesh.
  private func coordinates(of device: Int) throws(CoppiceError) -> [Int] {
    guard let mesh = Shape(axisSizes) else {
      throw CoppiceError(.usageDevice, "the mesh has more devices than can be counted")
    }
    let known = devices.isEmpty ? nil : devices
    guard var rest = position(of: device), (0..<mesh.elementCount).contains(rest)
    else {
      let names = known.map { list in
        list.prefix(20).map(String.init).joined(separator: ", ") + (list.count > 20 ? ", …" : "")
      }
      throw CoppiceError(
        .usageDevice,
        "the mesh has no device \(device); it has \(names ?? "0 to \(mesh.elementCount - 1)")")
    }
    var coordinates = axisSizes
    for axis in axisSizes.indices.reversed() {
      coordinates[axis] = rest % axisSizes[axis]
      rest /= axisSizes[axis]
    }
    return coordinates
  }
}
