package import CoppiceFiles
package import CoppiceModel

extension FlaxPlan {
  /// Writes the file, which must exist and be empty; arrays are copied on all processors.
  ///
  /// - Throws: `operation.cancelled`, `io.*`, and the errors of the sources.
  package func write(
    to file: OutputFile, durability: Durability, monitor: OperationMonitor
  ) throws(CoppiceError) {
    try file.reserve(byteCount: byteCount)
    for segment in segments where !segment.bytes.isEmpty {
      try file.write(segment.bytes, at: segment.offset)
    }
    let copier = ArrayCopier(durability: durability, monitor: monitor)
    try ParallelWork.run(count: leaves.count, width: ParallelWork.streamCount) {
      (index) throws(CoppiceError) in
      let leaf = leaves[index]
      try copier.copy(
        leaf.source, of: leaf.treePath,
        to: leaf.pieces.map { OutputRange(file, offset: $0.offset, byteCount: $0.byteCount) })
    }
    if durability == .durable { try file.sync() }
  }
}
