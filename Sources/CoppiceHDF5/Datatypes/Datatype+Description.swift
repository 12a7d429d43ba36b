import CCoppiceHDF5

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Datatype {
  /// Returns the type's description as a value.
  ///
  /// - Throws: When types nest deeper than 16, or one has more than 65,536 members.
  package func description() throws(HDF5Error) -> TypeDescription { try description(depth: 0) }

  private static let maximumDepth = 16
  private static let maximumMembers = 1 << 16

  private func description(depth: Int) throws(HDF5Error) -> TypeDescription {
    guard depth < Self.maximumDepth else {
      throw .refused("datatype", "types nest deeper than \(Self.maximumDepth)")
    }
    let id = handle.id
    let typeClass = try HDF5Library.call { chdf5_t_get_class(id) }
    let size = try byteCount()
    switch H5T_class_t(rawValue: typeClass) {
    case H5T_INTEGER: return .integer(try integerForm(byteCount: size))
    case H5T_FLOAT: return .float(try floatForm(byteCount: size))
    case H5T_STRING: return try stringForm(byteCount: size)
    case H5T_BITFIELD:
      return .bitfield(byteCount: size, isLittleEndian: order() == H5T_ORDER_LE)
    case H5T_OPAQUE: return .opaque(byteCount: size, tag: try unsafe text { unsafe H5Tget_tag(id) })
    case H5T_ENUM:
      let base = try superType()
      let baseSize = try base.byteCount()
      return .enumeration(
        base: try base.description(depth: depth + 1), members: try enumMembers(baseSize))
    case H5T_COMPOUND:
      return .compound(byteCount: size, members: try compoundMembers(depth: depth))
    case H5T_ARRAY:
      return .array(
        base: try superType().description(depth: depth + 1), dimensions: try arrayDimensions())
    case H5T_VLEN: return .variableLength(base: try superType().description(depth: depth + 1))
    case H5T_REFERENCE: return .reference(byteCount: size)
    default: return .unknown(typeClass: typeClass, byteCount: size)
    }
  }

  private func order() -> H5T_order_t {
    let id = handle.id
    return HDF5Library.value { H5Tget_order(id) }
  }

  private func superType() throws(HDF5Error) -> Datatype {
    let id = handle.id
    return try Datatype { H5Tget_super(id) }
  }

  private func integerForm(byteCount: Int) throws(HDF5Error) -> TypeDescription.Integer {
    let id = handle.id
    let offset = try HDF5Library.call { H5Tget_offset(id) }
    return TypeDescription.Integer(
      byteCount: byteCount, isSigned: HDF5Library.value { H5Tget_sign(id) } == H5T_SGN_2,
      isLittleEndian: order() == H5T_ORDER_LE || byteCount == 1,
      precision: HDF5Library.value { H5Tget_precision(id) }, bitOffset: Int(offset))
  }

  private func floatForm(byteCount: Int) throws(HDF5Error) -> TypeDescription.Float {
    let id = handle.id
    var (sign, exponent, exponentBits, mantissa, mantissaBits) = (0, 0, 0, 0, 0)
    _ = try HDF5Library.call {
      unsafe H5Tget_fields(id, &sign, &exponent, &exponentBits, &mantissa, &mantissaBits)
    }
    let order: TypeDescription.Float.Order =
      switch order() {
      case H5T_ORDER_LE: .little
      case H5T_ORDER_BE: .big
      default: .unknown
      }
    let normalization: TypeDescription.Float.Normalization =
      switch HDF5Library.value({ H5Tget_norm(id) }) {
      case H5T_NORM_IMPLIED: .implied
      case H5T_NORM_MSBSET: .always
      default: .none
      }
    let offset = try HDF5Library.call { H5Tget_offset(id) }
    return TypeDescription.Float(
      byteCount: byteCount, order: order,
      precision: HDF5Library.value { H5Tget_precision(id) }, bitOffset: Int(offset),
      signPosition: sign, exponentPosition: exponent, exponentBits: exponentBits,
      exponentBias: HDF5Library.value { H5Tget_ebias(id) }, mantissaPosition: mantissa,
      mantissaBits: mantissaBits, normalization: normalization)
  }

  private func stringForm(byteCount: Int) throws(HDF5Error) -> TypeDescription {
    let id = handle.id
    let padding: TypeDescription.Padding =
      switch HDF5Library.value({ H5Tget_strpad(id) }) {
      case H5T_STR_NULLTERM: .nullTerminated
      case H5T_STR_SPACEPAD: .spacePadded
      default: .nullPadded
      }
    let isUTF8 = HDF5Library.value { H5Tget_cset(id) } == H5T_CSET_UTF8
    let isVariable = try HDF5Library.call { H5Tis_variable_str(id) } > 0
    return isVariable
      ? .variableString(padding: padding, isUTF8: isUTF8)
      : .string(byteCount: byteCount, padding: padding, isUTF8: isUTF8)
  }

  private func memberCount() throws(HDF5Error) -> UInt32 {
    let id = handle.id
    let count = try HDF5Library.call { H5Tget_nmembers(id) }
    guard count <= Self.maximumMembers else {
      throw .refused("datatype", "a type has \(count) members")
    }
    return UInt32(count)
  }

  private func enumMembers(
    _ valueSize: Int
  ) throws(HDF5Error) -> [TypeDescription.EnumMember] {
    let id = handle.id
    guard valueSize <= 64 else {
      throw .refused("datatype", "an enumeration's values take \(valueSize) bytes")
    }
    var members: [TypeDescription.EnumMember] = []
    for index in 0..<(try memberCount()) {
      var value = Array(repeating: UInt8(0), count: valueSize)
      _ = try HDF5Library.call {
        unsafe value.withUnsafeMutableBytes { value in
          unsafe H5Tget_member_value(id, index, value.baseAddress)
        }
      }
      let name = try unsafe text { unsafe H5Tget_member_name(id, index) }
      members.append(TypeDescription.EnumMember(name: name, value: value))
    }
    return members
  }

  private func compoundMembers(
    depth: Int
  ) throws(HDF5Error) -> [TypeDescription.CompoundMember] {
    let id = handle.id
    var members: [TypeDescription.CompoundMember] = []
    for index in 0..<(try memberCount()) {
      let type = try Datatype { H5Tget_member_type(id, index) }
      members.append(
        TypeDescription.CompoundMember(
          name: try unsafe text { unsafe H5Tget_member_name(id, index) },
          offset: HDF5Library.value { H5Tget_member_offset(id, index) },
          type: try type.description(depth: depth + 1)))
    }
    return members
  }

  private func arrayDimensions() throws(HDF5Error) -> [UInt64] {
    let id = handle.id
    let rank = Int(try HDF5Library.call { H5Tget_array_ndims(id) })
    guard rank <= Dataspace.maximumRank else {
      throw .refused("datatype", "an array type has \(rank) dimensions")
    }
    var dimensions = Array(repeating: hsize_t(0), count: rank)
    _ = try HDF5Library.call {
      unsafe dimensions.withUnsafeMutableBufferPointer { dimensions in
        unsafe H5Tget_array_dims2(id, dimensions.baseAddress)
      }
    }
    return dimensions
  }

  /// Copies a text that libhdf5 allocated, and frees it.
  private func text(
    _ get: () -> UnsafeMutablePointer<CChar>?
  ) throws(HDF5Error) -> [UInt8] {
    try HDF5Library.require { () -> [UInt8]? in
      guard let text = unsafe get() else { return nil }
      defer { _ = unsafe H5free_memory(text) }
      return unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
  }
}
