import CoppiceFiles
import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel

/// A reader that makes nodes of a file's datasets; it reads only texts at once.
struct DatasetReader {
  let file: any ByteSource
  /// The file's name, for messages.
  let name: String
  let choices: ElementChoices
  let limits: ReadLimits
  /// The bytes left for arrays that aren't stored, in all datasets together.
  private var emptyBytesLeft = 1 << 30
  /// The bytes left for texts of a fixed size, in all datasets together.
  private var textBytesLeft = 256 << 20
  /// The bytes of the file left for datasets: each byte is counted once.
  private var storedBytesLeft: Int

  init(
    _ file: any ByteSource, named name: String, choices: ElementChoices, limits: ReadLimits
  ) {
    self.file = file
    self.name = name
    self.choices = choices
    self.limits = limits
    storedBytesLeft = file.byteCount
  }

  /// Returns the node of a dataset.
  ///
  /// - Throws: `hdf5.*`; `io.*` when texts can't be read.
  mutating func node(_ dataset: DatasetOutline) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let extent = try requireInside(dataset)
    if extent == .null { return .value(.null) }
    switch dataset.type {
    case .variableString(let padding, _):
      guard let strings = dataset.strings else {
        throw CoppiceError(.hdf5Limit, "the texts are more than are read of one dataset")
      }
      return try Self.texts(
        strings.map { Self.strip($0, padding) }, areText: true, shape(dataset, inner: []), extent)
    case .string(let width, let padding, let isUTF8):
      return try fixedTexts(dataset, width, padding, isUTF8, extent)
    default: return .leaf(ArrayLeaf(try source(dataset)))
    }
  }

  /// Checks that a dataset's elements are its own, and returns its extent.
  @discardableResult
  func requireInside(_ dataset: DatasetOutline) throws(CoppiceError) -> Extent {
    guard let extent = dataset.extent else { throw Self.virtual }
    switch dataset.layout {
    case .virtual: throw Self.virtual
    case .external(let count):
      throw CoppiceError(
        .hdf5Outside,
        "a dataset whose elements lie in \(count) other file\(count == 1 ? "" : "s") can't be an array: other files "
          + "are never opened; h5repack makes one file")
    case .contiguous, .compact, .chunked: return extent
    }
  }

  private static var virtual: CoppiceError {
    CoppiceError(
      .hdf5Outside,
      "a virtual dataset can't be an array: its elements lie in other datasets, which may be in other files; "
        + "h5repack -l CONTI makes a copy")
  }

  /// Returns the array's extents, including those of elements that are arrays themselves.
  private func shape(_ dataset: DatasetOutline, inner: [Int]) throws(CoppiceError) -> Shape {
    let dimensions = dataset.extent?.dimensions ?? []
    let extents = dimensions.compactMap { Int(exactly: $0) } + inner
    guard extents.count == dimensions.count + inner.count, let shape = Shape(extents) else {
      throw CoppiceError(
        .hdf5Limit, "an array of \(dimensions) has more elements than can be counted")
    }
    guard shape.rank <= limits.rank else {
      throw CoppiceError(
        .hdf5Limit, "the array has \(shape.rank) dimensions; at most \(limits.rank) are read")
    }
    return shape
  }

  /// Returns the array of a dataset of numbers, or of other elements' bytes.
  private mutating func source(_ dataset: DatasetOutline) throws(CoppiceError) -> any ArraySource {
    if let form = rawForm(dataset) { return try source(dataset, form) }
    return try source(dataset, form(dataset))
  }

  private func form(_ dataset: DatasetOutline) throws(CoppiceError) -> ElementForm {
    let name = dataset.attributes.first { $0.name == HDF5TreeFormat.dtypeName }?.value.text
    return try ElementForm(dataset.type, named: name)
  }

  /// Returns the form of elements that are read as their bytes; `nil` for all others.
  func rawForm(_ dataset: DatasetOutline) -> ElementForm? {
    guard choices.contains(.raw), (try? form(dataset)) == nil else { return nil }
    return ElementForm(raw: dataset.type)
  }

  /// Returns a warning if a dataset's elements are read without the names that they have, or as their bytes.
  func warning(about dataset: DatasetOutline) -> CoppiceError? {
    switch dataset.type {
    // Texts are read as such.
    case .string, .variableString: return nil
    case .enumeration
    where (try? ElementForm(dataset.type, named: nil)).map({ $0.dtype != .bool }) ?? false:
      return CoppiceError(
        .hdf5Enumeration, "has the integers of an enumeration, whose names are left out")
    default:
      guard dataset.extent != .null, rawForm(dataset) != nil else { return nil }
      return CoppiceError(
        .hdf5Raw, "has elements that are read as their bytes: each is \(dataset.type.words)")
    }
  }

  mutating func source(
    _ dataset: DatasetOutline, _ form: ElementForm
  ) throws(CoppiceError) -> any ArraySource {
    let shape = try shape(dataset, inner: form.inner)
    guard let byteCount = shape.byteCount(of: form.dtype) else {
      throw CoppiceError(.hdf5Limit, "the array's size overflows 64 bits")
    }
    let bytes: any ByteSource
    switch dataset.layout {
    case .contiguous(let range?):
      guard byteCount > 0 else { return try nothing(shape, form, dataset) }
      guard let offset = Int(exactly: range.offset), range.byteCount >= UInt64(byteCount),
        let slice = ByteSlice(of: file, at: offset, count: byteCount)
      else {
        throw CoppiceError(
          .hdf5Invalid,
          "\(range.byteCount) bytes at \(range.offset) are stored, but the array has \(byteCount); "
            + "the file is damaged")
      }
      try spend(byteCount)
      bytes = slice
    case .compact(let stored?):
      guard stored.count == byteCount else {
        throw CoppiceError(
          .hdf5Invalid, "\(stored.count) bytes are stored, but the array has \(byteCount)")
      }
      bytes = MemoryBytes(stored)
    case .compact(nil):
      throw CoppiceError(.hdf5Limit, "a compact dataset has more bytes than the format allows")
    case .chunked(let chunk, let filters, let chunks):
      return try chunked(dataset, form, shape, chunk, filters, chunks)
    default: return try nothing(shape, form, dataset)
    }
    guard
      let base = ContiguousArraySource(dtype: form.dtype, shape: shape, bytes: bytes)
    else { return try nothing(shape, form, dataset) }
    return form.conversion == .none ? base : ConvertedSource(form: form, base: base)
  }

  private mutating func chunked(
    _ dataset: DatasetOutline, _ form: ElementForm, _ shape: Shape, _ chunk: [UInt64],
    _ filters: [Filter], _ chunks: [Chunk]
  ) throws(CoppiceError) -> any ArraySource {
    let chunks = try StoredChunks(shape: shape, chunk: chunk, chunks: chunks, inner: form.inner)
    let most = filters.isEmpty ? .max : min(limits.chunkBytes, FilterPipeline.maximumPlainBytes)
    guard let plainBytes = chunks.grid.chunk.byteCount(of: form.dtype), plainBytes <= most else {
      throw CoppiceError(
        .hdf5Limit,
        "a compressed chunk of \(chunks.grid.chunk) \(form.dtype) is larger than the \(most) bytes that "
          + "are decoded at once; h5repack -l CONTI makes a file without chunks, -l CHUNK=… one with "
          + "smaller ones")
    }
    let width = dataset.type.byteCount ?? form.width
    let pipeline = try FilterPipeline(filters, plainBytes: plainBytes, elementWidth: width)
    guard chunks.largestByteCount <= pipeline.maximumCodedBytes else {
      throw CoppiceError(
        .hdf5Chunks,
        "a chunk of \(plainBytes) bytes takes \(chunks.largestByteCount) in the file; it is damaged"
      )
    }
    guard chunks.end <= file.byteCount else {
      throw CoppiceError(
        .hdf5Chunks,
        "a chunk ends at byte \(chunks.end), but the file has \(file.byteCount); it is incomplete, so copy it again"
      )
    }
    try spend(chunks.storedBytes)
    let emptyCells = chunks.grid.cellCount - chunks.storedCount
    let (emptyBytes, overflow) = emptyCells.multipliedReportingOverflow(by: plainBytes)
    // Cells at the edge reach beyond the array, but count no more than the array does.
    try spend(empty: overflow ? .max : min(emptyBytes, shape.byteCount(of: form.dtype) ?? .max))
    return ChunkedSource(
      form: form, chunks: chunks, pipeline: pipeline,
      fill: FillSource(
        dtype: form.dtype, shape: shape, fill: try form.fillValue(dataset.fillValue)),
      file: file, name: name)
  }

  /// Returns an array that isn't stored.
  private mutating func nothing(
    _ shape: Shape, _ form: ElementForm, _ dataset: DatasetOutline
  ) throws(CoppiceError) -> any ArraySource {
    try spend(empty: shape.byteCount(of: form.dtype) ?? .max)
    return FillSource(
      dtype: form.dtype, shape: shape, fill: try form.fillValue(dataset.fillValue))
  }

  private mutating func spend(empty byteCount: Int) throws(CoppiceError) {
    guard byteCount <= emptyBytesLeft else {
      throw CoppiceError(
        .hdf5Limit,
        "\(byteCount) bytes of the array are stored nowhere; at most 1 GiB of such are read of a file"
      )
    }
    emptyBytesLeft -= byteCount
  }

  private mutating func spend(_ byteCount: Int) throws(CoppiceError) {
    guard byteCount <= storedBytesLeft else {
      throw CoppiceError(
        .hdf5Chunks, "datasets lie over each other: they take more bytes than the file has")
    }
    storedBytesLeft -= byteCount
  }
}

