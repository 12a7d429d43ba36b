import CoppiceFiles
import CoppiceModel

/// A file of `torch.save` before version 1.6: five pickles, then the storages one after the other.
struct LegacyFile {
  private let file: InputFile
  private let limits: ReadLimits

  /// The offset of the next pickle.
  private var offset = 0

  /// The bytes of the number in the first pickle, the same in any protocol.
  private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
  private static let version = 1001

  /// Returns whether a file begins as such files do.
  static func recognizes(_ file: InputFile) throws(CoppiceError) -> Bool {
    let start = try file.bytes(at: 0, count: min(32, file.byteCount))
    guard start.first == 0x80 else { return false }
    return start.indices.contains { start[$0...].starts(with: magic) }
  }

  init(_ file: InputFile, limits: ReadLimits) {
    self.file = file
    self.limits = limits
  }

  /// Reads all pickles, and finds the storages.
  mutating func contents() throws(CoppiceError) -> CheckpointContents {
    _ = try next()
    guard case .integer(Self.version) = try next().value else {
      throw damaged("the version of the file is not \(Self.version)")
    }
    try checkSystem()
    let object = try next()
    let places = try storages(of: object.pickle)
    let file = file
    let sources = TensorSources(fileByteCount: file.byteCount, isBigEndian: false) {
      (storage) throws(CoppiceError) in
      guard let place = places[.string(storage.key)],
        let bytes = ByteSlice(of: file, at: place.lowerBound, count: place.count)
      else {
        throw CoppiceError(
          .pytorchStorage,
          "the storage \"\(storage.key.printable)\" is not in the file; it is incomplete, so copy it again"
        )
      }
      return bytes
    }
    var tree = PickledTree(object.pickle, sources: sources, file: file.name)
    var contents = CheckpointContents(
      format: PyTorchFormat.name, root: .unnamed(.tree(try tree.root(object.value))))
    contents.warnings = tree.warnings
    return contents
  }

  private mutating func next() throws(CoppiceError) -> (pickle: Unpickler, value: PickleValue) {
    var pickle = Unpickler(file, at: offset, limits: limits)
    let value = try pickle.run()
    offset = pickle.input.offset
    return (pickle, value)
  }

  /// Checks the third pickle, which describes the machine that wrote the file.
  private mutating func checkSystem() throws(CoppiceError) {
    let (pickle, value) = try next()
    guard case .container(let place) = value, pickle.containers[place].kind == .dict else {
      throw damaged("the description of the machine isn't a dictionary")
    }
    let items = pickle.containers[place].items
    for index in stride(from: 0, to: items.count - 1, by: 2) {
      guard case .string("little_endian") = items[index], case .bool(false) = items[index + 1]
      else { continue }
      throw CoppiceError(
        .pytorchFormat,
        "the file is from a big-endian machine in the format before torch 1.6; load and save it with a "
          + "newer torch")
    }
  }

  /// Finds the range of each storage's bytes.
  ///
  /// The storages follow the last pickle, each after the number of its elements.
  private mutating func storages(
    of object: Unpickler
  ) throws(CoppiceError) -> [TreeKey: Range<Int>] {
    let (pickle, value) = try next()
    guard case .container(let list) = value, pickle.containers[list].kind == .list else {
      throw damaged("the list of storages isn't a list")
    }
    var named: [TreeKey: PickleStorage] = [:]
    for storage in object.storages { named[.string(storage.key)] = storage }
    var places: [TreeKey: Range<Int>] = [:]
    for item in pickle.containers[list].items {
      guard case .string(let key) = item, let storage = named[.string(key)],
        places[.string(key)] == nil
      else { throw damaged("the list of storages has one that no tensor uses, or has one twice") }
      var width = storage.width
      if let place = storage.foreign {
        let type = object.names[place]
        guard let known = PickleGlobal.foreignWidths[type] else {
          throw CoppiceError(
            .pytorchFormat,
            "the storage \"\(key.printable)\" is of the class \(type), whose size is not known, so that what "
              + "follows can't be found; save the file with torch 1.6 or newer",
            at: .init(offset: offset))
        }
        width = known
      }
      var input = PickleInput(file, at: offset, limit: 8)
      let elementCount = try input.integer(8)
      let (count, overflow) = elementCount.multipliedReportingOverflow(by: width)
      let start = offset + 8
      guard !overflow, elementCount == storage.elementCount, count <= file.byteCount - start else {
        throw CoppiceError(
          .pytorchStorage,
          "the storage \"\(key.printable)\" has another size than the pickle says, or is cut off; copy "
            + "the file again",
          at: .init(offset: offset))
      }
      places[.string(key)] = start..<(start + count)
      offset = start + count
    }
    return places
  }

  private func damaged(_ message: String) -> CoppiceError {
    CoppiceError(
      .pytorchFormat, "\(message); the file is damaged, so copy it again",
      at: .init(offset: offset))
  }
}
