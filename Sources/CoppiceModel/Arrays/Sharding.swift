/// The distribution of an array over devices in the program that saved it.
///
/// It is advisory: every checkpoint loads on any devices, and reading the data doesn't need it.
///
/// Spec: SHD-1 to SHD-5.
public struct Sharding: Hashable, Sendable {
  /// The names of the mesh axes, outermost first; empty for a single device.
  public var axisNames: [String]

  /// The sizes of the mesh axes, in the same order.
  public var axisSizes: [Int]

  /// For each array dimension, the mesh axes that divide it; empty for an undivided dimension.
  ///
  /// May be shorter than the array's rank: dimensions that are left out are undivided.
  public var partition: [[String]]

  /// The device identifiers of the mesh in C order, or empty when not known.
  public var devices: [Int]

  /// The device's name as the saving program wrote it, such as `cpu:0`; `nil` for a mesh.
  public var device: String?

  /// Makes a sharding over a mesh.
  public init(axisNames: [String], axisSizes: [Int], partition: [[String]], devices: [Int] = []) {
    self.axisNames = axisNames
    self.axisSizes = axisSizes
    self.partition = partition
    self.devices = devices
    self.device = nil
  }

  /// Makes the sharding of an array on a single device.
  public init(device: String) {
    self.init(axisNames: [], axisSizes: [], partition: [])
    self.device = device
  }
}

extension Sharding: CustomStringConvertible {
  /// The partition and the mesh, or the device, in one line.
  public var description: String {
    if let device { return "on \(device)" }
    let mesh = zip(axisNames, axisSizes).map { "\($0):\($1)" }.joined(separator: ", ")
    let spec = partition.map { axes in
      switch axes.count {
      case 0: "-"
      case 1: axes[0]
      default: "(" + axes.joined(separator: ",") + ")"
      }
    }
    return "P(\(spec.joined(separator: ", "))) over mesh(\(mesh))"
  }
}
