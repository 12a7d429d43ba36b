import CoppiceFiles
import CoppiceJSON
import CoppiceModel

extension Header {
  /// Reads the members of the header's object.
  mutating func read(_ root: JSONNode, limits: ReadLimits) throws(CoppiceError) {
    let members = try root.requireObject()
    guard members.count <= limits.leaves else {
      throw root.error(
        .safetensorsLimit,
        "the header names \(members.count) tensors; at most \(limits.leaves) are read")
    }
    tensors.reserveCapacity(members.count)
    for (name, value) in members {
      if name.utf8.elementsEqual(Self.metadataName.utf8) {
        metadata = try Self.metadata(value)
      } else {
        do throws(CoppiceError) {
          tensors.append(try Tensor(name, value, limits: limits))
        } catch {
          throw error.located(treePath: TreePath(tensorName: name).description)
        }
      }
    }
  }

  private static func metadata(_ node: JSONNode) throws(CoppiceError) -> [Metadata]? {
    // The reference library treats null as "none".
    if node.isNull { return nil }
    guard node.kind == .object else {
      throw node.error(.safetensorsMetadata, "\(metadataName) must be an object of strings")
    }
    var pairs: [Metadata] = []
    for (name, value) in node.members {
      do throws(CoppiceError) {
        pairs.append(Metadata(name: name, value: try value.string()))
      } catch {
        // The message gives the kind that the JSON reader found: "this is 17 and must be a string".
        throw value.error(
          .safetensorsMetadata, "\(error.message): the values of \(metadataName) are texts only")
      }
    }
    return pairs
  }
}

extension Header.Tensor {
  fileprivate init(
    _ name: String, _ node: JSONNode, limits: ReadLimits
  ) throws(CoppiceError) {
    guard name.utf8.count <= limits.componentBytes else {
      throw node.error(
        .safetensorsLimit,
        "the tensor's name has \(name.utf8.count) bytes; at most \(limits.componentBytes) are read")
    }
    // Ignore other members, as the reference library does.
    var reader = try JSONObjectReader(node)
    let dtype = try reader.required("dtype")
    let shape = try reader.required("shape")
    let offsets = try reader.required("data_offsets")
    self.name = name
    type = TensorType(named: try dtype.string())
    fault = try Self.fault(type, dtype).map {
      Header.blamed($0).located(treePath: TreePath(tensorName: name).description)
    }
    self.shape = try Self.shape(shape, limits: limits)
    self.range = try Self.range(offsets)
  }

  /// Returns the reason why no array can have elements of a type, if there is one.
  private static func fault(
    _ type: TensorType?, _ node: JSONNode
  ) throws(CoppiceError) -> CoppiceError? {
    guard let type else {
      return node.error(
        .safetensorsUnknownDType,
        "elements of the type \"\(try node.string().printable)\", which is not known, can't be an array; the "
          + "header is damaged, or of a newer format")
    }
    guard type.dtype == nil else { return nil }
    return node.error(
      .safetensorsUnsupportedDType,
      "elements of the type \(type.rawValue), which take \(type.bitWidth) bits each, can't be an array"
    )
  }

  private static func shape(
    _ node: JSONNode, limits: ReadLimits
  ) throws(CoppiceError) -> Shape {
    let count = try node.array().count
    guard count <= limits.rank else {
      throw node.error(
        .safetensorsLimit,
        "the tensor has \(count) dimensions; at most \(limits.rank) are read")
    }
    guard let shape = Shape(try node.nonNegativeIntegerColumn()) else {
      throw node.error(
        .safetensorsShapeOverflow, "the number of elements overflows 64 bits; the header is damaged"
      )
    }
    return shape
  }

  private static func range(_ node: JSONNode) throws(CoppiceError) -> Range<Int> {
    _ = try node.array(count: 2)
    let offsets = try node.nonNegativeIntegerColumn()
    guard let begin = offsets.first, let end = offsets.last, begin <= end else {
      throw node.error(
        .safetensorsOffsetOrder,
        "the tensor's bytes end before they begin: data_offsets \(offsets)")
    }
    return begin..<end
  }
}
