package import Coppice

/// The choices of a conversion.
package struct ConversionOptions: Sendable {
  /// What is written.
  package enum Target: String, CaseIterable, Sendable {
    case coppice, safetensors
  }

  package var target = Target.coppice
  package var transform = TransformOptions()
  package var writing = WriteOptions()
  /// The step of a run to convert alone.
  package var step: StepChoice?
  /// The most bytes of an output file, where the format can be split.
  package var maximumFileBytes: Int?

  package init() {}
}
