import CoppiceFiles
package import CoppiceModel
package import SystemPackage

extension SafetensorsPlan {
  /// Writes the only file, or several and their index into a directory that exists.
  ///
  /// The caller stages the output, so that nothing half-written bears the final name.
  ///
  /// - Parameter isThere: The only file exists and is empty, made by whoever stages the output.
  /// - Throws: What the arrays' sources throw; `operation.cancelled`; `io.*`.
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
