package import CoppiceModel

/// The features and dtypes that a format keeps exactly.
package struct FormatAbilities: Hashable, Sendable {
  /// A feature that a checkpoint may have and a format may keep.
  package enum Feature: String, CaseIterable, Hashable, Sendable {
    // Checkpointables.
    case namedParts = "named parts"
    case jsonParts = "JSON parts"
    case fileParts = "file parts"
    case composites
    // Containers.
    case nesting, lists, tuples, records
    case integerKeys = "integer keys"
    case emptyContainers = "empty containers"
    // Values.
    case numbers
    case largeIntegers = "large integers"
    case complexNumbers = "complex numbers"
    case strings, bytes
    case textArrays = "text arrays"
    case none
    // Arrays.
    case emptyArrays = "empty arrays"
    case randomKeys = "random keys"
    case shardings
    // The whole checkpoint.
    case metrics
    case customMetadata = "custom metadata"
    case times
    case steps
  }

  package var features: Set<Feature>

  /// The dtypes that are written unchanged.
  package var dtypes: Set<DType>

  package init(_ features: Set<Feature>, dtypes: some Sequence<DType>) {
    self.features = features
    self.dtypes = Set(dtypes)
  }
}
