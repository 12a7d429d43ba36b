package import CoppiceFiles
package import CoppiceModel

/// Zarr arrays in plain directories, for formats that keep single arrays in that way.
package enum ZarrDirectory {
  /// Opens an array by its path below a directory, without reading its elements.
  ///
  /// - Throws: `zarr.*`, `json.*` when it is missing or damaged; `io.*`.
  package static func open(
    _ name: String, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> any ArraySource {
    try ZarrArray(
      opening: name, in: DirectoryStore(directory), missingChunks: .areErrors, limits: limits,
      isVersion3: false)
  }
}
