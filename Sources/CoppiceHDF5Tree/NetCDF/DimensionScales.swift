import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel

/// The named dimensions of a file's datasets, as netCDF-4 and others store them.
///
/// A dimension is a dataset, its scale, to which the attribute `DIMENSION_LIST` of each array
/// refers.
struct DimensionScales {
  /// The names of the dimensions of each array whose dimensions all have one, by its path.
  private var names: [(path: [UInt8], names: [String])] = []
  /// The scales that are a dimension of netCDF's and no variable: their elements were never written.
  private var bare: Set<[UInt8]> = []
  private var paths: Set<[UInt8]> = []

  /// The name in the custom metadata under which the dimensions' names are kept.
  static let metadataName = "_ARRAY_DIMENSIONS"
  private static let bareName = Array("This is a netCDF dimension but not a netCDF variable".utf8)
  private static let apart = Array("_nc4_non_coord_".utf8)

  init(_ outline: FileOutline) {
    for entry in outline.entries {
      paths.insert(entry.path)
      guard case .dataset(let dataset) = entry.content else { continue }
      let value = { (name: String) in
        dataset.attributes.first { $0.name.elementsEqual(name.utf8) }?.value
      }
      let isScale = value("CLASS")?.text == "DIMENSION_SCALE"
      if isScale, value("NAME")?.texts?.first?.starts(with: Self.bareName) == true {
        bare.insert(entry.path)
      } else if case .strings(let scales)? = value("DIMENSION_LIST")?.contents {
        let found = scales.compactMap { Self.name(of: $0) }
        if found.count == scales.count { names.append((entry.path, found)) }
      } else if isScale, dataset.extent?.dimensions?.count == 1, let own = Self.name(of: entry.path)
      {
        names.append((entry.path, [own]))
      }
    }
  }

  private static func name(of path: [UInt8]) -> String? {
    let name = path.split(separator: UInt8(ascii: "/")).last ?? []
    return name.isEmpty ? nil : String(validating: name, as: UTF8.self)
  }

  /// Returns whether a dataset is a dimension without elements.
  func isBare(_ path: [UInt8]) -> Bool { bare.contains(path) }

  /// Returns the path under which a dataset is shown: netCDF prefixes the name of a variable that
  /// has the name of a dimension and isn't its coordinate.
  func shown(_ path: [UInt8]) -> [UInt8] {
    let start = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    guard path[start...].starts(with: Self.apart), path.count > start + Self.apart.count else {
      return path
    }
    let name = Array(path[..<start] + path[(start + Self.apart.count)...])
    return paths.contains(name) && !bare.contains(name) ? path : name
  }

  /// The names of all arrays' dimensions as a member of custom metadata; `nil` when there are none.
  var metadata: JSON.Member? {
    let members = names.compactMap { array in
      String(validating: shown(array.path), as: UTF8.self).map {
        JSON.Member($0, .array(array.names.map { .string($0) }))
      }
    }
    return members.isEmpty ? nil : JSON.Member(Self.metadataName, .object(members))
  }

  /// Returns whether an attribute only describes dimensions.
  static func isStructure(_ name: [UInt8], of attributes: [FileOutline.Attribute]) -> Bool {
    if structure.contains(where: { name.elementsEqual($0.utf8) }) { return true }
    guard name.elementsEqual("CLASS".utf8) || name.elementsEqual("NAME".utf8) else { return false }
    return attributes.contains {
      $0.name.elementsEqual("CLASS".utf8) && $0.value.text == "DIMENSION_SCALE"
    }
  }

  private static let structure = [
    "DIMENSION_LIST", "REFERENCE_LIST", "_Netcdf4Dimid", "_Netcdf4Coordinates", "_nc3_strict",
    "_NCProperties",
  ]
}
