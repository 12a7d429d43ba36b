package import CoppiceFiles
import CoppiceFormat
package import CoppiceModel

extension Version0Reader {
  /// Returns the path of an entry of a checkpoint or run that no rule gives a meaning; `nil` where there is none.
  ///
  /// Spec: version 0, V0-11.
  package static func stranger(
    in directory: DirectoryHandle
  ) throws(CoppiceError) -> String? {
    guard let layout = try Version0Layout(of: directory) else { return nil }
    for entry in try directory.entries() {
      let isDirectory = entry.kind == .directory
      switch layout {
      case .direct:
        guard !isDirectory, entry.name == Version0Root.fileName || isOfTree(entry.name) else {
          return entry.name
        }
      case .composite(let items):
        if !isDirectory, entry.name == Version0Root.fileName { continue }
        guard isDirectory, items.contains(entry.name) else { return entry.name }
        let inner = try directory.subdirectory(entry.name)
        if let found = try strangerOfItem(in: inner) { return entry.name + "/" + found }
      case .steps:
        guard isDirectory, Version0Layout.stepNumber(entry.name) != nil else { return entry.name }
        let inner = try directory.subdirectory(entry.name)
        guard let layout = try Version0Layout(of: inner) else { return entry.name }
        if case .steps = layout { return entry.name }
        if let found = try stranger(in: inner) { return entry.name + "/" + found }
      }
    }
    return nil
  }

  private static func strangerOfItem(
    in directory: DirectoryHandle
  ) throws(CoppiceError) -> String? {
    let isTree = try Version0Layout.isTree(directory)
    // All files of an item that is neither are its own.
    let isJSON = try directory.hasFile(CheckpointableEntry.jsonFileName)
    guard isTree || isJSON else { return nil }
    let entries = try directory.entries()
    return entries.first { entry in
      entry.kind == .directory
        || !(isTree ? isOfTree(entry.name) : entry.name == CheckpointableEntry.jsonFileName)
    }?.name
  }

  private static func isOfTree(_ name: String) -> Bool {
    name == DataFile.name(0) || name == Version0Metadata.fileName
  }
}
