/// The block of a file that holds a whole array, unencoded and in C order.
public struct ArrayBlock: Sendable {
  /// The blocks among which this is one.
  let table: any ArrayBlockTable
  /// The number of the block in its table.
  let row: Int
  /// The number of the file in which it lies.
  let file: Int
  /// The offset of its first byte in the file.
  let offset: Int
  let byteCount: Int

  package init(_ row: Int, of table: any ArrayBlockTable, file: Int, offset: Int, byteCount: Int) {
    (self.table, self.row, self.file) = (table, row, file)
    (self.offset, self.byteCount) = (offset, byteCount)
  }

  var end: Int { offset + byteCount }
}

/// The blocks of several files, each with a digest.
package protocol ArrayBlockTable: AnyObject, Sendable {
  /// Reads bytes of a file, which may be those of several blocks and the gaps between them.
  ///
  /// - Throws: `io.*`; the errors of opening the file.
  func read(at offset: Int, of file: Int, into bytes: inout MutableRawSpan) throws(CoppiceError)

  /// Compares a block's bytes with its digest, if digests are verified.
  ///
  /// - Throws: `arrays.digest-mismatch`.
  func check(_ bytes: RawSpan, of row: Int) throws(CoppiceError)
}
