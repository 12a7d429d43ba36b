/// An array of which each process of a group holds everything, or some boxes.
///
/// A tree of these is saved by all processes together: each passes the same tree, with what it holds.
public struct GlobalArray: Sendable {
  /// A box of the array, and its elements.
  public struct HeldBox: Sendable {
    /// The place in the array.
    public var box: ArrayBox
    /// The elements, in the shape of the box.
    public var array: NDArray

    /// Makes a held box.
    public init(_ box: ArrayBox, _ array: NDArray) {
      self.box = box
      self.array = array
    }
  }

  /// The way in which the boxes of a process are given.
  package enum Holding: Sendable {
    case replicated
    /// By the positions of the process's devices in the mesh.
    case devices([Int])
    case boxes
  }

  /// The element type.
  public let dtype: DType

  /// The extents of the whole array.
  public let shape: Shape

  /// The boxes of this process: one, the whole, where all processes hold everything.
  public let boxes: [HeldBox]

  /// The distribution over devices, which is recorded in the checkpoint.
  public let sharding: Sharding?

  /// The random-number implementation of a typed JAX key.
  public var prngImplementation: String?

  package let holding: Holding

  /// Makes an array of which all processes hold everything.
  public init(_ array: NDArray, sharding: Sharding? = nil) {
    dtype = array.dtype
    shape = array.shape
    boxes = [HeldBox(ArrayBox(whole: array.shape), array)]
    self.sharding = sharding
    holding = .replicated
  }

  /// Makes an array of which this process holds some boxes, or none.
  ///
  /// The boxes of all processes are those of one grid that covers the array; several processes may
  /// hold the same box.
  ///
  /// - Throws: `usage.box` for a box that doesn't lie in the shape, or whose array has another type
  ///   or shape.
  public init(
    dtype: DType, shape: Shape, boxes: [HeldBox], sharding: Sharding? = nil
  ) throws(CoppiceError) {
    try Self.check(boxes, dtype, shape)
    self.dtype = dtype
    self.shape = shape
    self.boxes = boxes
    self.sharding = sharding
    holding = .boxes
  }

  /// Makes an array that a sharding divides over the devices of all processes.
  ///
  /// - Parameters:
  ///   - dtype: The element type.
  ///   - shape: The extents of the whole array.
  ///   - sharding: The mesh, and the dimensions that it divides.
  ///   - devices: The elements on each device of this process: one of the sharding's `devices`, or
  ///     a number in the mesh's C order where these aren't known.
  /// - Throws: `usage.device` for a device that the mesh doesn't have; `usage.box` for elements of
  ///   another type or shape than the device holds.
  public init(
    dtype: DType, shape: Shape, sharding: Sharding, devices: [Int: NDArray]
  ) throws(CoppiceError) {
    var boxes: [HeldBox] = []
    for (box, device) in try sharding.boxes(of: shape, onDevices: devices.keys.sorted()) {
      if let array = devices[device] { boxes.append(HeldBox(box, array)) }
    }
    try Self.check(boxes, dtype, shape)
    self.dtype = dtype
    self.shape = shape
    self.boxes = boxes
    self.sharding = sharding
    holding = .devices(devices.keys.compactMap { sharding.position(of: $0) }.sorted())
  }

  private static func check(
    _ boxes: [HeldBox], _ dtype: DType, _ shape: Shape
  ) throws(CoppiceError) {
    for held in boxes {
      guard held.box.isContained(in: shape), held.box.shape == held.array.shape,
        held.array.dtype == dtype
      else {
        throw CoppiceError(
          .usageBox,
          "the box \(held.box) of a \(dtype) array of shape \(shape) has \(held.array.dtype) elements "
            + "of shape \(held.array.shape)")
      }
    }
  }
}

/// The elements of an array that this process holds, at their places in the whole array.
///
/// Reading any others throws.
package struct GlobalArraySource: ArraySource {
  private let array: GlobalArray

  package init(_ array: GlobalArray) { self.array = array }

  package var dtype: DType { array.dtype }
  package var shape: Shape { array.shape }

  package var inMemory: NDArray? {
    array.boxes.first { $0.box == ArrayBox(whole: shape) }?.array
  }

  package func source(of box: ArrayBox) throws(CoppiceError) -> any ArraySource {
    if let held = array.boxes.first(where: { $0.box == box }) { return held.array }
    return try BoxSource(self, box: box)
  }

  package func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    guard let held = array.boxes.first(where: { $0.box.intersection(range) == range }) else {
      throw CoppiceError(.usageBox, "this process doesn't hold the box \(range) of the array")
    }
    try held.array.read(range.relative(to: held.box.offset), into: &bytes)
  }
}

extension GlobalArray {
  /// The array as a writer takes it.
  package var asLeaf: ArrayLeaf {
    let source: any ArraySource =
      if case .replicated = holding { boxes[0].array } else { GlobalArraySource(self) }
    return ArrayLeaf(source, sharding: sharding, prngImplementation: prngImplementation)
  }
}
