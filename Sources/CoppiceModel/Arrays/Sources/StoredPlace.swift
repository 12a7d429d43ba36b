/// The place of an array's bytes, or of a part of them, in the files of a checkpoint.
public struct StoredPlace: Hashable, Sendable {
  /// The file, relative to the checkpoint; of a format with a directory for each array, this directory.
  public var file: String

  /// The dataset in the file, if the file has datasets and the name is known.
  public var dataset: String?

  /// The offset of the first byte in the file, if it is known.
  public var offset: Int?

  /// The number of stored bytes, if it is known; fewer than the elements have if they are compressed.
  public var byteCount: Int?

  /// The filters that were applied to the bytes, in this order, such as `shuffle` and `zstd`.
  public var filters: [String]

  /// The box of the array that lies here; `nil` for the whole array.
  public var box: ArrayBox?

  /// Makes a place.
  public init(
    file: String, dataset: String? = nil, offset: Int? = nil, byteCount: Int? = nil,
    filters: [String] = [], box: ArrayBox? = nil
  ) {
    self.file = file
    self.dataset = dataset
    self.offset = offset
    self.byteCount = byteCount
    self.filters = filters
    self.box = box
  }

  /// Returns the place of a range of the bytes; of compressed bytes, the whole place.
  package func slice(at start: Int, count: Int) -> StoredPlace {
    guard filters.isEmpty else { return self }
    var slice = self
    slice.offset = offset.map { $0 + start }
    slice.byteCount = count
    return slice
  }
}

extension ArrayLeaf {
  /// Returns the places of the elements in the files of the checkpoint, as far as the format's reader
  /// knows them; none for an array in memory.
  ///
  /// No array data are read.
  ///
  /// - Parameter path: The path of the leaf in its tree, by which some formats name datasets.
  /// - Throws: The fault of the leaf; the errors of reading an index.
  public func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    try source.places(at: path)
  }
}
