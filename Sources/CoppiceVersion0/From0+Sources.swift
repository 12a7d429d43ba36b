import CoppiceFiles
import CoppiceFormat
import CoppiceModel

extension From0.Result {
  /// Returns the tree with sources for its leaves; no digest verifies their bytes.
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
      // Without a digest, bytes of bools may be neither 0 nor 1: they are checked when they are
      // read.
      return ArrayLeaf(leaf.dtype == .bool ? CheckedSource(source) : source)
    }
  }
}
