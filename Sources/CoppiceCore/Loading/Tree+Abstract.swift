public import CoppiceModel

extension Tree where Leaf == NDArray {
  /// Returns a request for the same structure, with arrays of these types and shapes.
  public func abstract() -> Tree<AbstractLeaf> {
    mapLeaves { _, array in .array(dtype: array.dtype, shape: array.shape) }
  }
}

extension Tree where Leaf == ArrayMetadata {
  /// Returns a request for the same structure, with arrays of these types and shapes.
  public func abstract() -> Tree<AbstractLeaf> {
    mapLeaves { _, array in .array(dtype: array.dtype, shape: array.shape) }
  }

  /// Returns a request for the boxes that one device held when the arrays were saved.
  ///
  /// It requests arrays without a recorded sharding, or of a single device, whole.
  ///
  /// - Parameter device: One of `devices`; the load throws `usage.device` for any other.
  public func abstract(onDevice device: Int) -> Tree<AbstractLeaf> {
    mapLeaves { _, array in
      let region = array.sharding.map { AbstractArray.Region.device(device, of: $0) }
      return .array(AbstractArray(dtype: array.dtype, shape: array.shape, region: region ?? .whole))
    }
  }

  /// Returns a request for the boxes that one device of another mesh holds.
  ///
  /// Each array is divided along the same axes as when it was saved, which now have other sizes:
  /// `abstract(onDevice: 3, of: ["data": 2, "model": 4])`. It requests arrays without a recorded
  /// sharding, or of a single device, whole.
  ///
  /// - Parameters:
  ///   - index: The device's index in the mesh, in C order: from 0 to the number of devices less 1.
  ///   - mesh: The axes with their sizes, outermost first.
  /// - Throws: `usage.device` when the mesh has no such device, lacks an axis that divides an array,
  ///   or contradicts itself.
  public func abstract(
    onDevice index: Int, of mesh: KeyValuePairs<String, Int>
  ) throws(CoppiceError) -> Tree<AbstractLeaf> {
    let (names, sizes) = (mesh.map(\.key), mesh.map(\.value))
    return try mapLeaves { (path, array) throws(CoppiceError) in
      var request = AbstractArray(dtype: array.dtype, shape: array.shape)
      guard let saved = array.sharding, saved.device == nil else { return .array(request) }
      if let axis = saved.partition.joined().first(where: { !names.contains($0) }) {
        let list = names.map { "\"\($0.printable)\"" }.joined(separator: ", ")
        throw CoppiceError(
          .usageDevice,
          "the mesh has no axis \"\(axis.printable)\", along which the array was divided; it has "
            + (list.isEmpty ? "none" : list), at: .init(treePath: path.description))
      }
      let sharding = Sharding(axisNames: names, axisSizes: sizes, partition: saved.partition)
      request.region = try Self.region(of: array, sharding, index, path)
      return .array(request)
    }
  }

  /// Returns a request for one of several equal shares, such as those of the processes of a job.
  ///
  /// Each array is divided along the first dimension that was divided when it was saved. It requests
  /// arrays that weren't divided whole.
  ///
  /// - Parameters:
  ///   - index: The share's index, from 0 to `count - 1`.
  ///   - count: The number of shares.
  /// - Throws: `usage.device` when there is no such share.
  public func abstract(
    onDevice index: Int, of count: Int
  ) throws(CoppiceError) -> Tree<AbstractLeaf> {
    guard count > 0, (0..<count).contains(index) else {
      throw CoppiceError(
        .usageDevice,
        count > 0
          ? "there is no device \(index) of \(count); there are 0 to \(count - 1)"
          : "there is no device of \(count)")
    }
    return try mapLeaves { (path, array) throws(CoppiceError) in
      var request = AbstractArray(dtype: array.dtype, shape: array.shape)
      guard let dimension = array.sharding?.dividedDimension else { return .array(request) }
      let partition = Array(repeating: [String](), count: dimension) + [["device"]]
      let sharding = Sharding(axisNames: ["device"], axisSizes: [count], partition: partition)
      request.region = try Self.region(of: array, sharding, index, path)
      return .array(request)
    }
  }

  private static func region(
    of array: ArrayMetadata, _ sharding: Sharding, _ index: Int, _ path: TreePath
  ) throws(CoppiceError) -> AbstractArray.Region {
    do throws(CoppiceError) {
      return .box(try sharding.box(of: array.shape, onDevice: index))
    } catch {
      throw error.located(treePath: path.description)
    }
  }

  /// The identifiers of the devices that the arrays were spread over, in the order of the meshes.
  ///
  /// Identifiers of JAX needn't count from 0. Empty where the checkpoint doesn't record any.
  public var devices: [Int] {
    var known: Set<Int> = []
    var devices: [Int] = []
    forEachLeaf { array in
      for device in array.sharding?.devices ?? [] where known.insert(device).inserted {
        devices.append(device)
      }
    }
    return devices
  }
}

extension Sharding {
  /// The first dimension that several devices share; `nil` where each device holds everything.
  fileprivate var dividedDimension: Int? {
    partition.firstIndex { axes in
      axes.contains { axis in
        zip(axisNames, axisSizes).contains { $0.utf8.elementsEqual(axis.utf8) && $1 > 1 }
      }
    }
  }
}

extension Tree where Leaf == AbstractLeaf {
  /// Returns the same request with its arrays changed.
  ///
  /// Leaves that are requested as saved stay so: their types and shapes aren't known.
  public func mapArrays(
    _ change: (TreePath, inout AbstractArray) -> Void
  ) -> Tree<AbstractLeaf> {
    mapLeaves { path, leaf in
      guard case .array(var array) = leaf else { return leaf }
      change(path, &array)
      return .array(array)
    }
  }

  /// Returns the same request with another element type for some of its arrays.
  ///
  /// - Parameters:
  ///   - dtype: The type to which elements are cast.
  ///   - isIncluded: A function that tells by path and type whether an array is cast; by default,
  ///     arrays of floating-point numbers are.
  public func casting(
    to dtype: DType,
    where isIncluded: (TreePath, DType) -> Bool = { _, dtype in dtype.kind == .float }
  ) -> Tree<AbstractLeaf> {
    mapArrays { path, array in
      if let known = array.dtype, isIncluded(path, known) { array.dtype = dtype }
    }
  }

  /// Returns the same request with placeholders for the leaves whose path matches a pattern.
  public func skipping(_ patterns: [PathGlob]) -> Tree<AbstractLeaf> {
    mapLeaves { path, leaf in patterns.contains { $0.matches(path) } ? .placeholder : leaf }
  }
}
