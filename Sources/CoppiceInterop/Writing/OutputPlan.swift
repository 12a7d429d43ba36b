public import CoppiceModel
import CoppiceProcessGroup
public import SystemPackage

/// A plan for the output of one checkpoint, before anything is written.
public struct OutputPlan: Sendable {
  /// Whether the result is a directory; otherwise it is a file.
  public var isDirectory: Bool

  /// The arrays that will be written, in the order of the tree.
  public var leaves: [PlannedArray]

  /// The files that will be written.
  public var files: [PlannedFile]

  /// The notes about everything that can't be carried over exactly.
  public var notes: [ConversionNote]

  /// A function that writes everything to an output that was just created: an empty file or directory.
  ///
  /// - Throws: `operation.cancelled`, `io.*`, and the errors of the sources.
  public typealias Body = @Sendable (FilePath, OperationMonitor) throws(CoppiceError) -> Void

  private let body: Body

  /// Makes the writing by all ranks of a group; `nil` for a format whose output one rank writes.
  var divided: (@Sendable (any ProcessGroup) throws(CoppiceError) -> any DividedOutput)?

  /// Makes a plan.
  ///
  /// - Parameters:
  ///   - isDirectory: Whether the result is a directory.
  ///   - leaves: The arrays that will be written.
  ///   - files: The files that will be written.
  ///   - notes: The notes about everything that can't be carried over exactly.
  ///   - body: Writes everything, and puts it on stable storage if the options ask for that. It tells the
  ///     monitor the bytes that it expects and those that it has written.
  public init(
    isDirectory: Bool, leaves: [PlannedArray], files: [PlannedFile], notes: [ConversionNote] = [],
    writing body: @escaping Body
  ) {
    self.isDirectory = isDirectory
    self.leaves = leaves
    self.files = files
    self.notes = notes
    self.body = body
  }

  /// Plans a result that is one file.
  ///
  /// - Parameter byteCount: The file's size, if it is known.
  init(
    fileOf byteCount: Int?, leaves: [PlannedArray], notes: [ConversionNote],
    writing body: @escaping Body
  ) {
    self.init(
      isDirectory: false, leaves: leaves, files: [PlannedFile("", byteCount: byteCount)],
      notes: notes
    ) { (output, monitor) throws(CoppiceError) in
      monitor.expect(bytes: leaves.reduce(0) { $0 + $1.byteCount })
      try body(output, monitor)
    }
  }

  /// Returns the plan, if documents can state the shapes of its arrays.
  ///
  /// An array without elements may have extents beyond the integers of JSON.
  ///
  /// - Throws: `arrays.bad-shape`.
  func checked() throws(CoppiceError) -> OutputPlan {
    let most = 1 << 53
    for leaf in leaves {
      // The product can't overflow: `Shape` guarantees it for the extents other than zero.
      guard leaf.shape.dimensions.reduce(1, { $0 * max($1, 1) }) >= most else { continue }
      throw CoppiceError(
        .arraysBadShape,
        "the product of the extents other than zero of \(leaf.shape) is 2^53 or more, which no checkpoint "
          + "can state; leave the array out",
        at: .init(
          treePath: [leaf.checkpointable, leaf.path].compactMap { $0 }.joined(separator: "/"))
      )
    }
    return self
  }

  func write(to output: FilePath, monitor: OperationMonitor) throws(CoppiceError) {
    try body(output, monitor)
  }
}

/// An array in a plan, as it will be written.
public struct PlannedArray: Hashable, Sendable {
  /// The checkpointable of the array; `nil` if it has no name.
  public var checkpointable: String?
  /// The path of the array's node, as listings print it.
  public var path: String
  /// The dtype in the output.
  public var dtype: DType
  /// The shape in the output.
  public var shape: Shape
  /// The number of boxes along each dimension; `nil` for an array that is stored whole.
  public var shards: [Int]?
  /// The extents of a chunk, where the caller chose them.
  public var chunk: Shape?

  /// The number of bytes of the elements.
  public var byteCount: Int { shape.elementCount * dtype.width }

  /// Makes a planned array.
  public init(checkpointable: String? = nil, path: String, dtype: DType, shape: Shape) {
    self.checkpointable = checkpointable
    self.path = path
    self.dtype = dtype
    self.shape = shape
  }
}

extension PlannedArray {
  /// Makes an array that is written unchanged, in a format without named checkpointables.
  init(_ path: TreePath, _ source: any ArraySource) {
    self.init(path: path.description, dtype: source.dtype, shape: source.shape)
  }
}

/// A file in a plan, as it will be written.
public struct PlannedFile: Hashable, Sendable {
  /// The path inside the result; empty if the result is one file.
  public var path: String
  /// The size, or an upper limit if data are compressed; `nil` if it isn't known yet.
  public var byteCount: Int?

  /// Makes a planned file.
  public init(_ path: String, byteCount: Int? = nil) {
    self.path = path
    self.byteCount = byteCount
  }
}
