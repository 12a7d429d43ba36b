import CoppiceFiles
import CoppiceHDF5Tree
import CoppiceModel
import SystemPackage

/// The writer of HDF5 files for h5py: groups, datasets that are contiguous or compressed, texts.
package struct HDF5FormatWriter: BuiltInFormatWriter {
  package let name = HDF5TreeFormat.name
  package let abilities = FormatAbilities(
    [
      .nesting, .emptyContainers, .strings, .bytes, .textArrays, .none, .emptyArrays,
      .customMetadata,
    ], dtypes: HDF5TreePlan.dtypes, compressions: [.gzip])
  package let nameEndings = [".h5", ".hdf5"]

  package init() {}

  package func plan(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> OutputPlan {
    let single = try SingleTree(of: contents, for: name)
    let plan = try HDF5TreePlan(
      writing: single.tree, of: single.contents, gzipLevel: Self.gzipLevel(options))
    return OutputPlan(
      fileOf: nil, leaves: plan.leaves.map { PlannedArray($0.treePath, $0.source) },
      notes: plan.notes + single.notes
    ) { (path, monitor) throws(CoppiceError) in
      try plan.write(to: path, thatExists: true, durability: options.durability, monitor: monitor)
    }
  }

  /// Returns the level of deflate: by default that of h5py.
  private static func gzipLevel(_ options: OutputOptions) -> Int? {
    if case .gzip(let level)? = options.compression { level ?? 4 } else { nil }
  }
}
