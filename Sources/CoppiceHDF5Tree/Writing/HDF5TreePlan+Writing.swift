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
    let offsets = try layOut(path, isThere, monitor)
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

  /// Creates the file with everything but the bytes of contiguous arrays.
  ///
  /// - Returns: The file offset of each contiguous array's bytes; `nil` for any other array.
  private func layOut(
    _ path: FilePath, _ isThere: Bool, _ monitor: OperationMonitor
  ) throws(CoppiceError) -> [Int?] {
    let bytes = unsafe path.withPlatformString { text in
      unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
    var offsets = [Int?](repeating: nil, count: leaves.count)
    do {
      let file = try File(creatingAt: bytes, thatExists: isThere)
      try layOutRoot(file, &offsets)
      if let gzipLevel {
        try CompressedArrayWriter(leaves: leaves, level: gzipLevel, monitor: monitor)
          .write(chunkedArrays(), to: file.root())
      }
      try file.close()
    } catch let error as HDF5Error {
      throw .hdf5Write(error, at: path)
    } catch let error as CoppiceError {
      throw error
    } catch {
      throw CoppiceError(.ioHDF5Write, "libhdf5 can't write the file", cause: .other(error))
    }
    return offsets
  }

  /// Returns the arrays that are stored in chunks, in the order of the tree.
  private func chunkedArrays() -> [CompressedArrayWriter.Target] {
    var targets: [CompressedArrayWriter.Target] = []
    func visit(_ node: OutputNode, _ path: String) {
      switch node {
      case .group(let members):
        for member in members { visit(member.node, path + "/" + member.name) }
      case .array(let leaf, _, _, let chunk?):
        targets.append(.init(leaf: leaf, path: path, chunk: chunk.map { Int($0) }))
      default: break
      }
    }
    visit(root, "")
    return targets
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
    case .array(let index, let shape, let element, let chunk):
      let dataset: Dataset
      if let chunk, let gzipLevel {
        let shuffle = element.dtype.width > 1 ? [Filter.shuffle(width: element.dtype.width)] : []
        dataset = try group.createDataset(
          member.name, type: element.datatype(), dimensions: shape, chunk: chunk,
          filters: shuffle + [.deflate(level: gzipLevel)])
      } else {
        dataset = try group.createDataset(
          member.name, type: element.datatype(), dimensions: shape)
      }
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

extension CoppiceError {
  fileprivate static func hdf5Write(_ error: HDF5Error, at path: FilePath) -> CoppiceError {
    if let number = error.errno {
      return .system(Errno(rawValue: number), "write the file", file: path.string)
    }
    return CoppiceError(
      .ioHDF5Write, "libhdf5 can't write the file: \(error)", at: .init(file: path.string),
      cause: .other(error))
  }
}
