package import CoppiceModel

/// What a tree becomes in safetensors: files with their sizes and headers, and where the bytes of
/// each array go.
///
/// Everything is settled before a byte of data is read, so that arrays can be copied in any order
/// and by several threads.
package struct SafetensorsPlan: Sendable {
  /// A file to write.
  package struct File: Sendable {
    /// The name inside a directory of several files.
    package var name: String
    /// The size of the whole file.
    package var byteCount: Int
    /// What stands before the data, from offset 0 on.
    package var header: [UInt8]
    /// The arrays of the file in the order of their bytes, by their places in `leaves`.
    package var leaves: Range<Int>
  }

  /// One array: what it is called and where its bytes go.
  package struct Leaf: Sendable {
    package var name: String
    /// The way to it in the tree that was planned.
    package var treePath: TreePath
    /// The place of its file in `files`.
    package var file: Int
    /// The offset of its first byte in the file.
    package var offset: Int
    /// An array whose bytes in C order are those to write; `contiguousBytes` where they can be
    /// copied as they are.
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

  /// The index that says which array lies in which file, for several files.
  package var index: Document?

  /// What the format can't say.
  package var notes: [ConversionNote]
}
