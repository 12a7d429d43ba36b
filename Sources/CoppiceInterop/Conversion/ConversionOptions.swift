package import Coppice
package import CoppiceModel

/// The choices of a conversion.
package struct ConversionOptions: Sendable {
  /// What is written.
  package var target: any FormatWriter = CoppiceFormatWriter()
  /// What is converted of each checkpoint: the components of an address after the colon; all, where empty.
  package var components: [String] = []
  package var transform = TransformOptions()
  /// What is left out because it is damaged or can't be represented; nothing, where `nil`.
  package var salvage: Salvage.Scope?
  /// The choices of this project's own format; replacing and durability are everyone's.
  package var writing = WriteOptions()
  /// The step of a run to convert alone.
  package var step: StepChoice?
  /// Whether data are compressed; `nil` leaves it to the format.
  package var compression: CompressionChoice?
  /// The most bytes of an output file, where the format can be split.
  package var maximumFileBytes: Int?
  /// One of the layouts that the format knows.
  package var layout: String?
  /// The treatment of bools that are neither 0 nor 1.
  package var boolValues = BoolValues.refuse
  /// Whether anything that can't be carried over exactly is an error.
  package var isStrict = false
  /// How what lies at the target is opened, to see whether it may be replaced.
  package var opening = OpenOptions(formats: .all)

  package init() {}

  /// The choices as formats take them.
  var output: OutputOptions {
    var output = OutputOptions()
    output.compression = compression
    output.maximumFileBytes = maximumFileBytes
    output.layout = layout
    output.coppice = writing
    return output
  }
}
