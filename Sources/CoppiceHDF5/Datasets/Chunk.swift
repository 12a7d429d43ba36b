/// One stored chunk of a dataset.
package struct Chunk: Hashable, Sendable {
  /// The index of the chunk's first element.
  package var offset: [UInt64]
  /// Bit *i* set means that filter *i* was left out.
  package var filterMask: UInt32
  /// The range of the coded chunk in the file.
  package var range: FileRange

  package init(offset: [UInt64], filterMask: UInt32, range: FileRange) {
    self.offset = offset
    self.filterMask = filterMask
    self.range = range
  }
}
