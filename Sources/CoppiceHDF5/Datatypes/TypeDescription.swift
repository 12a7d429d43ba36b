/// A description of a datatype, as a value.
package indirect enum TypeDescription: Hashable, Sendable {
  case integer(Integer)
  case float(Float)
  /// Text of a fixed number of bytes.
  case string(byteCount: Int, padding: Padding, isUTF8: Bool)
  /// Text of variable length.
  case variableString(padding: Padding, isUTF8: Bool)
  /// Bits without a numeric meaning.
  case bitfield(byteCount: Int, isLittleEndian: Bool)
  /// Bytes without a meaning to HDF5.
  case opaque(byteCount: Int, tag: [UInt8])
  /// Named values of an integer type, each value as bytes of that type.
  case enumeration(base: TypeDescription, members: [EnumMember])
  case compound(byteCount: Int, members: [CompoundMember])
  case array(base: TypeDescription, dimensions: [UInt64])
  /// A sequence of variable length.
  case variableLength(base: TypeDescription)
  /// A reference to an object or a region.
  case reference(byteCount: Int)
  /// A class that this module doesn't know, or a point in time.
  case unknown(typeClass: Int32, byteCount: Int)

  /// The format of an integer.
  package struct Integer: Hashable, Sendable {
    package var byteCount: Int
    package var isSigned: Bool
    package var isLittleEndian: Bool
    /// The number of significant bits, and their offset; unusual types don't use all bits.
    package var precision: Int
    package var bitOffset: Int

    package init(
      byteCount: Int, isSigned: Bool, isLittleEndian: Bool = true, precision: Int? = nil,
      bitOffset: Int = 0
    ) {
      self.byteCount = byteCount
      self.isSigned = isSigned
      self.isLittleEndian = isLittleEndian
      self.precision = precision ?? byteCount &* 8
      self.bitOffset = bitOffset
    }
  }

  /// The format of a float: the position of its fields, in bits from the lowest.
  package struct Float: Hashable, Sendable {
    /// The way in which the leading bit of the mantissa is kept.
    package enum Normalization: Int32, Hashable, Sendable { case implied, always, none }
    /// The byte order; VAX and mixed orders count as unknown.
    package enum Order: Int32, Hashable, Sendable { case little, big, unknown }

    package var byteCount: Int
    package var order: Order
    package var precision: Int
    package var bitOffset: Int
    package var signPosition: Int
    package var exponentPosition: Int
    package var exponentBits: Int
    package var exponentBias: Int
    package var mantissaPosition: Int
    package var mantissaBits: Int
    package var normalization: Normalization

    package init(
      byteCount: Int, order: Order = .little, precision: Int, bitOffset: Int = 0,
      signPosition: Int, exponentPosition: Int, exponentBits: Int, exponentBias: Int,
      mantissaPosition: Int = 0, mantissaBits: Int, normalization: Normalization = .implied
    ) {
      self.byteCount = byteCount
      self.order = order
      self.precision = precision
      self.bitOffset = bitOffset
      self.signPosition = signPosition
      self.exponentPosition = exponentPosition
      self.exponentBits = exponentBits
      self.exponentBias = exponentBias
      self.mantissaPosition = mantissaPosition
      self.mantissaBits = mantissaBits
      self.normalization = normalization
    }
  }

  /// The padding of text that is shorter than its fixed width.
  package enum Padding: Int32, Hashable, Sendable { case nullTerminated, nullPadded, spacePadded }

  /// A named value.
  package struct EnumMember: Hashable, Sendable {
    package var name: [UInt8]
    package var value: [UInt8]

    package init(name: some HDF5Name, value: [UInt8]) {
      self.name = name.nameBytes
      self.value = value
    }
  }

  /// A named member of a compound.
  package struct CompoundMember: Hashable, Sendable {
    package var name: [UInt8]
    package var offset: Int
    package var type: TypeDescription

    package init(name: some HDF5Name, offset: Int, type: TypeDescription) {
      self.name = name.nameBytes
      self.offset = offset
      self.type = type
    }
  }
}

extension TypeDescription {
  /// The bytes that one element takes in the file; `nil` when that overflows.
  ///
  /// An element of variable length takes a length, an address and an index.
  package var byteCount: Int? {
    switch self {
    case .integer(let form): form.byteCount
    case .float(let form): form.byteCount
    case .string(let count, _, _), .bitfield(let count, _), .opaque(let count, _),
      .compound(let count, _), .reference(let count), .unknown(_, let count):
      count
    case .enumeration(let base, _): base.byteCount
    case .array(let base, let dimensions):
      if let width = base.byteCount.flatMap(UInt64.init(exactly:)), let count = product(dimensions),
        case let (size, overflow) = count.multipliedReportingOverflow(by: width), !overflow
      {
        Int(exactly: size)
      } else {
        nil
      }
    case .variableString, .variableLength: 16
    }
  }

  /// Whether elements in memory hold pointers or references rather than their own bytes.
  package var holdsPointers: Bool {
    switch self {
    case .variableString, .variableLength, .reference: true
    case .array(let base, _), .enumeration(let base, _): base.holdsPointers
    case .compound(_, let members): members.contains { $0.type.holdsPointers }
    default: false
    }
  }
}

extension TypeDescription {
  /// Returns a little-endian integer that uses all of its bits.
  package static func integer(byteCount: Int, isSigned: Bool) -> TypeDescription {
    .integer(Integer(byteCount: byteCount, isSigned: isSigned))
  }

  package static let float16 = TypeDescription.float(
    Float(
      byteCount: 2, precision: 16, signPosition: 15, exponentPosition: 10, exponentBits: 5,
      exponentBias: 15, mantissaBits: 10))

  package static let bfloat16 = TypeDescription.float(
    Float(
      byteCount: 2, precision: 16, signPosition: 15, exponentPosition: 7, exponentBits: 8,
      exponentBias: 127, mantissaBits: 7))

  package static let float32 = TypeDescription.float(
    Float(
      byteCount: 4, precision: 32, signPosition: 31, exponentPosition: 23, exponentBits: 8,
      exponentBias: 127, mantissaBits: 23))

  package static let float64 = TypeDescription.float(
    Float(
      byteCount: 8, precision: 64, signPosition: 63, exponentPosition: 52, exponentBits: 11,
      exponentBias: 1023, mantissaBits: 52))

  /// The type of h5py's truth values.
  package static let bool = TypeDescription.enumeration(
    base: .integer(byteCount: 1, isSigned: true),
    members: [EnumMember(name: "FALSE", value: [0]), EnumMember(name: "TRUE", value: [1])])

  /// The type of references to objects, whose elements are addresses.
  package static let objectReference = TypeDescription.reference(byteCount: 8)

  package static let complex64 = TypeDescription.complex(part: .float32, width: 4)
  package static let complex128 = TypeDescription.complex(part: .float64, width: 8)

  private static func complex(part: TypeDescription, width: Int) -> TypeDescription {
    .compound(
      byteCount: 2 * width,
      members: [
        CompoundMember(name: "r", offset: 0, type: part),
        CompoundMember(name: "i", offset: width, type: part),
      ])
  }
}
