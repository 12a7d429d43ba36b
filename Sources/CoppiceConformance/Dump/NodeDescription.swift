import CoppiceDigest
public import CoppiceModel

/// The description of one node.
enum NodeDescription {
  /// Describes an array, without its elements if there is no digest of them.
  static func array(_ metadata: ArrayMetadata, _ digest: ArrayDigest?) -> JSON {
    var members: [JSON.Member] = [
      .init("dtype", .string(metadata.dtype.rawValue)),
      .init("shape", .array(metadata.shape.dimensions.map { .integer($0) })),
    ]
    if let digest {
      members.append(.init("sha256", .string(digest.sha256)))
      members.append(.init("first", .array(digest.first.map { .string($0) })))
    }
    if let prng = metadata.prngImplementation {
      members.append(.init("prngImpl", .string(prng)))
    }
    if let sharding = metadata.sharding { members.append(.init("sharding", sharding.json)) }
    return .object([.init("array", .object(members))])
  }

  static func describe(_ node: Tree<JSON>) -> JSON {
    switch node {
    case .leaf(let json): return json
    case .value(let value): return describe(value)
    case .list(let nodes):
      return nodes.isEmpty
        ? mark("emptyList") : .object([.init("list", .array(nodes.map(describe)))])
    case .tuple(let nodes):
      return nodes.isEmpty
        ? mark("emptyTuple") : .object([.init("tuple", .array(nodes.map(describe)))])
    case .record(let record):
      let fields = record.fields.map { JSON.array([.string($0.name), describe($0.node)]) }
      return .object([
        .init(
          "namedtuple",
          .object([.init("class", .string(record.type)), .init("fields", .array(fields))]))
      ])
    case .dict(let entries): return describe(entries)
    }
  }

  /// Describes a dictionary, with integer keys as decimal text that `was` lists.
  ///
  /// An integer key whose text is also a string key gets the prefix `%#`; the string key keeps its
  /// name.
  private static func describe(_ entries: [Tree<JSON>.Entry]) -> JSON {
    guard !entries.isEmpty else { return mark("emptyDict") }
    let texts = Set(entries.map(\.key))
    var integers: [JSON] = []
    let members = entries.map { entry in
      switch entry.key {
      case .string(let text): return JSON.Member(text, describe(entry.node))
      case .integer(let number):
        let plain = String(number)
        let name = texts.contains(.string(plain)) ? "%#" + plain : plain
        integers.append(.string(name))
        return JSON.Member(name, describe(entry.node))
      }
    }
    let dict = JSON.Member("dict", .object(members))
    guard !integers.isEmpty else { return .object([dict]) }
    return .object([dict, .init("was", .object([.init("integerKeys", .array(integers))]))])
  }

  private static func mark(_ name: String) -> JSON { .object([.init(name, .bool(true))]) }

  private static func scalar(_ type: String, _ text: String) -> JSON {
    let members: [JSON.Member] = [.init("type", .string(type)), .init("value", .string(text))]
    return .object([.init("scalar", .object(members))])
  }

  /// Describes floating-point numbers; the text of a NaN omits its payload, so `bits` adds it.
  private static func scalar(_ type: String, _ numbers: [Float64Bits]) -> JSON {
    let texts = numbers.map { $0.value.isNaN ? "nan" : FloatText.text(of: $0) }
    var members: [JSON.Member] = [
      .init("type", .string(type)), .init("value", .string(texts.joined(separator: ","))),
    ]
    if numbers.contains(where: \.value.isNaN) {
      let bits = numbers.map { String($0.bitPattern, radix: 16) }
      members.append(.init("bits", .string(bits.joined(separator: ","))))
    }
    return .object([.init("scalar", .object(members))])
  }

  private static func describe(_ value: TreeValue) -> JSON {
    switch value {
    case .int(let number): return scalar("int", number.text)
    case .float(let number): return scalar("float", [number])
    case .bool(let flag): return scalar("bool", flag ? "true" : "false")
    case .complex(let real, let imaginary): return scalar("complex", [real, imaginary])
    case .string(let text): return .object([.init("string", .string(text))])
    case .bytes(let bytes): return .object([.init("bytes", .string(bytes.hexadecimal))])
    case .null: return mark("none")
    case .stringArray(let array): return describe(array)
    }
  }

  private static func describe(_ array: TextArray) -> JSON {
    let dtype: String
    let elements: [[UInt8]]
    switch array.elements {
    case .strings(let strings):
      dtype = "unicode"
      elements = strings.map { Array($0.utf8) }
    case .bytes(let bytes):
      dtype = "bytes"
      elements = bytes
    }
    let joined = Array(elements.joined(separator: [0]))
    return .object([
      .init(
        "array",
        .object([
          .init("dtype", .string(dtype)),
          .init("shape", .array(array.shape.dimensions.map { .integer($0) })),
          .init("sha256", .string(SHA256.hex(joined))),
          // An addition, since elements may contain zero bytes themselves.
          .init("lengths", .array(elements.map { .integer($0.count) })),
        ]))
    ])
  }
}

extension LeafFault {
  /// The fault, as dumps and listings describe it in the place of a leaf, checkpointable or step.
  public var json: JSON {
    var members: [JSON.Member] = [
      .init("kind", .string(kind.rawValue)), .init("code", .string(error.code.rawValue)),
      .init("message", .string(error.message)),
    ]
    if let file = error.location.file, !file.isEmpty {
      members.append(.init("file", .string(file)))
    }
    return .object(members)
  }
}

extension Sharding {
  /// The sharding, as dumps and listings describe it.
  public var json: JSON {
    if let device { return .object([.init("device", .string(device))]) }
    let axes = zip(axisNames, axisSizes).map { (name, size) in
      JSON.array([.string(name), .integer(size)])
    }
    let partition = partition.map { JSON.array($0.map { .string($0) }) }
    var members: [JSON.Member] = [
      .init("mesh", .array(axes)), .init("partition", .array(partition)),
    ]
    if !devices.isEmpty {
      members.append(.init("devices", .array(devices.map { .integer($0) })))
    }
    return .object(members)
  }
}
