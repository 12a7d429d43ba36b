import CoppiceHDF5
import CoppiceModel

/// The way in which the elements of a dataset become those of an array.
struct ElementForm: Hashable, Sendable {
  /// The conversion of the file's bytes; none changes their number.
  enum Conversion: Hashable, Sendable {
    case none
    /// A reversal of the bytes of each unit; complex numbers have two.
    case swap(unit: Int)
    /// A check that every byte is 0 or 1.
    case truth
    /// The bits that the type uses; all others are cleared.
    case mask(UInt8)
  }

  var dtype: DType
  /// The extents of an element that is an array itself, which become the array's last dimensions.
  var inner: [Int] = []
  var conversion = Conversion.none

  /// The size of one element of the array in bytes.
  var width: Int { dtype.width }
}

extension ElementForm {
  /// Finds the form of a type's elements.
  ///
  /// - Parameter name: The value of the dataset's attribute `dtype`, in which Keras names types of
  ///   ml_dtypes: h5py can only store their elements as opaque bytes.
  /// - Throws: `hdf5.unsupported-type` with the type's name.
  init(_ type: TypeDescription, named name: String?) throws(CoppiceError) {
    switch type {
    case .integer(let form): self = try Self.integer(form, type)
    case .float(let form):
      guard let dtype = Self.float(form) else { throw Self.unsupported(type) }
      self.init(dtype: dtype, conversion: Self.order(form.order == .big, dtype.width))
    case .enumeration(let base, let members):
      self = try Self.enumeration(base, members, type)
    case .compound(let size, let members):
      // h5py names the parts r and i, MATLAB real and imag.
      guard members.count == 2,
        [["r", "i"], ["real", "imag"]].contains(
          members.map { String(decoding: $0.name, as: UTF8.self) }),
        case .float(let form) = members[0].type, members[1].type == members[0].type,
        let part = Self.float(form), members[0].offset == 0, members[1].offset == part.width,
        size == 2 * part.width, part == .float32 || part == .float64
      else { throw Self.unsupported(type) }
      self.init(
        dtype: part == .float32 ? .complex64 : .complex128,
        conversion: Self.order(form.order == .big, part.width))
    case .array(let base, let dimensions):
      do throws(CoppiceError) {
        self = try ElementForm(base, named: name)
      } catch {
        // What isn't an element of an array may still be read by itself, such as a text.
        throw Self.unsupported(type)
      }
      let extents = dimensions.compactMap { Int(exactly: $0) }
      guard extents.count == dimensions.count, !extents.contains(0) else {
        throw Self.unsupported(type)
      }
      inner = extents + inner
    case .opaque(let size, _):
      guard let dtype = name.flatMap(DType.init(rawValue:)), dtype.width == size,
        Self.isExtended(dtype)
      else { throw Self.unsupported(type) }
      self.init(dtype: dtype)
      if dtype.significantBits < 8 {
        conversion = .mask(UInt8(1 << dtype.significantBits) - 1)
      }
    default: throw Self.unsupported(type)
    }
  }

  /// Finds the form of elements as their bytes; fails where these only say where in the file the elements are.
  init?(raw type: TypeDescription) {
    guard !type.holdsPointers, let count = type.byteCount, count > 0 else { return nil }
    self.init(dtype: .uint8, inner: [count])
  }

  /// Returns whether a type is one that NumPy has from ml_dtypes and HDF5 doesn't have.
  static func isExtended(_ dtype: DType) -> Bool {
    switch dtype {
    case .bfloat16, .int2, .int4, .uint2, .uint4: true
    default: dtype.kind == .float && dtype.width == 1
    }
  }

  private static func integer(
    _ form: TypeDescription.Integer, _ type: TypeDescription
  ) throws(CoppiceError) -> ElementForm {
    let dtype: DType? =
      switch (form.byteCount, form.isSigned) {
      case (1, true): .int8
      case (2, true): .int16
      case (4, true): .int32
      case (8, true): .int64
      case (1, false): .uint8
      case (2, false): .uint16
      case (4, false): .uint32
      case (8, false): .uint64
      default: nil
      }
    guard let dtype, form.precision == 8 * form.byteCount, form.bitOffset == 0 else {
      throw unsupported(type)
    }
    return ElementForm(dtype: dtype, conversion: order(!form.isLittleEndian, dtype.width))
  }

  private static func enumeration(
    _ base: TypeDescription, _ members: [TypeDescription.EnumMember], _ type: TypeDescription
  ) throws(CoppiceError) -> ElementForm {
    guard case .integer(let form) = base else { throw unsupported(type) }
    if form.byteCount == 1, members.count == 2,
      Set(members) == [.init(name: "FALSE", value: [0]), .init(name: "TRUE", value: [1])]
    {
      return ElementForm(dtype: .bool, conversion: .truth)
    }
    return try integer(form, type)
  }

  /// Returns the type whose fields have these positions, in any byte order.
  private static func float(_ form: TypeDescription.Float) -> DType? {
    guard form.order != .unknown else { return nil }
    var form = form
    form.order = .little
    return switch TypeDescription.float(form) {
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .float32: .float32
    case .float64: .float64
    default: nil
    }
  }

  private static func order(_ isBig: Bool, _ width: Int) -> Conversion {
    isBig && width > 1 ? .swap(unit: width) : .none
  }

  private static func unsupported(_ type: TypeDescription) -> CoppiceError {
    let raw = ElementForm(raw: type).map { _ in "set `readsRawElements` to get bytes" }
    let remedies = [type.remedy, raw].compactMap { $0 }
    return CoppiceError(
      .hdf5UnsupportedType,
      "\(type.words) can't be an array"
        + (remedies.isEmpty ? "" : "; " + remedies.joined(separator: ", or ")))
  }
}
