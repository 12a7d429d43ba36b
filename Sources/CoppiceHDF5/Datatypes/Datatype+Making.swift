import CCoppiceHDF5

extension Datatype {
  /// Checks a width: the format keeps widths in 32 bits, and the largest number means "variable".
  private static func checkWidth(_ byteCount: Int) throws(HDF5Error) {
    guard byteCount > 0, byteCount < Int(Int32.max) else {
      throw .refused("datatype", "there is no type of \(byteCount) bytes")
    }
  }

  private static func copy(_ predefined: () -> hid_t) throws(HDF5Error) -> Datatype {
    try Datatype { H5Tcopy(predefined()) }
  }

  /// Makes a little-endian integer type of 1, 2, 4 or 8 bytes.
  package static func integer(byteCount: Int, isSigned: Bool) throws(HDF5Error) -> Datatype {
    switch (byteCount, isSigned) {
    case (1, true): try copy(chdf5_t_std_i8le)
    case (2, true): try copy(chdf5_t_std_i16le)
    case (4, true): try copy(chdf5_t_std_i32le)
    case (8, true): try copy(chdf5_t_std_i64le)
    case (1, false): try copy(chdf5_t_std_u8le)
    case (2, false): try copy(chdf5_t_std_u16le)
    case (4, false): try copy(chdf5_t_std_u32le)
    case (8, false): try copy(chdf5_t_std_u64le)
    default: throw .refused("datatype", "there is no integer of \(byteCount) bytes")
    }
  }

  /// Makes IEEE binary32, little-endian.
  package static func float32() throws(HDF5Error) -> Datatype { try copy(chdf5_t_ieee_f32le) }

  /// Makes IEEE binary64, little-endian.
  package static func float64() throws(HDF5Error) -> Datatype { try copy(chdf5_t_ieee_f64le) }

  /// Makes IEEE binary16, little-endian, as h5py makes it.
  package static func float16() throws(HDF5Error) -> Datatype {
    try halfWidth(exponentBits: 5, mantissaBits: 10, bias: 15)
  }

  /// Makes bfloat16, the upper half of binary32, little-endian.
  package static func bfloat16() throws(HDF5Error) -> Datatype {
    try halfWidth(exponentBits: 8, mantissaBits: 7, bias: 127)
  }

  /// Makes a float of two bytes; the fields must be narrowed before the size.
  private static func halfWidth(
    exponentBits: Int, mantissaBits: Int, bias: Int
  ) throws(HDF5Error) -> Datatype {
    let type = try float32()
    try type.set { H5Tset_fields($0, 15, mantissaBits, exponentBits, 0, mantissaBits) }
    try type.set { H5Tset_size($0, 2) }
    try type.set { H5Tset_ebias($0, bias) }
    return type
  }

  /// Makes h5py's type of truth values: an enumeration of FALSE and TRUE over `int8`.
  package static func bool() throws(HDF5Error) -> Datatype {
    let base = try integer(byteCount: 1, isSigned: true)
    let baseID = base.id
    let type = try Datatype { H5Tenum_create(baseID) }
    for (name, value) in [("FALSE", Int8(0)), ("TRUE", Int8(1))] {
      let id = type.id
      try unsafe withCString(name) { (name) throws(HDF5Error) in
        var value = value
        _ = try HDF5Library.call { unsafe H5Tenum_insert(id, name, &value) }
      }
    }
    return type
  }

  /// Makes h5py's complex type: a compound of `r` and `i`.
  package static func complex(of part: borrowing Datatype) throws(HDF5Error) -> Datatype {
    let width = try part.byteCount()
    let (size, overflow) = width.multipliedReportingOverflow(by: 2)
    guard !overflow else { throw .refused("datatype", "a part of \(width) bytes is too large") }
    let type = try compound(byteCount: size)
    try type.insert("r", at: 0, part)
    try type.insert("i", at: width, part)
    return type
  }

  /// Makes UTF-8 text of a fixed number of bytes, padded with NULs.
  package static func string(byteCount: Int) throws(HDF5Error) -> Datatype {
    try checkWidth(byteCount)
    let type = try copy(chdf5_t_c_s1)
    try type.set { H5Tset_size($0, byteCount) }
    try type.set { H5Tset_strpad($0, H5T_STR_NULLPAD) }
    try type.set { H5Tset_cset($0, H5T_CSET_UTF8) }
    return type
  }

  /// Makes a fixed number of bytes, padded with NULs, as NumPy and h5py have them.
  package static func paddedBytes(byteCount: Int) throws(HDF5Error) -> Datatype {
    let type = try string(byteCount: byteCount)
    try type.set { H5Tset_cset($0, H5T_CSET_ASCII) }
    return type
  }

  /// Makes UTF-8 text of variable length, kept in the file's heap.
  package static func variableString() throws(HDF5Error) -> Datatype {
    let type = try copy(chdf5_t_c_s1)
    try type.set { H5Tset_size($0, chdf5_t_variable()) }
    try type.set { H5Tset_cset($0, H5T_CSET_UTF8) }
    return type
  }

  /// Makes bytes without a meaning to HDF5, under a tag of at most 255 bytes.
  package static func opaque(byteCount: Int, tag: String) throws(HDF5Error) -> Datatype {
    try checkWidth(byteCount)
    guard tag.utf8.count < 256 else { throw .refused("datatype", "the tag is too long") }
    let type = try Datatype { H5Tcreate(H5T_OPAQUE, byteCount) }
    let id = type.id
    try unsafe withCString(tag) { (tag) throws(HDF5Error) in
      _ = try HDF5Library.call { unsafe H5Tset_tag(id, tag) }
    }
    return type
  }

  /// Makes a type whose element is an array of a fixed extent.
  package static func array(
    of element: borrowing Datatype, dimensions: [UInt64]
  ) throws(HDF5Error) -> Datatype {
    guard !dimensions.isEmpty, dimensions.count <= Dataspace.maximumRank else {
      throw .refused("datatype", "an array type has 1 to 32 dimensions")
    }
    let id = element.id
    return try Datatype {
      unsafe dimensions.withUnsafeBufferPointer { dimensions in
        unsafe H5Tarray_create2(id, UInt32(dimensions.count), dimensions.baseAddress)
      }
    }
  }

  /// Makes an empty compound of a size; add members with `insert`.
  package static func compound(byteCount: Int) throws(HDF5Error) -> Datatype {
    try checkWidth(byteCount)
    return try Datatype { H5Tcreate(H5T_COMPOUND, byteCount) }
  }

  /// Adds a member to a compound, at an offset in bytes.
  package func insert(
    _ name: some HDF5Name, at offset: Int, _ member: borrowing Datatype
  ) throws(HDF5Error) {
    guard offset >= 0 else { throw .refused("datatype", "a member's offset is negative") }
    let (id, memberID) = (handle.id, member.id)
    try unsafe withCString(name) { (name) throws(HDF5Error) in
      _ = try HDF5Library.call { unsafe H5Tinsert(id, name, offset, memberID) }
    }
  }
}
