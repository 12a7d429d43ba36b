public import CoppiceModel

/// A format in which conversions can write.
public struct OutputFormat: Sendable, CustomStringConvertible {
  package let writer: any FormatWriter

  package init(_ writer: any FormatWriter) { self.writer = writer }

  /// Finds a format by its name.
  ///
  /// - Throws: `usage.choice`, with the existing names.
  public init(named name: String) throws(CoppiceError) {
    writer = try FormatWriters.named(name)
  }

  /// Coppice's own format.
  public static let coppice = OutputFormat(CoppiceFormatWriter())

  /// All formats.
  public static let all = FormatWriters.all.map(OutputFormat.init)

  /// The name, as the tool's option `--to` spells it.
  public var name: String { writer.name }

  /// The name.
  public var description: String { name }
}
