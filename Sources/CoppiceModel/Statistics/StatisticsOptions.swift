/// The choices of what statistics have besides the numbers.
public struct StatisticsOptions: Hashable, Sendable {
  /// The number of bins of a histogram of each array, at most 65,536.
  ///
  /// The array is read twice for it.
  public var histogramBins: Int?

  /// The most rows and columns of a thumbnail of each array that has a dimension, at most 256.
  public var thumbnailExtent: Int?

  /// The number of threads, or `nil` for one per processor.
  ///
  /// The result doesn't depend on it.
  public var threads: Int?

  /// Makes options for the numbers alone, on all processors.
  public init() {}
}
