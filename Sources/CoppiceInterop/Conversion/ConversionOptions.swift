package import Coppice
package import CoppiceModel

/// The options of a conversion.
package struct ConversionOptions: Sendable {
  /// The format to write.
  package var target: any FormatWriter = CoppiceFormatWriter()
  /// The node to convert, as the components of an address after the colon; empty converts
  /// everything.
  package var components: [String] = []
  package var transform = TransformOptions()
  /// The kinds of faults whose nodes are left out; `nil` leaves out nothing.
  package var salvage: Salvage.Scope?
  /// The options of this project's own format; replacing and durability apply to all formats.
  package var writing = WriteOptions()
  /// The one step of a run to convert.
  package var step: StepChoice?
  /// The compression of data; `nil` leaves the choice to the format.
  package var compression: CompressionChoice?
  /// The most bytes of an output file, for formats with several files.
  package var maximumFileBytes: Int?
  /// A layout of the target format.
  package var layout: String?
  /// The treatment of bools that are neither 0 nor 1.
  package var boolValues = BoolValues.refuse
  /// Whether every inexact conversion is an error.
  package var isStrict = false
  /// The options for opening an existing target, to check whether it may be replaced.
  package var opening = OpenOptions(formats: .all)

  package init() {}

  /// The options that format writers receive.
  var output: OutputOptions {
    var output = OutputOptions()
    output.compression = compression
    output.maximumFileBytes = maximumFileBytes
    output.layout = layout
    output.coppice = writing
    return output
  }
}
