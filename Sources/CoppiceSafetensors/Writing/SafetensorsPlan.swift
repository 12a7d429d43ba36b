package import CoppiceModel

/// A plan of safetensors files for a tree: their sizes and headers, and the offsets of each array's
/// bytes.
///
/// The plan is complete before array data are read, so that several threads can copy arrays in any
/// order.
package struct SafetensorsPlan: Sendable {
  /// A file to write.
  package struct File: Sendable {
    /// The file's name in a directory of several files.
    package var name: String
    /// The size of the whole file.
    package var byteCount: Int
    /// The bytes before the data, from offset 0 on.
    package var header: [UInt8]
    /// The arrays of the file in the order of their bytes, as indices into `leaves`.
    package var leaves: Range<Int>
  }

  /// One array of a file.
  package struct Leaf: Sendable {
    package var name: String
    /// The path of the array in the planned tree.
    package var treePath: TreePath
    /// The index of the array's file in `files`.
    package var file: Int
    /// The offset of the array's first byte in the file.
    package var offset: Int
    /// An array whose bytes in C order are written; its `contiguousBytes`, if present, are copied
    /// directly.
    package var source: any ArraySource

    /// The number of bytes to write.
    package var byteCount: Int { source.byteCount }
  }

  /// A document to write beside the files.
  package struct Document: Sendable {
    package var name: String
    package var bytes: [UInt8]
  }

  /// The files; exactly one unless a maximum size was given.
  package var files: [File]

  /// The arrays of all files, file by file, in the order of their bytes.
  package var leaves: [Leaf]

  /// The index that maps each array to its file, if there are several files.
  package var index: Document?

  /// The notes about everything that the format can't hold.
  package var notes: [ConversionNote]
}
