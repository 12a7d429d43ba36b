import Coppice
import CoppiceModel

/// How a result is written.
package struct OutputOptions: Sendable {
  /// Whether data are compressed; `nil` leaves it to the format.
  package var compression: CompressionChoice?

  /// The most bytes of a file, where the format can be split.
  package var maximumFileBytes: Int?

  /// One of the layouts that the format knows.
  package var layout: String?

  /// The choices of this project's own format; the durability is everyone's.
  package var coppice = WriteOptions()

  package init() {}

  package var durability: Durability { coppice.durability }
}

/// Whether and how data are compressed.
public enum CompressionChoice: Hashable, Sendable {
  case uncompressed
  /// With the format's own level where none is given.
  case zstd(level: Int?)
}

/// The choices of a conversion that mean something to a format.
package struct OutputChoices: Hashable, Sendable {
  package var compresses = false
  package var splits = false
  package var layouts: [String] = []

  package init(compresses: Bool = false, splits: Bool = false, layouts: [String] = []) {
    self.compresses = compresses
    self.splits = splits
    self.layouts = layouts
  }

  /// Refuses choices that a format has no use for.
  ///
  /// - Throws: `usage.choice`.
  func check(_ options: OutputOptions, for format: String) throws(CoppiceError) {
    if case .zstd? = options.compression, !compresses {
      throw CoppiceError(.usageChoice, "\(format) has no compression; leave --compress out")
    }
    if options.maximumFileBytes != nil, !splits {
      throw CoppiceError(
        .usageChoice, "\(format) can't be split into files; leave --max-file-size out")
    }
    guard let layout = options.layout, !layouts.contains(layout) else { return }
    throw CoppiceError(
      .usageChoice,
      layouts.isEmpty
        ? "\(format) has one layout only; leave --layout out"
        : "\(format) has no layout \"\(layout.printable)\"; there are "
          + layouts.joined(separator: ", ") + NearMiss.hint(for: layout, among: layouts))
  }
}
