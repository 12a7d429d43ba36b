import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel

extension HDF5TreeBuilder {
  /// Makes lists in lists of the elements of an array.
  ///
  /// - Parameters:
  ///   - strides: The distance between elements along each dimension.
  ///   - make: Makes the node of an element, by its number.
  mutating func list(
    _ counts: ArraySlice<Int>, strides: ArraySlice<Int>, from first: Int = 0, at path: TreePath,
    _ make: (inout Self, Int, TreePath) throws(CoppiceError) -> Tree<ArrayLeaf>
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    guard path.components.count < limits.depth else {
      throw CoppiceError(
        .hdf5Limit, "lists nest deeper than \(limits.depth); the file is refused",
        at: .init(treePath: path.description))
    }
    try spendNode(at: path)
    guard let count = counts.first, let stride = strides.first else {
      return try make(&self, first, path)
    }
    var nodes: [Tree<ArrayLeaf>] = []
    for index in 0..<count {
      let child = path.appending(.index(index))
      let place = first + index * stride
      nodes.append(
        counts.count == 1
          ? try make(&self, place, child)
          : try list(
            counts.dropFirst(), strides: strides.dropFirst(), from: place, at: child, make))
    }
    return .list(nodes)
  }

  /// Returns a dataset of sequences as lists of arrays.
  ///
  /// - Returns: `nil` when the sequences weren't read.
  mutating func sequences(
    _ dataset: DatasetOutline, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf>? {
    guard case .variableLength(let base) = dataset.type, let sequences = dataset.strings,
      let form = try? ElementForm(base, named: nil),
      let extents = Shape((dataset.extent?.dimensions ?? []).compactMap { Int(exactly: $0) }),
      extents.elementCount == sequences.count
    else { return nil }
    var strides = [1]
    for extent in extents.dimensions.dropFirst().reversed() {
      strides.insert(strides[0] * extent, at: 0)
    }
    return try list(extents.dimensions[...], strides: strides[...], at: path) {
      (builder: inout Self, index, path) throws(CoppiceError) in
      try builder.spendNode(at: path)
      do throws(CoppiceError) {
        return .leaf(ArrayLeaf(try form.array(of: sequences[index])))
      } catch {
        guard error.code.isInputFault else { throw error.located(treePath: path.description) }
        return builder.faulty(error, at: path)
      }
    }
  }
}

extension ElementForm {
  /// Returns the array of some elements in the file's form.
  fileprivate func array(of bytes: [UInt8]) throws(CoppiceError) -> NDArray {
    let inner = inner.reduce(1, *)
    guard let shape = Shape([bytes.count / (width * inner)] + self.inner),
      shape.byteCount(of: dtype) == bytes.count
    else { throw CoppiceError(.hdf5Invalid, "a sequence ends inside an element") }
    return try NDArray(dtype: dtype, shape: shape) {
      (target: inout MutableRawSpan) throws(CoppiceError) in
      target.copy(from: unsafe bytes.span.bytes, at: 0)
      try convert(&target)
    }
  }
}
