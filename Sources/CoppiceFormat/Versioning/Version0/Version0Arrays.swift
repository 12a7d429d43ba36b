package import CoppiceModel

/// The contents of a version 0 `arrays.h5`, as far as the format needs them: groups, and datasets
/// with their place in the file.
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
    /// The dtype of the HDF5 datatype; `nil` for one that version 0 doesn't have.
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

  /// The place of a dataset's elements.
  package enum Place: Hashable, Sendable {
    /// A range of the file.
    case range(offset: UInt64, size: UInt64)
    /// Bytes inside the HDF5 header of the dataset.
    case inline([UInt8])
    /// No place: the elements were never written.
    case nowhere
    /// A layout, by name, that version 0 doesn't use.
    case other(String)
  }
}

extension DType {
  /// The dtypes of version 0.
  ///
  /// Spec: version 0, V0-18.
  package static let ofVersion0: [DType] = [
    .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float16, .float32,
    .float64, .complex64, .complex128, .bfloat16, .float8_e4m3fn, .float8_e5m2,
  ]

  /// The dtype of the HDF5 dataset that holds elements of this dtype in version 0.
  package var storedInVersion0: DType {
    switch self {
    case .bfloat16: .uint16
    case .float8_e4m3fn, .float8_e5m2: .uint8
    default: self
    }
  }
}
