import CoppiceFormat
import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel
import CoppiceStorage

extension FileOutline {
  /// Whether the root group's attribute marks the file as one of version 0.
  ///
  /// Spec: version 0, V0-7.
  var isMarkedVersion0: Bool {
    guard let root = entries.first, case .group(let attributes) = root.content,
      let mark = attributes.first(where: { $0.name == Array("coppice_version".utf8) }),
      case .integer = mark.value.type, mark.value.extent == .scalar,
      case .bytes(let bytes) = mark.value.contents
    else { return false }
    return !bytes.isEmpty && bytes.allSatisfy { $0 == 0 }
  }
}

extension Version0Arrays {
  /// Takes the groups and datasets from a file's outline.
  ///
  /// - Throws: `arrays.hdf5-mismatch` for links and objects that version 0 doesn't have.
  init(_ outline: FileOutline, file: String) throws(CoppiceError) {
    self.init()
    for entry in outline.entries.dropFirst() {
      switch entry.content {
      case .group: groups.append(entry.path)
      case .dataset(let dataset): datasets.append(Dataset(entry.path, dataset))
      case .datatype, .sameObject, .softLink, .externalLink, .userDefinedLink, .unknown,
        .unreadable:
        throw CoppiceError(
          .arraysHDF5Mismatch,
          "HDF5 has a link or an object that version 0 doesn't: only groups and datasets, each "
            + "under one name",
          at: .init(file: file, treePath: String(decoding: entry.path, as: UTF8.self)))
      }
    }
  }
}

extension Version0Arrays.Dataset {
  fileprivate init(_ path: [UInt8], _ dataset: DatasetOutline) {
    let stored = DType.ofVersion0.first {
      $0.storedInVersion0 == $0 && $0.typeDescription == dataset.type
    }
    let name = dataset.attributes.first { $0.name == Array("dtype".utf8) }
    let place: Version0Arrays.Place =
      switch dataset.layout {
      case .contiguous(let range?): .range(offset: range.offset, size: range.byteCount)
      case .contiguous(nil): .nowhere
      case .compact(let bytes?): .inline(bytes)
      case .compact(nil): .nowhere
      case .chunked: .other("chunked")
      case .virtual: .other("virtual")
      case .external: .other("in other files")
      }
    self.init(
      path: path, stored: stored,
      named: name.map { $0.value.text ?? "" }, extents: dataset.extent?.dimensions, place: place)
  }
}
