package import CoppiceModel

/// An array of NumPy whose elements are in memory, as those of pickles are.
package struct NumPyArray {
  /// The element type, as in the header of a file, such as `<f4`; `nil` for structures.
  package var type: String?
  package var extents: [Int]
  package var isFortranOrder: Bool
  package var bytes: [UInt8]

  package init(type: String?, extents: [Int], isFortranOrder: Bool = false, bytes: [UInt8]) {
    self.type = type
    self.extents = extents
    self.isFortranOrder = isFortranOrder
    self.bytes = bytes
  }

  /// The array as a leaf, or as a value of texts.
  ///
  /// - Throws: `npy.unsupported-dtype` for elements that no array can have; `npy.*` for the others
  ///   when they aren't all there.
  package var node: Tree<ArrayLeaf> {
    get throws(CoppiceError) {
      guard let type else { throw NpyElement.structures }
      let header = try NpyHeader(
        try NpyElement(type), extents, isFortranOrder: isFortranOrder)
      return try NpyNode(.file(MemoryBytes(bytes)), header).node
    }
  }
}
