public import CoppiceModel

/// A format in which conversions can write.
public struct OutputFormat: Sendable, CustomStringConvertible {
  let writer: any FormatWriter

  /// Makes the format of a writer, such as your own.
  public init(_ writer: any FormatWriter) { self.writer = writer }

  /// Finds a format by its name, or by the ending of a target's name.
  ///
  /// - Parameters:
  ///   - name: The name; without it, the target's name decides.
  ///   - target: The path of the result; without an ending that belongs to a format, it is Coppice's own.
  /// - Throws: `usage.choice` for an unknown name, with the existing ones; for one that contradicts the
  ///   target's name; and for a target name of files that can't be written.
  public init(named name: String?, forTarget target: String? = nil) throws(CoppiceError) {
    writer = try FormatWriters.chosen(name, forTarget: target)
  }

  /// Coppice's own format.
  public static let coppice = OutputFormat(CoppiceFormatWriter())

  /// All formats of the library.
  public static let all = FormatWriters.all.map { OutputFormat($0) }

  /// The name, as the tool's option `--to` spells it.
  public var name: String { writer.name }

  /// The name of the format reader that reads the result.
  public var reader: String { builtIn?.reader ?? name }

  /// The features and dtypes that the format keeps exactly, and the choices that it has.
  public var abilities: FormatAbilities { writer.abilities }

  /// Whether the processes of a group divide the work of a conversion to the format; otherwise one does it.
  public var isDivided: Bool { builtIn?.isDivided ?? false }

  /// The name.
  public var description: String { name }

  /// The writer, if it is one of the library.
  var builtIn: (any BuiltInFormatWriter)? { writer as? any BuiltInFormatWriter }
}
