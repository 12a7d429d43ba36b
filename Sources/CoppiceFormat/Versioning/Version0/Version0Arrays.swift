package import CoppiceModel

/// What `arrays.h5` of version 0 has, as far as the format asks: groups, and datasets with their
/// place in the file.
///
/// Spec: version 0, V0-17 to V0-21.
package struct Version0Arrays: Sendable {
  /// The paths of all groups but the root's.
  package var groups: [[UInt8]] = []
  package var datasets: [Dataset] = []

  package init() {}

  /// One dataset.
  package struct Dataset: Sendable {
    /// The path, without a leading slash.
    package var path: [UInt8]
    /// The element type that the HDF5 datatype says; `nil` for one that version 0 doesn't have.
    package var stored: DType?
    /// The text of the attribute `dtype`.
    package var named: String?
    /// The extents; `nil` where the dataset has no shape.
    package var extents: [UInt64]?
    package var place: Place

    package init(
      path: [UInt8], stored: DType?, named: String?, extents: [UInt64]?, place: Place
    ) {
      self.path = path
      self.stored = stored
      self.named = named
      self.extents = extents
      self.place = place
    }
  }

  /// Where the elements of a dataset lie.
  package enum Place: Hashable, Sendable {
    /// In a range of the file.
    case range(offset: UInt64, size: UInt64)
    /// In HDF5's own description of the dataset: these bytes.
    case inline([UInt8])
    /// Nowhere: nothing was ever written.
    case nowhere
    /// In a layout that version 0 doesn't have, of this name.
    case other(String)
  }
}

extension DType {
  /// The element types of version 0.
  ///
  /// Spec: version 0, V0-18.
  package static let ofVersion0: [DType] = [
    .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float16, .float32,
    .float64, .complex64, .complex128, .bfloat16, .float8_e4m3fn, .float8_e5m2,
  ]

  /// The type that HDF5 has for elements of this one in version 0.
  package var storedInVersion0: DType {
    switch self {
    case .bfloat16: .uint16
    case .float8_e4m3fn, .float8_e5m2: .uint8
    default: self
    }
  }
}
