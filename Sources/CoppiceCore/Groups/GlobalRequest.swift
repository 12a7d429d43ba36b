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
  /// The request for the whole array in the terms of a load by one process.
  var whole: AbstractLeaf {
    switch self {
    case .everything(let leaf): leaf
    case .boxes(_, let dtype), .devices(_, _, let dtype): .array(AbstractArray(dtype: dtype))
    }
  }

  /// Returns the boxes of an array of a shape, each once; `nil` where everything is requested.
  ///
  /// - Throws: `usage.device`.
  func boxes(of shape: Shape) throws(CoppiceError) -> [ArrayBox]? {
    switch self {
    case .everything: return nil
    case .boxes(let boxes, _): return boxes
    case .devices(let devices, let sharding, _):
      return try sharding.boxes(of: shape, onDevices: devices).map(\.box)
    }
  }
}
