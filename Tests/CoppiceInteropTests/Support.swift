import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The error that a closure throws.
func failure(_ body: () throws -> Void) -> CoppiceError? {
  do {
    try body()
    return nil
  } catch {
    return error as? CoppiceError
  }
}

extension NDArray {
  /// A vector of 32-bit floats.
  init(floats values: [Float]) throws {
    try self.init(
      dtype: .float32, shape: Shape([values.count])!,
      bytes: values.flatMap { value in
        withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
      })
  }

  var floats: [Float] {
    withBytes { bytes in
      (0..<(bytes.byteCount / 4)).map { index in
        Float(
          bitPattern: bytes.unsafeLoadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
      }
    }
  }
}

extension Tree where Leaf == NDArray {
  var asLeaves: Tree<ArrayLeaf> { mapLeaves { _, array in ArrayLeaf(array) } }
}

extension CheckpointContents {
  /// A checkpoint in memory with some named trees.
  init(_ trees: [(String, Tree<NDArray>)]) {
    self.init(
      format: "memory",
      root: .named(trees.map { NamedCheckpointable($0.0, .tree($0.1.asLeaves)) }))
  }

  init(_ tree: Tree<NDArray>) {
    self.init(format: "memory", root: .unnamed(.tree(tree.asLeaves)))
  }

  /// The tree of a part, with its arrays in memory.
  func tree(_ name: String? = nil) throws(CoppiceError) -> Tree<NDArray>? {
    switch root {
    case .unnamed(.tree(let tree)): return try tree.loaded()
    case .named(let items):
      let item = name.map { name in items.first { $0.name == name } } ?? items.first
      guard case .tree(let tree)? = try item?.value else { return nil }
      return try tree.loaded()
    default: return nil
    }
  }

  var names: [String] {
    guard case .named(let items) = root else { return [] }
    return items.map(\.name)
  }
}

/// An array of zeros that runs a closure once it has been read up to a byte.
struct TroubledSource: ArraySource {
  var dtype = DType.uint8
  let shape: Shape
  let place: Int
  let trouble: @Sendable () throws(CoppiceError) -> Void

  /// Makes an array of some bytes.
  init(
    byteCount: Int, at place: Int, _ trouble: @escaping @Sendable () throws(CoppiceError) -> Void
  ) {
    shape = Shape([byteCount])!
    self.place = place
    self.trouble = trouble
  }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    if range.offset[0] + range.shape.dimensions[0] > place { try trouble() }
    for index in 0..<bytes.byteCount {
      bytes.storeBytes(of: 0, toByteOffset: index, as: UInt8.self)
    }
  }
}

extension TemporaryDirectory {
  /// All names inside, hidden ones too.
  var names: [String] {
    get throws(CoppiceError) { try DirectoryHandle(opening: path).entries().map(\.name) }
  }

  /// Writes a checkpoint of this format.
  @discardableResult
  func checkpoint(
    _ name: String, _ contents: CheckpointContents,
    _ change: (inout WriteOptions) -> Void = { _ in }
  ) throws(CoppiceError) -> FilePath {
    var options = WriteOptions()
    options.durability = .buffered
    change(&options)
    try CheckpointWriter.write(contents, to: self(name), options: options)
    return self(name)
  }
}

/// Opens a path that holds one checkpoint.
func opened(_ path: FilePath) throws(CoppiceError) -> CheckpointContents {
  guard
    case .checkpoint(let contents) = try CheckpointOpener.open(
      path, options: OpenOptions(formats: .all))
  else {
    throw CoppiceError(.usageChoice, "a run of steps", at: .init(file: path.string))
  }
  return contents
}

/// Converts with some options, and without durability, which tests don't need.
@discardableResult
func convert(
  _ input: CheckpointInput, to target: FilePath, monitor: OperationMonitor = OperationMonitor(),
  _ change: (inout ConversionOptions) throws(CoppiceError) -> Void = { _ in }
) throws(CoppiceError) -> [ConversionNote] {
  var options = ConversionOptions()
  options.writing.durability = .buffered
  try change(&options)
  return try Conversion.run(input, to: target, options: options, monitor: monitor).notes
}
