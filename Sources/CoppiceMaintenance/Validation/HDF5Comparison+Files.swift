import CoppiceFiles
import CoppiceFormat
import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel
import CoppiceStorage

extension HDF5Comparison {
  static let structurePath = "%coppice/tree"

  /// Compares a file as a whole: its attributes are as specified, and it contains nothing
  /// unexpected.
  mutating func compareFile(_ file: Int) {
    let outline = outlines[file]
    checkRootAttributes(outline, file)
    checkOthers(outline, file)
  }

  /// Compares the attributes of the root group.
  ///
  /// Spec: ARR-26.
  private mutating func checkRootAttributes(_ outline: FileOutline, _ file: Int) {
    let expected = ["format": RootDocument.format, "version": document.version.description]
    guard let root = outline.entries.first, case .group(let attributes) = root.content,
      Self.areExactly(expected, attributes)
    else {
      report(file: file, "the file doesn't say that it is of this format and of which version")
      return
    }
  }

  /// Reports entries that belong to no leaf: links to other places, and unexpected objects.
  ///
  /// Spec: ARR-27, ARR-28.
  private mutating func checkOthers(_ outline: FileOutline, _ file: Int) {
    let groups = Self.groups(around: expected[file])
    for entry in outline.entries {
      switch entry.content {
      case .group(let attributes) where groups.contains(entry.path):
        guard attributes.isEmpty || entry.path.isEmpty else {
          report(file: file, "the group \"/\(Self.printable(entry.path))\" has attributes")
          continue
        }
      case .dataset where expected[file].contains(entry.path): continue
      default:
        report(
          file: file,
          "HDF5 has \"/\(Self.printable(entry.path))\", which the document doesn't mention")
      }
    }
  }

  /// Returns the paths of all groups above datasets.
  private static func groups(around datasets: Set<[UInt8]>) -> Set<[UInt8]> {
    var groups: Set<[UInt8]> = [[]]
    for path in datasets {
      for (index, byte) in path.enumerated().reversed() where byte == UInt8(ascii: "/") {
        // The parents of a known group are known too.
        guard groups.insert(Array(path[..<index])).inserted else { break }
      }
    }
    return groups
  }

  private static func printable(_ path: [UInt8]) -> String {
    String(decoding: path, as: UTF8.self).printable
  }

  /// Compares the bytes of the datasets that aren't arrays.
  ///
  /// These are the copy of the structure and the list of packed leaves.
  ///
  /// Spec: ARR-26, ARR-39, ARR-41.
  mutating func compareBytes(
    _ files: [InputFile], structure: [UInt8]
  ) throws(CoppiceError) {
    for (index, file) in files.enumerated() {
      guard try BlockFiles.beginsAsHDF5(file) else {
        report(file: index, "the file doesn't begin with the signature of HDF5")
        return
      }
    }
    if let dataset = dataset(Self.structurePath, 0, nil) {
      let isPlain =
        dataset.type == DType.uint8.typeDescription && dataset.attributes.isEmpty
        && dataset.extent?.dimensions == [UInt64(structure.count)]
      guard isPlain, try Self.bytes(of: dataset, in: files[0]) == structure else {
        report(file: 0, "the copy of the structure in HDF5 isn't that of the document")
        return
      }
    }
    for (number, file) in files.enumerated() {
      guard let index = packedIndex(number),
        let dataset = dataset(Self.packedIndexPath, number, nil)
      else { continue }
      guard try Self.bytes(of: dataset, in: file) == index.encoded() else {
        report(file: number, "the list of packed leaves in HDF5 isn't that of the document")
        return
      }
    }
  }

  private static func bytes(
    of dataset: DatasetOutline, in file: InputFile
  ) throws(CoppiceError) -> [UInt8]? {
    guard case .contiguous(let range?) = dataset.layout, let offset = Int(exactly: range.offset),
      let count = Int(exactly: range.byteCount), count <= file.byteCount
    else { return nil }
    return try file.bytes(at: offset, count: count)
  }

  /// Returns the attributes that a dataset of a dtype has.
  ///
  /// Spec: ARR-29.
  static func attributes(of dtype: DType) -> [String: String] {
    dtype.isNativeInHDF5 ? [:] : ["dtype": dtype.rawValue]
  }

  /// Returns whether attributes are exactly the given texts, each a scalar of fixed length.
  ///
  /// Spec: ARR-28, ARR-30.
  static func areExactly(
    _ expected: [String: String], _ found: [FileOutline.Attribute]
  ) -> Bool {
    found.count == expected.count
      && expected.allSatisfy { name, text in
        found.contains { attribute in
          guard attribute.name == Array(name.utf8), attribute.value.extent == .scalar,
            case .string(let count, _, _) = attribute.value.type, count == text.utf8.count
          else { return false }
          return attribute.value.contents == .bytes(Array(text.utf8))
        }
      }
  }
}