extension DatasetReader {
  mutating func spend(textBytes count: Int, each width: Int) throws(CoppiceError) {
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: width)
    guard !overflow, byteCount <= textBytesLeft else {
      throw CoppiceError(.hdf5Limit, "the texts are more than are read of one file")
    }
    textBytesLeft -= byteCount
  }

  private mutating func fixedTexts(
    _ dataset: DatasetOutline, _ width: Int, _ padding: TypeDescription.Padding, _ isUTF8: Bool,
    _ extent: Extent
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let shape = try shape(dataset, inner: [])
    guard width > 0 else { throw CoppiceError(.hdf5Invalid, "a text takes no bytes") }
    try spend(textBytes: shape.elementCount, each: max(width, 16))
    let form = ElementForm(dtype: .uint8, inner: [width])
    let bytes = try source(dataset, form).load()
    var texts: [[UInt8]] = []
    texts.reserveCapacity(shape.elementCount)
    bytes.withBytes { all in
      for index in 0..<shape.elementCount {
        let element = all.extracting((index * width)..<((index + 1) * width))
        texts.append(unsafe padding.strip(element.withUnsafeBytes { unsafe Array($0) }))
      }
    }
    return try Self.texts(texts, areText: isUTF8, shape, extent)
  }

  /// Returns texts if they are marked as text and are valid, otherwise bytes.
  private static func texts(
    _ texts: [[UInt8]], areText: Bool, _ shape: Shape, _ extent: Extent
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let strings = areText ? texts.compactMap { String(validating: $0, as: UTF8.self) } : []
    let isText = areText && strings.count == texts.count
    if extent == .scalar, let first = texts.first {
      return .value(isText ? .string(strings[0]) : .bytes(first))
    }
    guard let array = TextArray(shape: shape, elements: isText ? .strings(strings) : .bytes(texts))
    else {
      throw CoppiceError(
        .hdf5Invalid, "there are \(texts.count) texts in an array of \(shape)")
    }
    return .value(.stringArray(array))
  }

  private static func strip(_ text: [UInt8], _ padding: TypeDescription.Padding) -> [UInt8] {
    padding == .spacePadded ? padding.strip(text) : text
  }
}
