import CoppiceHDF5
import CoppiceJSON
import CoppiceModel

extension CanonicalJSONWriter {
  mutating func extent(_ extent: Extent) {
    switch extent {
    case .null: string("null")
    case .scalar: string("scalar")
    case .simple(let dimensions, let maximums):
      object {
        $0.member("dimensions") { $0.unsigneds(dimensions) }
        $0.member("maximums") {
          $0.array(maximums) { writer, maximum in
            if let maximum { writer.unsigned(maximum) } else { writer.null() }
          }
        }
      }
    }
  }

  mutating func box(_ box: Box) {
    object {
      $0.member("offset") { $0.unsigneds(box.offset) }
      $0.member("shape") { $0.unsigneds(box.shape) }
    }
  }

  mutating func range(_ range: FileRange) {
    object {
      $0.member("offset") { $0.unsigned(range.offset) }
      $0.member("size") { $0.unsigned(range.byteCount) }
    }
  }
}

extension Extent {
  init(_ node: JSONNode) throws(CoppiceError) {
    if node.stringEquals("null") {
      self = .null
    } else if node.stringEquals("scalar") {
      self = .scalar
    } else {
      var reader = try JSONObjectReader(node)
      let dimensions = try reader.required("dimensions").unsigneds()
      let maximums = try reader.required("maximums").map { (node) throws(CoppiceError) -> UInt64? in
        node.isNull ? nil : try node.unsigned()
      }
      guard dimensions.count == maximums.count else {
        throw node.error(.jsonType, "there are not as many maximums as dimensions")
      }
      try reader.rejectUnknown()
      self = .simple(dimensions: dimensions, maximums: maximums)
    }
  }
}

extension Box {
  init(_ node: JSONNode) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    let offset = try reader.required("offset").unsigneds()
    let shape = try reader.required("shape").unsigneds()
    guard offset.count == shape.count else {
      throw node.error(.jsonType, "offset and shape differ in rank")
    }
    try reader.rejectUnknown()
    self.init(offset: offset, shape: shape)
  }
}

extension FileRange {
  init(_ node: JSONNode) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    self.init(
      offset: try reader.required("offset").unsigned(),
      byteCount: try reader.required("size").unsigned())
    try reader.rejectUnknown()
  }
}
