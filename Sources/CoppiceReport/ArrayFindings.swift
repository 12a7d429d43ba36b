import Coppice
import CoppiceInterop

/// The statistics of arrays in the form that the page's script reads.
struct ArrayFindings {
  /// The number of the largest arrays that have a histogram and a heat map.
  private static let mostPictures = 200
  private static let binCount = 32
  private static let thumbnailExtent = 32

  private var known: [String: JSON] = [:]

  /// Takes the statistics of all arrays, if the options ask for them.
  ///
  /// - Throws: The errors of `Checkpoint.statistics`.
  init(
    of address: String, _ options: ReportOptions, _ monitor: OperationMonitor
  ) async throws(CoppiceError) {
    guard options.hasStatistics else { return }
    var choices = StatisticsOptions()
    choices.histogramBins = Self.binCount
    choices.thumbnailExtent = Self.thumbnailExtent
    let statistics = try await Checkpoint.statistics(
      of: address, step: options.step, options: choices, opening: options.opening,
      monitor: monitor)
    let entries = statistics.entries.sorted { Self.size($0) > Self.size($1) }
    for (index, entry) in entries.enumerated() {
      guard let found = entry.statistics else { continue }
      known[entry.path] = Self.json(found, hasPictures: index < Self.mostPictures)
    }
  }

  /// Returns what was found of the array at a path, which begins with the checkpointable's name.
  func json(at place: String) -> JSON? { known[place] }

  private static func size(_ entry: CheckpointStatistics.Entry) -> Int {
    guard let metadata = entry.metadata else { return 0 }
    return metadata.shape.byteCount(of: metadata.dtype) ?? 0
  }

  private static func json(_ found: ArrayStatistics, hasPictures: Bool) -> JSON {
    let values: [JSON] = [
      number(found.minimum), number(found.maximum), number(found.mean),
      number(found.standardDeviation), number(found.norm), .integer(found.zeroCount),
      .integer(found.nanCount), .integer(found.infinityCount + found.minusInfinityCount),
    ]
    var members: [JSON.Member] = [.init("values", .array(values))]
    if hasPictures, let histogram = found.histogram {
      members.append(
        .init(
          "histogram",
          .object([
            .init("from", number(histogram.lowerBound)), .init("to", number(histogram.upperBound)),
            .init("counts", .array(histogram.counts.map { .integer($0) })),
          ])))
    }
    if hasPictures, let thumbnail = found.thumbnail {
      members.append(.init("heat", json(thumbnail)))
    }
    return .object(members)
  }

  /// Returns a number with the digits that the page shows: those of float32.
  private static func number(_ value: Double?) -> JSON {
    guard let value, value.isFinite else { return .null }
    let short = Float(value)
    return short.isFinite ? .number(short.description) : .float(value)
  }

  /// Returns the means as hundred steps from zero to the largest, in either direction.
  private static func json(_ thumbnail: Thumbnail) -> JSON {
    let means = thumbnail.means.map { $0.flatMap { $0.isFinite ? $0 : nil } }
    let largest = means.reduce(0) { max($0, $1?.magnitude ?? 0) }
    let steps = means.map { mean -> JSON in
      guard let mean else { return .null }
      return .integer(largest > 0 ? Int((mean / largest * 100).rounded()) : 0)
    }
    return .object([
      .init("rows", .integer(thumbnail.rows)), .init("columns", .integer(thumbnail.columns)),
      .init("largest", number(largest)), .init("steps", .array(steps)),
    ])
  }
}
