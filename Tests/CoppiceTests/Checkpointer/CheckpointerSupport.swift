import Coppice
import CoppiceFiles
import CoppiceMaintenance
import CoppiceModel
import CoppiceTestSupport
import Synchronization
import SystemPackage
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A run that lives as long as the value.
final class RootFixture: Sendable {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  var path: FilePath { directory("run") }

  /// A checkpointer with the standard choices unless told otherwise, but not durable.
  func open(
    _ change: (inout CheckpointerOptions) -> Void = { _ in }
  ) throws -> Checkpointer {
    var options = CheckpointerOptions()
    options.storage.durability = .buffered
    change(&options)
    return try Checkpointer(path, options: options)
  }

  /// The names in the root, sorted.
  var names: [String] {
    get throws { try DirectoryHandle(opening: path).entries().map(\.name) }
  }

  /// The findings of validation in the whole run.
  func findings() throws -> [String] {
    let found = try RunValidator.run(try DirectoryHandle(opening: path), level: .data)
    return try #require(found).map(\.fault.description)
  }

  /// Makes a file with some directories above it.
  func write(_ text: String, to name: String) throws {
    let components = name.split(separator: "/").map { String($0) }
    let parent = try OutputDirectory.createAll(components.dropLast(), below: path)
    try OutputFile.create(
      parent.appending(components.last ?? ""), holding: Array(text.utf8), durability: .buffered)
  }
}

extension SaveResult {
  /// Whether the policy has left the step out.
  var isSkipped: Bool { if case .skipped = self { true } else { false } }
}

/// A state of two arrays whose elements say the step.
func state(_ step: Int, count: Int = 4) throws -> Tree<NDArray> {
  let bytes = withUnsafeBytes(of: Int32(truncatingIfNeeded: step).littleEndian) { Array($0) }
  let shape = try #require(Shape([count]))
  let array = try NDArray(
    dtype: .int32, shape: shape, bytes: (0..<count).flatMap { _ in bytes })
  return .dict([.init("weights", .leaf(array)), .init("count", .value(.int(IntegerText(step))))])
}

/// A source that waits until it may be read, and may then fail.
final class GatedSource: ArraySource {
  let dtype = DType.uint8
  let shape: Shape
  private let gate: Gate
  private let failure: CoppiceError?

  init(_ gate: Gate, failure: CoppiceError? = nil) throws {
    shape = try #require(Shape([16]))
    self.gate = gate
    self.failure = failure
  }

  func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    gate.wait()
    if let failure { throw failure }
  }

  var part: NamedValues<any Sendable> {
    ["state": Checkpointable.tree(.leaf(ArrayLeaf(self)))]
  }
}

/// Holds threads until it is opened.
final class Gate: Sendable {
  private let isOpen = Atomic<Bool>(false)

  func open() { isOpen.store(true, ordering: .releasing) }

  func wait() {
    while !isOpen.load(ordering: .acquiring) { usleep(10_000) }
  }
}

/// The code of the error that an asynchronous closure throws.
func code(_ body: () async throws -> Void) async -> String? {
  do {
    try await body()
    return nil
  } catch let error as CoppiceError {
    return error.code.rawValue
  } catch {
    return "\(error)"
  }
}
