import CoppiceFiles
import CoppiceJSON
import CoppiceModel

/// The shardings of a tree's arrays, which Orbax keeps in `_sharding`.
///
/// They are advisory: the arrays can be read even if the file is damaged.
struct ShardingFile {
  private var shardings: [[UInt8]: Sharding] = [:]

  /// Reads the shardings; leaves out, with a warning, those that it doesn't understand.
  init(
    in directory: DirectoryHandle, limits: ReadLimits, warnings: inout [CoppiceError]
  ) throws(CoppiceError) {
    guard try directory.hasFile(OrbaxName.sharding) else { return }
    do {
      try read(directory, limits, &warnings)
    } catch {
      try Self.warn(error, &warnings)
    }
  }

  private static func warn(
    _ error: CoppiceError, _ warnings: inout [CoppiceError]
  ) throws(CoppiceError) {
    guard error.code.isInputFault else { throw error }
    // Add one warning for all arrays.
    guard !warnings.contains(where: { $0.code == .orbaxSharding }) else { return }
    warnings.append(
      CoppiceError(
        .orbaxSharding, "a sharding can't be understood and is left out: \(error.message)",
        at: error.location))
  }

  /// The sharding of a parameter name.
  subscript(name: String) -> Sharding? { shardings[Array(name.utf8)] }

  private mutating func read(
    _ directory: DirectoryHandle, _ limits: ReadLimits, _ warnings: inout [CoppiceError]
  ) throws(CoppiceError) {
    let document = try JSONDocument(in: directory, OrbaxName.sharding, limits: limits)
    // Many arrays share a sharding, so each text is parsed once.
    var known: [String: Sharding?] = [:]
    for (name, value) in try document.root.requireObject() {
      do throws(CoppiceError) {
        guard let name = Base64.decodeLeniently(name) else {
          throw value.error(.orbaxSharding, "the name is not in base64")
        }
        let text = try value.string()
        if known[text] == nil {
          known[text] = .some(try Self.sharding(text, document.file, limits))
        }
        shardings[name] = known[text] ?? nil
      } catch {
        try Self.warn(error, &warnings)
      }
    }
  }

  private static func sharding(
    _ text: String, _ file: String?, _ limits: ReadLimits
  ) throws(CoppiceError) -> Sharding? {
    let root = try JSONDocument(
      parsing: Array(text.utf8), file: file, dialect: .python, limits: limits
    ).root
    var reader = try JSONObjectReader(root)
    let type = try reader.required("sharding_type")
    if type.stringEquals("SingleDeviceSharding") {
      return Sharding(device: try reader.required("device_str").string())
    }
    guard type.stringEquals("NamedSharding") else { return nil }
    let sizes = try reader.required("shape").nonNegativeIntegerColumn()
    let names = try reader.required("axis_names").stringColumn()
    guard sizes.count == names.count else {
      throw root.error(.orbaxSharding, "the mesh has not as many names as sizes")
    }
    var partition: [[String]] = []
    for axes in try reader.required("partition_spec").array() {
      switch axes.kind {
      case .null: partition.append([])
      case .string: partition.append([try axes.string()])
      default: partition.append(try axes.stringColumn())
      }
    }
    var devices: [Int] = []
    if let mesh = reader.optional("device_mesh"), let ids = mesh["mesh"] {
      try collect(ids, into: &devices)
    }
    let isWhole = Shape(sizes)?.elementCount == devices.count
    return Sharding(
      axisNames: names, axisSizes: sizes, partition: partition, devices: isWhole ? devices : [])
  }

  /// Collects the identifiers in nested lists of devices, in order.
  private static func collect(_ node: JSONNode, into ids: inout [Int]) throws(CoppiceError) {
    if node.kind == .array {
      for element in node.elements { try collect(element, into: &ids) }
    } else if let id = node["id"] {
      ids.append(try id.int())
    }
  }
}
