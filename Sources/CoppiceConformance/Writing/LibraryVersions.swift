import Coppice
import CoppiceCompression
import CoppiceHDF5
import CoppiceModel

/// The versions that determine the bytes of a written checkpoint.
struct LibraryVersions: Equatable {
  var coppice: String
  var libhdf5: String
  var libzstd: String

  static var current: LibraryVersions {
    LibraryVersions(
      coppice: coppiceVersion, libhdf5: libraryVersion,
      libzstd: ZstdLibrary.version)
  }

  init(coppice: String, libhdf5: String, libzstd: String) {
    self.coppice = coppice
    self.libhdf5 = libhdf5
    self.libzstd = libzstd
  }

  init?(_ json: JSON) {
    guard let coppice = json["coppice"]?.string, let libhdf5 = json["libhdf5"]?.string,
      let libzstd = json["libzstd"]?.string
    else { return nil }
    self.init(coppice: coppice, libhdf5: libhdf5, libzstd: libzstd)
  }

  var json: JSON {
    .object([
      .init("coppice", .string(coppice)), .init("libhdf5", .string(libhdf5)),
      .init("libzstd", .string(libzstd)),
    ])
  }

  static let fileName = "versions.json"
}
