import CoppiceHDF5
import CoppiceModel

extension OutlineScanner {
  mutating func outline(
    of dataset: borrowing Dataset, path: [UInt8]
  ) throws(CoppiceError) -> DatasetOutline {
    var layout = DatasetLayout.virtual
    var outline = try Self.located(at: path) { () throws(HDF5Error) in
      let creation = try dataset.creation()
      let type = try dataset.datatype()
      layout = try creation.layout()
      // The extent of a virtual dataset without bounds depends on files that aren't opened.
      let extent = try creation.hasOwnExtent() ? try dataset.extent() : nil
      return DatasetOutline(
        type: try type.description(), extent: extent,
        layout: .virtual(try creation.virtualMappings()),
        fillValue: try creation.fillValue(type: type))
    }
    outline.layout = try self.layout(layout, of: dataset, outline, path: path)
    outline.attributes = try attributes(of: dataset, path: path)
    outline.strings = try strings(of: dataset, outline, path: path)
    return outline
  }

  private mutating func layout(
    _ layout: DatasetLayout, of dataset: borrowing Dataset, _ outline: DatasetOutline, path: [UInt8]
  ) throws(CoppiceError) -> DatasetOutline.Layout {
    switch layout {
    case .contiguous:
      let range = try Self.located(at: path) { () throws(HDF5Error) in
        try dataset.contiguousExtent()
      }
      if let range { try check(range, path: path) }
      return .contiguous(range)
    case .compact: return .compact(try compactBytes(of: dataset, outline, path: path))
    case .chunked(let shape, let filters):
      return .chunked(
        shape: shape, filters: filters, chunks: try chunks(of: dataset, path: path))
    case .virtual:
      guard case .virtual(let mappings) = outline.layout else { return .virtual([]) }
      for case let mapping? in mappings {
        try spend(mapping.sourceFile.count + mapping.sourcePath.count + 64, at: path)
      }
      return .virtual(mappings)
    case .external(let count): return .external(count: count)
    }
  }

  private mutating func chunks(
    of dataset: borrowing Dataset, path: [UInt8]
  ) throws(CoppiceError) -> [Chunk] {
    let room = spend(chunks: 0)
    let chunks = try Self.located(at: path) { () throws(HDF5Error) in
      try dataset.chunks(limit: room)
    }
    _ = spend(chunks: chunks.count)
    for chunk in chunks {
      try check(chunk.range, path: path)
      guard chunk.offset.allSatisfy({ $0 < 1 << 53 }) else {
        throw Self.limit("a chunk lies at \(chunk.offset)", at: path)
      }
    }
    return chunks
  }

  /// Checks that data are inside the file; this also keeps all offsets exact in JSON.
  private func check(_ range: FileRange, path: [UInt8]) throws(CoppiceError) {
    let (end, overflow) = range.offset.addingReportingOverflow(range.byteCount)
    guard !overflow, end <= fileByteCount, end < 1 << 53 else {
      throw CoppiceError(
        .hdf5Invalid,
        "\(range.byteCount) bytes of data at \(range.offset) reach past the end of the file, which has \(fileByteCount)",
        at: .init(treePath: String(decoding: path, as: UTF8.self)))
    }
  }

  private mutating func compactBytes(
    of dataset: borrowing Dataset, _ outline: DatasetOutline, path: [UInt8]
  ) throws(CoppiceError) -> [UInt8]? {
    guard !outline.type.holdsPointers, let count = outline.extent?.elementCount,
      let width = outline.type.byteCount.flatMap(UInt64.init(exactly:)),
      case let (product, overflow) = count.multipliedReportingOverflow(by: width), !overflow,
      let size = Int(exactly: product), size <= limits.valueBytes
    else { return nil }
    try spend(size, at: path)
    return try Self.located(at: path) { () throws(HDF5Error) in
      var bytes = Array(repeating: UInt8(0), count: size)
      var span = bytes.mutableSpan
      var raw = unsafe span.mutableBytes
      try dataset.read(into: &raw)
      return bytes
    }
  }

  private mutating func strings(
    of dataset: borrowing Dataset, _ outline: DatasetOutline, path: [UInt8]
  ) throws(CoppiceError) -> [[UInt8]]? {
    let limit: Int
    switch outline.type {
    case .variableString, .objectReference: limit = limits.stringBytes
    case .variableLength(let base) where !base.holdsPointers: limit = limits.sequenceBytes
    default: return nil
    }
    guard limit > 0 else { return nil }
    switch outline.layout {
    case .virtual, .external: return nil
    default: break
    }
    let strings = try Self.located(at: path) { () throws(HDF5Error) in
      try dataset.variableElements(limit: limit)
    }
    for string in strings ?? [] { try spend(string.count + 8, at: path) }
    return strings
  }

  mutating func attributes(
    of object: borrowing some HDF5Object & ~Copyable, path: [UInt8]
  ) throws(CoppiceError) -> [FileOutline.Attribute] {
    let names: [[UInt8]]
    do throws(HDF5Error) {
      names = try object.attributeNames()
    } catch {
      // One attribute of a newer version makes libhdf5 list none, though the object itself can be
      // read.
      guard !error.isOfNewerVersion else {
        if let address = try? object.info().address { newer.insert(address) }
        return [.unreadable]
      }
      throw Self.fault(error, at: path)
    }
    let limit = limits.valueBytes
    var attributes: [FileOutline.Attribute] = []
    for name in names {
      let value = try Self.located(at: path) { () throws(HDF5Error) in
        try object.attribute(name, limit: limit)
      }
      guard let value else { continue }
      try spend(name.count + value.contents.byteCount + 64, at: path)
      attributes.append(FileOutline.Attribute(name: name, value: value))
    }
    return attributes
  }
}

extension AttributeValue.Contents {
  /// The approximate size of the elements in bytes.
  fileprivate var byteCount: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .strings(let strings): strings.reduce(0) { $0 + $1.count + 8 }
    case .omitted: 0
    }
  }
}
