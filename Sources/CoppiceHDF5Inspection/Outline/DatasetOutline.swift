package import CoppiceHDF5

/// A dataset: its type, its shape, and where its elements lie.
package struct DatasetOutline: Hashable, Sendable {
  /// The element type.
  package var type: TypeDescription
  /// The shape; `nil` for virtual datasets whose shape depends on other files.
  package var extent: Extent?
  package var layout: Layout
  /// One element's bytes where nothing is stored, when one of at most 64 bytes was chosen.
  package var fillValue: [UInt8]?
  package var attributes: [FileOutline.Attribute]
  /// The elements, in C order, when they are texts of variable length; `nil` when there are too many.
  ///
  /// Such texts have no bytes of their own in the file.
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

  /// Where the elements lie.
  package enum Layout: Hashable, Sendable {
    /// In a range of the file; `nil` when none is allocated.
    case contiguous(FileRange?)
    /// Here; `nil` when they have no bytes of their own.
    case compact([UInt8]?)
    /// In chunks; a chunk of the grid that isn't listed holds the fill value.
    case chunked(shape: [UInt64], filters: [Filter], chunks: [Chunk])
    /// In boxes of other datasets; `nil` for mappings that aren't bounded boxes.
    case virtual([VirtualMapping?])
    /// In other files, so many of them.
    case external(count: Int)
  }
}
