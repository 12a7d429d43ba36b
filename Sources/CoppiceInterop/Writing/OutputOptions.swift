import Coppice
import CoppiceModel

/// The choices of writing a conversion's result.
package struct OutputOptions: Sendable {
  /// The compression of data; `nil` uses the format's default.
  package var compression: CompressionChoice?

  /// The maximum number of bytes of a file, for formats that can be split.
  package var maximumFileBytes: Int?

  /// The name of one of the format's layouts.
  package var layout: String?

  /// The choices of Coppice's own format; all formats use the durability.
  package var coppice = WriteOptions()

  package init() {}

  package var durability: Durability { coppice.durability }
}

/// The compression of data.
public enum CompressionChoice: Hashable, Sendable {
  case uncompressed
  /// Zstandard; without a level, the format's default level.
  case zstd(level: Int?)
}

/// The choices of a conversion that apply to a format.
package struct OutputChoices: Hashable, Sendable {
  package var compresses = false
  package var splits = false
  package var layouts: [String] = []

  package init(compresses: Bool = false, splits: Bool = false, layouts: [String] = []) {
    self.compresses = compresses
    self.splits = splits
    self.layouts = layouts
  }

  /// Checks that all choices apply to a format.
  ///
  /// - Throws: `usage.choice`.
  func check(_ options: OutputOptions, for format: String) throws(CoppiceError) {
    if case .zstd? = options.compression, !compresses {
      throw CoppiceError(.usageChoice, "\(format) has no compression; leave `compression` out")
    }
    if options.maximumFileBytes != nil, !splits {
      throw CoppiceError(
        .usageChoice, "\(format) can't be split into files; leave `maximumFileBytes` out")
    }
    guard let layout = options.layout, !layouts.contains(layout) else { return }
    throw CoppiceError(
      .usageChoice,
      layouts.isEmpty
        ? "\(format) has one layout only; leave `layout` out"
        : "\(format) has no layout \"\(layout.printable)\"; there are "
          + layouts.joined(separator: ", ") + NearMiss.hint(for: layout, among: layouts))
  }
}
