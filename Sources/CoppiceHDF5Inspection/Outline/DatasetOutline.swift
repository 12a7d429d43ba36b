package import CoppiceHDF5

/// A dataset: its type, its shape, and the location of its elements.
package struct DatasetOutline: Hashable, Sendable {
  /// The element type.
  package var type: TypeDescription
  /// The shape; `nil` for virtual datasets whose shape depends on other files.
  package var extent: Extent?
  package var layout: Layout
  /// The bytes of an element that isn't stored, if a fill value of at most 64 bytes was chosen.
  package var fillValue: [UInt8]?
  package var attributes: [FileOutline.Attribute]
  /// The elements, in C order, if they aren't stored inline: texts of variable length, the bytes of
  /// sequences, or the paths of the objects that references lead to, empty for those to none.
  ///
  /// `nil` when there are too many.
  package var strings: [[UInt8]]?

  package init(
    type: TypeDescription, extent: Extent?, layout: Layout, fillValue: [UInt8]? = nil,
    attributes: [FileOutline.Attribute] = [], strings: [[UInt8]]? = nil
  ) {
    self.type = type
    self.extent = extent
    self.layout = layout
    self.fillValue = fillValue
    self.attributes = attributes
    self.strings = strings
  }

  /// The location of the elements.
  package enum Layout: Hashable, Sendable {
    /// A range of the file; `nil` when none is allocated.
    case contiguous(FileRange?)
    /// The bytes themselves; `nil` when the elements aren't stored inline.
    case compact([UInt8]?)
    /// Chunks; a cell of the grid whose chunk isn't listed holds the fill value.
    case chunked(shape: [UInt64], filters: [Filter], chunks: [Chunk])
    /// Boxes of other datasets; `nil` for mappings that aren't bounded boxes.
    case virtual([VirtualMapping?])
    /// Other files, by their number.
    case external(count: Int)
  }
}
