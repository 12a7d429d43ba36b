import CoppiceModel
import CoppiceZarr

/// Opens the array in the files of the input, by its metadata document of either version, and reads it.
enum ZarrFuzzing {
  static func run(_ bytes: [UInt8]) {
    let store = MemoryStore(files: FileList(bytes).files)
    for missing in [ZarrArray.MissingChunks.areFill, .areErrors] {
      do throws(CoppiceError) {
        let array = try ZarrArray(
          opening: "", in: store, missingChunks: missing, limits: CheckpointProbe.limits)
        var contents = ContentProbe()
        contents.visit(
          CheckpointContents(
            format: "zarr",
            root: .unnamed(
              .tree(.leaf(ArrayLeaf(array))))))
      } catch {
        check(error)
      }
    }
  }
}

/// A store in memory.
private struct MemoryStore: KeyValueStore {
  let values: [StoreKey: [UInt8]]

  init(files: [(name: String, bytes: [UInt8])]) {
    values = Dictionary(files.map { (Array($0.name.utf8), $0.bytes) }) { _, last in last }
  }

  func value(of key: StoreKey) -> (any ByteSource)? { values[key].map { MemoryBytes($0) } }

  func keys(under prefix: StoreKey) -> [StoreKey] {
    values.keys.filter { $0.starts(with: prefix) }.sorted { $0.lexicographicallyPrecedes($1) }
  }
}
