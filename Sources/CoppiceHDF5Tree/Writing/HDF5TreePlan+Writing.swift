import CoppiceFiles
import CoppiceHDF5
package import CoppiceModel
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension HDF5TreePlan {
  /// Writes the file: libhdf5 makes its structure, then several arrays at once are copied into it.
  ///
  /// The caller stages the output, so that an incomplete file never has the final name.
  ///
  /// - Parameter isThere: Whether the file already exists, empty, created by the caller.
  /// - Throws: The errors of the arrays' sources; `operation.cancelled`; `io.*`.
  package func write(
    to path: FilePath, thatExists isThere: Bool = false, durability: Durability,
    monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) {
    let offsets: [Int?]
    do {
      offsets = try layOut(path, isThere)
    } catch {
      let cause: CoppiceError.Cause =
        error.errno.map { .system(errno: $0) } ?? .other(error)
      throw CoppiceError(
        .ioHDF5Write, "libhdf5 can't write the file: \(error)", at: .init(file: path.string),
        cause: cause)
    }
    let file = try OutputFile(at: path, creating: false)
    try file.reserve(byteCount: InputFile(opening: path).byteCount)
    let copier = ArrayCopier(durability: durability, monitor: monitor)
    try ParallelWork.run(count: leaves.count, width: ParallelWork.streamCount) {
      (index) throws(CoppiceError) in
      guard let offset = offsets[index] else { return }
      let leaf = leaves[index]
      let range = OutputRange(file, offset: offset, byteCount: leaf.source.byteCount)
      try copier.copy(leaf.source, of: leaf.treePath, to: [range])
    }
    if durability == .durable { try file.sync() }
  }

  /// Creates the file with everything but the arrays' bytes.
  ///
  /// - Returns: The file offset of each array's bytes; `nil` for an array without bytes.
  private func layOut(_ path: FilePath, _ isThere: Bool) throws(HDF5Error) -> [Int?] {
    let bytes = unsafe path.withPlatformString { text in
      unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
    var offsets = [Int?](repeating: nil, count: leaves.count)
    let file = try File(creatingAt: bytes, thatExists: isThere)
    try layOutRoot(file, &offsets)
    try file.close()
    return offsets
  }

  private func layOutRoot(
    _ file: borrowing File, _ offsets: inout [Int?]
  ) throws(HDF5Error) {
    let group = try file.root()
    for attribute in attributes { try group.write(attribute) }
    guard case .group(let members) = root else { return }
    for member in members { try add(member, to: group, &offsets) }
  }

  private func add(
    _ member: OutputNode.Member, to group: borrowing Group, _ offsets: inout [Int?]
  ) throws(HDF5Error) {
    switch member.node {
    case .group(let members):
      let child = try group.createGroup(member.name)
      for member in members { try add(member, to: child, &offsets) }
    case .array(let index, let shape, let element):
      let dataset = try group.createDataset(
        member.name, type: element.datatype(), dimensions: shape)
      if element.form == .opaque {
        try dataset.writeAttribute("dtype", variableText: element.dtype.rawValue)
      }
      offsets[index] = try dataset.contiguousExtent().flatMap { Int(exactly: $0.offset) }
    case .texts(let texts, let shape):
      try group.createTextDataset(member.name, dimensions: shape).write(texts: texts)
    case .padded(let texts, let width, let shape):
      let dataset = try group.createDataset(
        member.name, type: .paddedBytes(byteCount: width), dimensions: shape)
      var bytes: [UInt8] = []
      bytes.reserveCapacity(texts.count * width)
      for text in texts {
        bytes += text
        bytes.append(contentsOf: repeatElement(0, count: width - text.count))
      }
      try dataset.write(unsafe bytes.span.bytes)
      // libhdf5 may defer the write; close explicitly to surface its error.
      try dataset.close()
    case .null: _ = try group.createNullDataset(member.name, type: .float32())
    }
  }
}
