import Coppice
import CoppiceFiles
import CoppiceFormat
import CoppiceMaintenance
import CoppiceModel
import CoppiceTestSupport
import Testing

/// No save stores an element that its type doesn't have.
///
/// Spec: MOD-12.
struct BadElementTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Each way of storing bytes.
  enum Way: String, CaseIterable, Sendable {
    /// Pieces that several threads write.
    case large
    case packed, sharded, compressed, compressedShards
    /// Chunks that reach out of the array.
    case uneven

    var byteCount: Int { self == .large ? 40 << 20 : self == .packed ? 999 : 300_000 }

    var options: SaveOptions {
      .quick { options in
        let half = byteCount / 2
        switch self {
        case .large, .packed: break
        case .sharded: options.shards = Self.halves(half)
        case .compressed: options.compression = .zstd(level: 1)
        case .compressedShards:
          options.compression = .zstd(level: 1)
          options.shards = Self.halves(half)
        case .uneven: options.compression = .zstd(level: 1)
        }
      }
    }

    private static func halves(
      _ half: Int
    ) -> @Sendable (TreePath, ArrayMetadata) -> [ArrayBox]? {
      { _, metadata in
        guard metadata.dtype != .float32 else { return nil }
        return [0, half].compactMap { start in
          Shape([half]).flatMap { ArrayBox(offset: [start], shape: $0) }
        }
      }
    }
  }

  private func tree(_ dtype: DType, _ way: Way, bad: [Int: UInt8]) throws -> Tree<NDArray> {
    var bytes = [UInt8](repeating: 1, count: way.byteCount)
    for (place, byte) in bad { bytes[place] = byte }
    let shape = way == .uneven ? [3, 100_000] : [way.byteCount]
    let array = try NDArray(dtype: dtype, shape: #require(Shape(shape)), bytes: bytes)
    // Trees of many leaves are packed.
    let others = way == .packed ? 1100 : 1
    let float = try NDArray([Float(1)])
    return .dict([
      .init("others", .list((0..<others).map { _ in .leaf(float) })),
      .init("deep", .dict([.init("mask", .leaf(array))])),
    ])
  }

  @Test(arguments: Way.allCases)
  func aBadBoolIsNamed(_ way: Way) async throws {
    let place = way.byteCount - 7
    let bad = try tree(.bool, way, bad: [place: 2])
    let error = await fault {
      try await Checkpoint.save(bad, to: directory("a"), options: way.options)
    }
    #expect(error?.code.rawValue == "arrays.bad-element")
    #expect(error?.location.treePath == "deep/mask")
    #expect(
      error?.message.hasPrefix("element \(place) of the bool array is the byte 2,") == true,
      "\(error?.message ?? "")")
    #expect(try DirectoryHandle(opening: directory.path).entries() == [])
  }

  @Test(arguments: Way.allCases)
  func askedForByNameItIsTrue(_ way: Way) async throws {
    let bad = try tree(.bool, way, bad: [0: 0, 7: 2, way.byteCount - 1: 0x84])
    var options = way.options
    options.boolValues = .normalize
    try await Checkpoint.save(bad, to: directory("a"), options: options)
    let loaded = try await Checkpoint.load(from: directory("a"))
    #expect(loaded.difference(from: try tree(.bool, way, bad: [0: 0])) == nil)
    let handle = try DirectoryHandle(opening: directory("a"))
    #expect(try Validator.run(handle, level: .data).isEmpty)
  }

  @Test(arguments: [DType.int2, .uint2, .int4, .uint4, .float4_e2m1fn], Way.allCases)
  func narrowNumbersStayInRange(_ dtype: DType, _ way: Way) async throws {
    guard way != .large else { return }
    var options = way.options
    options.boolValues = .normalize
    let bad = try tree(dtype, way, bad: [5: 0x11])
    let error = await fault {
      try await Checkpoint.save(bad, to: directory("a"), options: options)
    }
    #expect(error?.code.rawValue == "arrays.bad-element")
    #expect(error?.message.hasPrefix("element 5 of the \(dtype) array is the byte 17,") == true)
    try await Checkpoint.save(
      try tree(dtype, way, bad: [5: 3]), to: directory("a"), options: options)
  }
}
