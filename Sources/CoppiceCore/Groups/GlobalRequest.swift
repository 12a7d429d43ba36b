public import CoppiceModel

/// The request of one rank for an array of a checkpoint that a group loads.
public enum GlobalRequest: Sendable {
  /// Everything, the same on all ranks, as an abstract leaf says.
  case everything(AbstractLeaf)
  /// Some boxes of the array, or none.
  case boxes([ArrayBox], dtype: DType? = nil)
  /// The boxes that a sharding gives to some devices, those of this rank.
  case devices([Int], of: Sharding, dtype: DType? = nil)

  /// Requests the boxes that a sharding gives to some devices.
  public static func sharded(_ sharding: Sharding, devices: [Int], dtype: DType? = nil) -> Self {
    .devices(devices, of: sharding, dtype: dtype)
  }
}

extension GlobalRequest {
  /// Returns the request in the terms of a load by one process: an abstract leaf for each box, of
  /// an array of a shape.
  ///
  /// - Throws: `usage.device`.
  func leaves(of shape: Shape) throws(CoppiceError) -> [(box: ArrayBox, leaf: AbstractLeaf)] {
    switch self {
    case .everything(let leaf): return [(ArrayBox(whole: shape), leaf)]
    case .boxes(let boxes, let dtype):
      return boxes.map { ($0, .array(AbstractArray(dtype: dtype, region: .box($0)))) }
    case .devices(let devices, let sharding, let dtype):
      return try sharding.boxes(of: shape, onDevices: devices).map {
        ($0.box, .array(AbstractArray(dtype: dtype, region: .box($0.box))))
      }
    }
  }
}
