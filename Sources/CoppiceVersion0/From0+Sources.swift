import CoppiceFiles
import CoppiceFormat
import CoppiceModel

extension From0.Result {
  /// The tree with sources for its leaves; their bytes are read as they are, unverified.
  func leaves(of file: InputFile) throws(CoppiceError) -> Tree<ArrayLeaf> {
    try document.tree.mapLeaves { (path, ordinal) throws(CoppiceError) in
      let leaf = document.leaves[ordinal]
      let bytes: (any ByteSource)? =
        switch places[ordinal] {
        case .range(let offset, let size)?:
          ByteSlice(of: file, at: Int(offset), count: Int(size))
        case .inline(let inline)?: MemoryBytes(inline)
        case nil, .nowhere?, .other?: MemoryBytes([])
        }
      guard let bytes,
        let source = ContiguousArraySource(dtype: leaf.dtype, shape: leaf.shape, bytes: bytes)
      else {
        throw CoppiceError(
          .arraysBlockSize, "the array's bytes aren't in the file",
          at: .init(file: file.name, treePath: path.description))
      }
      // No digest vouches for the elements.
      return ArrayLeaf(leaf.dtype == .bool ? CheckedSource(source) : source)
    }
  }
}
