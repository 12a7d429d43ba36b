import CoppiceJSON
import CoppiceModel

/// A data file of a tree as the tree document records it.
///
/// Spec: ARR-47.
package struct DataFile: Hashable, Sendable {
  /// The size of the file in bytes.
  package var size: Int
  /// The file's index document; `nil` for `arrays.h5`, whose blocks the tree document lists.
  package var index: FileRecord?

  package init(size: Int, index: FileRecord? = nil) {
    self.size = size
    self.index = index
  }

  /// Returns the name of a data file by its number.
  package static func name(_ number: Int) -> String {
    number == 0 ? "arrays.h5" : "arrays.\(number).h5"
  }

  /// Returns the name of the index document of a data file, whose number is above 0.
  package static func indexName(_ number: Int) -> String { "arrays.\(number).json" }
}

extension DataFile {
  /// Reads an element of `files`.
  ///
  /// - Parameter number: The number of the file, above 0.
  init(
    _ node: JSONNode, number: Int, unknown: UnknownMembers
  ) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    let indexNode = try reader.required("index")
    let size = try reader.required("size").nonNegativeInt()
    try unknown.check(reader)
    let record = try FileRecord(indexNode, path: Self.indexName(number), unknown: unknown)
    self.init(size: size, index: record)
  }

  /// Writes an element of `files`.
  ///
  /// - Parameter first: The index of the first file, which stands beside its size.
  func write(to writer: inout CanonicalJSONWriter, first: FileIndex) {
    writer.beginObject()
    if let index {
      writer.name("index")
      writer.beginObject()
      writer.name("digest")
      writer.hex64(index.digest.bits)
      writer.name("size")
      writer.integer(index.size)
      writer.endObject()
    } else {
      writer.name("blocks")
      first.blocks.write(to: &writer)
    }
    writer.name("size")
    writer.integer(size)
    if index == nil {
      writer.name("structure_digest")
      writer.hex64(first.structureDigest.bits)
    }
    writer.endObject()
  }
}
