import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import Dispatch
import Synchronization
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A conversion that stops half-way leaves what was there, and nothing else.
struct InterruptionTests {
  /// The layout of the result.
  enum Layout: String, CaseIterable, Sendable {
    case plain, compressed, packed, files, safetensors, safetensorsSet

    func apply(to options: inout ConversionOptions) {
      switch self {
      case .plain: break
      case .compressed: options.writing.tree.zstdLevel = 1
      case .packed: options.writing.tree.packing?.leafCount = 0
      case .files: options.maximumFileBytes = 1 << 18
      case .safetensors: options.format = OutputFormat(.safetensors)
      case .safetensorsSet:
        options.format = OutputFormat(.safetensors)
        options.maximumFileBytes = 1 << 18
      }
    }
  }

  private static let size = 700_000

  private func contents(_ source: any ArraySource) throws -> CheckpointContents {
    let first = try NDArray(floats: [1, 2, 3])
    return CheckpointContents(
      format: "memory",
      root: .named([
        .init(
          "state",
          .tree(
            .dict([
              .init("a", .leaf(ArrayLeaf(first))), .init("deep", .list([.leaf(ArrayLeaf(source))])),
              .init("z", .leaf(ArrayLeaf(first))),
            ])))
      ]))
  }

  /// A small array for packing, a large one elsewhere.
  private func byteCount(_ layout: Layout) -> Int { layout == .packed ? 5000 : Self.size }

  private func check(
    _ layout: Layout, _ source: any ArraySource, monitor: OperationMonitor, _ expected: String
  ) throws {
    let directory = try TemporaryDirectory()
    let before = CheckpointContents(.dict([.init("old", .leaf(try NDArray(floats: [7])))]))
    try directory.checkpoint("old", before)
    for (target, isReplacing) in [("new", false), ("new", true), ("old", true)] {
      let error = try #require(
        failure {
          try convert(.checkpoint(try contents(source)), to: directory(target), monitor: monitor) {
            layout.apply(to: &$0)
            $0.writing.isReplacing = isReplacing
          }
        })
      #expect(error.code.rawValue == expected, "\(error)")
      #expect(try directory.names == ["old"])
      #expect(try opened(directory("old")).tree()?.leaves.first?.leaf.floats == [7])
    }
  }

  @Test(arguments: Layout.allCases) func aSourceThatFails(_ layout: Layout) throws {
    let count = byteCount(layout)
    let source = TroubledSource(byteCount: count, at: count / 2) { () throws(CoppiceError) in
      throw CoppiceError(.ioFailed, "the disk is gone")
    }
    try check(layout, source, monitor: OperationMonitor(), "io.failed")
  }

  @Test(arguments: Layout.allCases) func namesTheLeafThatFailed(_ layout: Layout) throws {
    let count = byteCount(layout)
    let source = TroubledSource(byteCount: count, at: count - 1) { () throws(CoppiceError) in
      throw CoppiceError(.init(rawValue: "test.damaged"), "the bytes are damaged")
    }
    let directory = try TemporaryDirectory()
    let error = try #require(
      failure {
        try convert(.checkpoint(try contents(source)), to: directory("new")) {
          layout.apply(to: &$0)
        }
      })
    #expect(error.location.treePath == "deep/0")
    #expect(try directory.names.isEmpty)
  }

  @Test(arguments: Layout.allCases) func cancelledByTheSource(_ layout: Layout) throws {
    let count = byteCount(layout)
    let monitor = OperationMonitor()
    let source = TroubledSource(byteCount: count, at: count / 2) { monitor.cancel() }
    try check(layout, source, monitor: monitor, "operation.cancelled")
  }

  @Test(.timeLimit(.minutes(5)), arguments: Layout.allCases)
  func cancelledByAnotherThread(_ layout: Layout) throws {
    let count = byteCount(layout)
    let monitor = OperationMonitor()
    let isReading = Flag()
    // The source waits until the other thread, which waits for the first read, has cancelled.
    let source = TroubledSource(byteCount: count, at: 1) {
      isReading.raise()
      while !monitor.isCancelled { usleep(1000) }
    }
    DispatchQueue.global().async {
      while !isReading.isRaised { usleep(1000) }
      monitor.cancel()
    }
    try check(layout, source, monitor: monitor, "operation.cancelled")
  }

  @Test func cancelledBeforeItBegan() throws {
    let monitor = OperationMonitor()
    monitor.cancel()
    let source = TroubledSource(byteCount: 10, at: 0) {}
    for layout in Layout.allCases {
      try check(layout, source, monitor: monitor, "operation.cancelled")
    }
  }

  /// A run is one result: after a failure none of its steps exists.
  @Test func aStepThatFailsTakesTheRunWithIt() throws {
    let directory = try TemporaryDirectory()
    let good = try contents(TroubledSource(byteCount: 10, at: 99) {})
    let steps = CheckpointRun(
      format: "memory",
      steps: [1, 2].map { number in
        .init(number: number, name: String(number)) { () throws(CoppiceError) in
          if number == 2 { throw CoppiceError(.init(rawValue: "test.damaged"), "no") }
          return good
        }
      })
    #expect(code { try convert(.steps(steps), to: directory("run")) { _ in } } == "test.damaged")
    #expect(try directory.names.isEmpty)
  }

  @Test func damagedInputConvertsToNothing() throws {
    let directory = try TemporaryDirectory()
    var generator = TreeGenerator(seed: 3)
    let tree: Tree<NDArray> = .dict([
      .init("w", .leaf(try generator.array(.float32, [100, 100])))
    ])
    try directory.checkpoint("a", CheckpointContents(tree))
    let file = directory("a").appending("state").appending("arrays.h5")
    let descriptor = try FileDescriptor.open(file, .readWrite)
    let size = try descriptor.seek(offset: 0, from: .end)
    _ = try descriptor.writeAll(toAbsoluteOffset: size - 10, [0xAA, 0x55, 0xAA])
    try descriptor.close()
    let error = try #require(
      failure {
        try convert(
          CheckpointOpener.open(directory("a"), options: OpenOptions(formats: .all)),
          to: directory("b.safetensors")
        ) {
          $0.format = OutputFormat(.safetensors)
        }
      })
    #expect(error.code.rawValue == "arrays.digest-mismatch")
    #expect(error.location.treePath == "w")
    #expect(error.location.file == "state/arrays.h5")
    #expect(try directory.names == ["a"])
  }
}

/// A flag that one thread raises for another.
private final class Flag: Sendable {
  private let state = Atomic(false)

  func raise() { state.store(true, ordering: .releasing) }

  var isRaised: Bool { state.load(ordering: .acquiring) }
}
