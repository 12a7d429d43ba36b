import CoppiceFiles
package import CoppiceModel
package import SystemPackage

extension SafetensorsPlan {
  /// Writes the single file, or several files and their index into an existing directory.
  ///
  /// The caller stages the output, so that an incomplete file never has the final name.
  ///
  /// - Parameter isThere: Whether the single file already exists, empty, created by the caller.
  /// - Throws: The errors of the arrays' sources; `operation.cancelled`; `io.*`.
  package func write(
    to path: FilePath, thatExists isThere: Bool = false, durability: Durability,
    monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) {
    var outputs: [OutputFile] = []
    for file in files {
      let output =
        index == nil
        ? try OutputFile(at: path, creating: !isThere)
        : try OutputFile(at: path.appending(file.name))
      try output.reserve(byteCount: file.byteCount)
      try output.write(file.header, at: 0)
      outputs.append(output)
    }
    let copier = ArrayCopier(durability: durability, monitor: monitor)
    try ParallelWork.run(count: leaves.count, width: ParallelWork.streamCount) {
      [outputs] (number) throws(CoppiceError) in
      let leaf = leaves[number]
      let range = OutputRange(outputs[leaf.file], offset: leaf.offset, byteCount: leaf.byteCount)
      try copier.copy(leaf.source, of: leaf.treePath, to: [range])
    }
    if durability == .durable { for output in outputs { try output.sync() } }
    guard let index else { return }
    try OutputFile.create(
      path.appending(index.name), holding: index.bytes, durability: durability)
  }
}
