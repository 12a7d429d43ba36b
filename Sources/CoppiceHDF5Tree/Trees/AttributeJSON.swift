import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel

/// The JSON form of attributes: texts, numbers, truth values, and lists of these.
enum AttributeJSON {
  /// The most elements of an attribute that is carried over.
  private static let maximumElements = 1 << 12

  /// Returns an attribute's value; `nil` when JSON can't represent it.
  static func value(_ attribute: AttributeValue) -> JSON? {
    guard let dimensions = attribute.extent.dimensions, dimensions.count <= 1 else { return nil }
    guard let elements = elements(attribute) else { return nil }
    if dimensions.isEmpty { return elements.first }
    return .array(elements)
  }

  private static func elements(_ attribute: AttributeValue) -> [JSON]? {
    if let texts = attribute.texts {
      let strings = texts.compactMap { String(validating: $0, as: UTF8.self) }
      return strings.count == texts.count ? strings.map { .string($0) } : nil
    }
    guard case .bytes(let bytes) = attribute.contents,
      let form = try? ElementForm(attribute.type, named: nil), form.inner.isEmpty,
      bytes.count / form.width <= maximumElements, let shape = Shape([bytes.count / form.width]),
      let array = try? NDArray(
        dtype: form.dtype, shape: shape,
        filledBy: { (target: inout MutableRawSpan) throws(CoppiceError) in
          target.copy(from: unsafe bytes.span.bytes, at: 0)
          try form.convert(&target)
        })
    else { return nil }
    return array.withBytes { bytes in
      (0..<shape.elementCount).compactMap { index in
        number(
          unsafe bytes.extracting((index * form.width)..<((index + 1) * form.width))
            .withUnsafeBytes { unsafe Array($0) }, form.dtype)
      }
    }
  }

  private static func number(_ bytes: [UInt8], _ dtype: DType) -> JSON? {
    let word = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    switch dtype {
    case .bool: return .bool(word != 0)
    case .uint8, .uint16, .uint32, .uint64: return .integer(word)
    case .int8: return .integer(Int8(truncatingIfNeeded: word))
    case .int16: return .integer(Int16(truncatingIfNeeded: word))
    case .int32: return .integer(Int32(truncatingIfNeeded: word))
    case .int64: return .integer(Int64(truncatingIfNeeded: word))
    case .float32: return finite(Double(Float(bitPattern: UInt32(truncatingIfNeeded: word))))
    case .float64: return finite(Double(bitPattern: word))
    default: return nil
    }
  }

  private static func finite(_ number: Double) -> JSON? {
    number.isFinite ? .number(number.description) : nil
  }
}

extension FileOutline {
  /// Returns the root group's attributes as a JSON object; `nil` when JSON can represent none.
  ///
  /// - Parameter isStructure: Returns whether an attribute with a name only describes the
  ///   structure.
  /// - Parameter more: A further member, unless an attribute has its name.
  func metadata(
    without isStructure: ([UInt8], _ of: [Attribute]) -> Bool, adding more: JSON.Member?
  ) -> JSON? {
    guard case .group(let attributes)? = entries.first?.content else { return nil }
    var members = attributes.compactMap { attribute -> JSON.Member? in
      guard !isStructure(attribute.name, attributes),
        let name = String(validating: attribute.name, as: UTF8.self),
        let value = AttributeJSON.value(attribute.value)
      else { return nil }
      return JSON.Member(name, value)
    }
    if let more, !members.contains(where: { $0.name == more.name }) { members.append(more) }
    return members.isEmpty ? nil : .object(members)
  }

  /// Returns a warning about attributes that aren't carried over; `nil` when all are.
  func attributeWarning(without isStructure: ([UInt8], _ of: [Attribute]) -> Bool) -> CoppiceError?
  {
    var kept: [Attribute] = []
    if case .group(let attributes)? = entries.first?.content { kept = attributes }
    var count = 0
    var examples: [String] = []
    for (place, entry) in entries.enumerated() {
      let attributes: [Attribute]
      switch entry.content {
      case .group(let found): attributes = found
      case .dataset(let dataset): attributes = dataset.attributes
      default: continue
      }
      for attribute in attributes where !isStructure(attribute.name, attributes) {
        // An attribute that the root has too isn't lost.
        let isKept = place == 0 || kept.contains(attribute)
        if isKept, AttributeJSON.value(attribute.value) != nil { continue }
        count += 1
        guard examples.count < 3 else { continue }
        examples.append(
          String(decoding: entry.path + [0x40] + attribute.name, as: UTF8.self).printable)
      }
    }
    guard count > 0 else { return nil }
    return CoppiceError(
      .hdf5Attributes,
      "\(count) attribute\(count == 1 ? " is" : "s are") not carried over: "
        + examples.joined(separator: ", ") + (count > examples.count ? ", …" : ""))
  }
}
