import CoppiceFiles
import CoppiceModel

/// The arrays for a pickle's tensors, read from the file.
struct TensorSources {
  /// Returns all bytes of the storage that the file has under a name.
  typealias Opener = (PickleStorage) throws(CoppiceError) -> any ByteSource

  private let open: Opener
  private let isBigEndian: Bool

  /// The bytes of the storages opened so far, by their indexes in the pickle's table.
  private var opened: [Int: any ByteSource] = [:]

  /// The number of bytes that the arrays may still have together.
  ///
  /// Views may repeat stored bytes, with strides of zero or by sharing them. Honest files do so a
  /// few times; a huge array of one repeated element must not occupy a reader endlessly.
  private var budget: Int

  init(fileByteCount: Int, isBigEndian: Bool, open: @escaping Opener) {
    self.open = open
    self.isBigEndian = isBigEndian
    let (many, overflow) = fileByteCount.multipliedReportingOverflow(by: 16)
    self.budget = overflow ? .max : many.addingReportingOverflow(1 << 30).partialValue
    if budget < 0 { budget = .max }
  }

  /// Returns the array of a tensor.
  ///
  /// - Throws: `pytorch.tensor-bounds`, `pytorch.storage`.
  mutating func source(
    of tensor: PickleTensor, in pickle: Unpickler
  ) throws(CoppiceError) -> any ArraySource {
    guard let shape = Shape(tensor.extents), let byteCount = shape.byteCount(of: tensor.dtype),
      shape.rank == tensor.strides.count
    else {
      throw outOfBounds("the extents of a tensor overflow, or are not as many as its strides")
    }
    guard byteCount <= budget else {
      // The file is whole: torch makes such a tensor of a few bytes.
      var error = outOfBounds(
        "a tensor whose elements repeat to \(byteCount) bytes can't be an array: the tensors of a file may take "
          + "16 times its bytes and 1 GiB; save it as it is before expand()")
      error.isOfUnsupportedLeaf = true
      throw error
    }
    budget -= byteCount
    let storage = pickle.storages[tensor.storage]
    let bytes = try bytes(of: storage, at: tensor.storage)
    guard shape.elementCount > 0 else {
      return try found(
        ContiguousArraySource(dtype: tensor.dtype, shape: shape, bytes: MemoryBytes([])))
    }
    let source = try found(view(tensor, shape, byteCount, bytes))
    return isBigEndian ? ByteSwappedSource(source) : source
  }

  /// Returns the array of a tensor, with what is marked to be done before use done.
  ///
  /// - Throws: `pytorch.tensor-kind`, `pytorch.tensor-bounds`, `pytorch.storage`.
  mutating func resolvedSource(
    of tensor: PickleTensor, in pickle: Unpickler
  ) throws(CoppiceError) -> any ArraySource {
    let source = try source(of: tensor, in: pickle)
    guard tensor.isConjugated || tensor.isNegated else { return source }
    guard
      let marked = MarkedSource(
        source, isConjugated: tensor.isConjugated, isNegated: tensor.isNegated)
    else {
      throw CoppiceError(
        .pytorchTensorKind,
        "a tensor of \(tensor.dtype) that is marked to be negated or conjugated can't be an array; call "
          + "resolve_neg() or resolve_conj() on it before saving")
    }
    return marked
  }

  private func view(
    _ tensor: PickleTensor, _ shape: Shape, _ byteCount: Int, _ bytes: any ByteSource
  ) -> (any ArraySource)? {
    if isContiguous(shape, tensor.strides) {
      let (offset, overflow) = tensor.offset.multipliedReportingOverflow(by: tensor.dtype.width)
      guard !overflow, let slice = ByteSlice(of: bytes, at: offset, count: byteCount) else {
        return nil
      }
      return ContiguousArraySource(dtype: tensor.dtype, shape: shape, bytes: slice)
    }
    return StridedArraySource(
      dtype: tensor.dtype, shape: shape, offset: tensor.offset, strides: tensor.strides, in: bytes)
  }

  /// Returns whether elements are contiguous in C order, ignoring strides along extents of 1.
  private func isContiguous(_ shape: Shape, _ strides: [Int]) -> Bool {
    var distance = 1
    for (extent, stride) in zip(shape.dimensions, strides).reversed() where extent > 1 {
      guard stride == distance else { return false }
      distance *= extent
    }
    return true
  }

  /// Returns the bytes of a storage, from its own offset on.
  private mutating func bytes(
    of storage: PickleStorage, at place: Int
  ) throws(CoppiceError) -> any ByteSource {
    if let bytes = opened[place] { return bytes }
    let whole = try open(storage)
    let count = storage.elementCount.multipliedReportingOverflow(by: storage.width)
    guard !count.overflow, count.partialValue <= whole.byteCount,
      let bytes = ByteSlice(
        of: whole, at: storage.offset * storage.width,
        count: count.partialValue - storage.offset * storage.width)
    else {
      throw CoppiceError(
        .pytorchStorage,
        "the storage \"\(storage.key.printable)\" has \(whole.byteCount) bytes, which are not the "
          + "\(storage.elementCount) elements that the pickle says; the file is damaged")
    }
    opened[place] = bytes
    return bytes
  }

  private func found(_ source: (any ArraySource)?) throws(CoppiceError) -> any ArraySource {
    guard let source else {
      throw outOfBounds("a tensor reaches out of its storage; the file is damaged")
    }
    return source
  }

  private func outOfBounds(_ message: String) -> CoppiceError {
    CoppiceError(.pytorchTensorBounds, message)
  }
}
