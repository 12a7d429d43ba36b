import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import Foundation
import SystemPackage
import Testing

/// Conversions store arrays in the boxes, files and chunks that were asked for.
struct DivisionTests {
  private func tree(_ leaves: [(TreeKey, NDArray)]) -> CheckpointContents {
    CheckpointContents(.dict(leaves.map { .init($0.0, .leaf($0.1)) }))
  }

  private func array(_ dtype: DType, _ extents: [Int]) throws -> NDArray {
    var generator = TreeGenerator(seed: 17)
    return try generator.array(dtype, extents)
  }

  private func rule(
    _ pattern: String, _ numbers: Int...
  ) throws(CoppiceError) -> (PathGlob, [Int]) { (try PathGlob(pattern), numbers) }

  private func json(_ path: FilePath) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path.string))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func leaves(_ path: FilePath) throws -> [[String: Any]] {
    try #require(try json(path.appending("state/tree.json"))["leaves"] as? [[String: Any]])
  }

  @Test func leavesAreCutIntoGridsOverDataFiles() async throws {
    let directory = try TemporaryDirectory()
    let source = tree([("w", try array(.float32, [7, 5])), ("v", try array(.int16, [10]))])
    try convert(.checkpoint(source), to: directory("a")) { (options) throws(CoppiceError) in
      // The first match counts, and a dimension without a number isn't divided.
      options.shards = [try rule("w", 4, 2), try rule("*", 3)]
      options.dataFiles = 3
    }
    let records = try leaves(directory("a"))
    let grids = records.compactMap { ($0["shards"] as? [String: Any])?["grid"] as? [Int] }
    #expect(grids == [[2, 3], [4]])
    let files = try FileManager.default.contentsOfDirectory(atPath: directory("a/state").string)
    #expect(
      files.filter { $0.hasSuffix(".h5") }.sorted() == [
        "arrays.1.h5", "arrays.2.h5", "arrays.3.h5", "arrays.h5",
      ])
    #expect(try await Checkpoint.validate(at: directory("a")).isValid)
    let found = try #require(try opened(directory("a")).tree())
    #expect(found.difference(from: try #require(try source.tree())) == nil)
  }

  @Test func moreBoxesThanElementsAreOneEach() throws {
    let directory = try TemporaryDirectory()
    let source = tree([("v", try array(.int8, [3])), ("w", try array(.int8, [3, 2]))])
    try convert(.checkpoint(source), to: directory("a")) { (options) throws(CoppiceError) in
      options.shards = [try rule("v", 8), try rule("w", 1, 1)]
    }
    let shards = try leaves(directory("a")).map {
      ($0["shards"] as? [String: Any])?["grid"] as? [Int]
    }
    #expect(shards == [[1], nil])
  }

  @Test(arguments: [true, false]) func chunksAreThoseAskedFor(isCompressed: Bool) throws {
    let directory = try TemporaryDirectory()
    let shape: Shape = [3, 4]
    let source = tree([
      ("b", try NDArray(dtype: .uint8, shape: shape, bytes: Array(0..<12))),
      ("w", try array(.float32, [9, 6, 5])),
    ])
    for format in ["orbax", "orbax-v0"] {
      let target = directory(format)
      try convert(.checkpoint(source), to: target) { (options) throws(CoppiceError) in
        options.format = try OutputFormat(named: format)
        options.layout = "directories"
        options.compression = isCompressed ? .zstd(level: nil) : .uncompressed
        // The second extent of `w` is limited by the array, and the third isn't given.
        options.chunks = [try rule("b", 2, 3), try rule("*", 4, 100)]
      }
      if format == "orbax" {
        let grid = try json(target.appending("state/b/zarr.json"))["chunk_grid"] as? [String: Any]
        let configuration = try #require(grid?["configuration"] as? [String: Any])
        #expect(configuration["chunk_shape"] as? [Int] == [2, 3])
      } else {
        #expect(try json(target.appending("b/.zarray"))["chunks"] as? [Int] == [2, 3])
        #expect(try json(target.appending("w/.zarray"))["chunks"] as? [Int] == [4, 6, 5])
      }
      let found = try #require(try opened(target).tree())
      #expect(found.difference(from: try #require(try source.tree())) == nil)
    }
    guard !isCompressed else { return }
    // In zarr 2 without a compressor a chunk is its elements in C order, with zeros beyond the array.
    let expected: [String: [UInt8]] = [
      "0.0": [0, 1, 2, 4, 5, 6], "0.1": [3, 0, 0, 7, 0, 0], "1.0": [8, 9, 10, 0, 0, 0],
      "1.1": [11, 0, 0, 0, 0, 0],
    ]
    for (name, bytes) in expected {
      let file = directory("orbax-v0/b").appending(name)
      #expect(try Array(Data(contentsOf: URL(fileURLWithPath: file.string))) == bytes, "\(name)")
    }
  }

  @Test(
    arguments: [
      ([0, 4, 4], [1, 3, 3]), ([4, 0, 4], [3]), ([3, 0, 1 << 20, 1 << 30], nil),
      ([0, 1 << 52], nil),
    ] as [([Int], [Int]?)])
  func emptyArraysHaveChunksOfAnyShape(_ extents: [Int], _ chunk: [Int]?) throws {
    let directory = try TemporaryDirectory()
    let shape = try #require(Shape(extents))
    let source = tree([("w", try NDArray(dtype: .float64, shape: shape, bytes: []))])
    for format in ["orbax", "orbax-v0"] {
      try convert(.checkpoint(source), to: directory(format)) { (options) throws(CoppiceError) in
        options.format = try OutputFormat(named: format)
        if let chunk { options.chunks = [(try PathGlob("w"), chunk)] }
      }
      let found = try #require(try opened(directory(format)).tree())
      #expect(found.difference(from: try #require(try source.tree())) == nil)
    }
  }

  /// An array that is read in several slabs of several chunks each.
  @Test func largeArraysAreCutSlabBySlab() throws {
    let directory = try TemporaryDirectory()
    let shape: Shape = [5, 2900, 2900]
    let pattern = (0..<65521).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    var bytes: [UInt8] = []
    while bytes.count < shape.elementCount { bytes += pattern }
    bytes.removeLast(bytes.count - shape.elementCount)
    let source = tree([("w", try NDArray(dtype: .uint8, shape: shape, bytes: bytes))])
    try convert(.checkpoint(source), to: directory("a")) { (options) throws(CoppiceError) in
      options.format = try OutputFormat(named: "orbax")
      options.compression = .uncompressed
      options.chunks = [try rule("w", 2, 1000, 1000)]
    }
    let found = try #require(try opened(directory("a")).tree())
    #expect(found.difference(from: try #require(try source.tree())) == nil)
  }

  @Test func compressedLeavesOfItsOwnFormatHaveChunks() async throws {
    let directory = try TemporaryDirectory()
    let source = tree([("w", try array(.float32, [9, 8])), ("v", try array(.int16, [10]))])
    try convert(.checkpoint(source), to: directory("a")) { (options) throws(CoppiceError) in
      options.compression = .zstd(level: nil)
      options.shards = [try rule("w", 3)]
      options.chunks = [try rule("w", 5, 3)]
    }
    let chunks = try leaves(directory("a")).map {
      ($0["chunks"] as? [String: Any])?["shape"] as? [Int]
    }
    // A box of `w` has the shape [3, 8].
    #expect(chunks == [[3, 3], nil])
    #expect(try await Checkpoint.validate(at: directory("a")).isValid)
    let found = try #require(try opened(directory("a")).tree())
    #expect(found.difference(from: try #require(try source.tree())) == nil)
  }

  @Test func plansSayBoxesChunksAndFiles() throws {
    let source = tree([("w", try array(.float32, [8, 6])), ("v", try array(.int16, [10]))])
    var options = ConversionOptions()
    options.compression = .zstd(level: nil)
    options.shards = [try rule("w", 4, 2)]
    options.chunks = [try rule("w", 100, 2)]
    options.dataFiles = 2
    let output = try #require(
      try Conversion.plan(.checkpoint(source), options: options).outputs.first)
    #expect(output.leaves.map(\.shards) == [[4, 2], nil])
    #expect(output.leaves.map(\.chunk) == [[2, 2], nil])
    #expect(
      output.files.map(\.path).filter { $0.contains("arrays") } == [
        "state/arrays.h5", "state/arrays.1.h5", "state/arrays.1.json", "state/arrays.2.h5",
        "state/arrays.2.json",
      ])
  }

  @Test func numbersThatDontFitAreRefused() throws {
    let source = tree([("w", try array(.float32, [4, 4])), ("v", try array(.int16, [10]))])
    func refusal(_ change: (inout ConversionOptions) throws(CoppiceError) -> Void) -> CoppiceError?
    {
      failure {
        var options = ConversionOptions()
        try change(&options)
        _ = try Conversion.plan(.checkpoint(source), options: options)
      }
    }
    let tooMany = refusal { (options) throws(CoppiceError) in
      options.shards = [try rule("*", 2, 2)]
    }
    #expect(tooMany?.code == .usageChoice)
    #expect(tooMany?.location.treePath == "v")
    let unmatched = refusal { (options) throws(CoppiceError) in
      options.format = try OutputFormat(named: "orbax")
      options.chunks = [try rule("*", 2), try rule("params/**", 2)]
    }
    #expect(unmatched?.code == .usageTreePath)
    #expect(unmatched?.message.contains("params/**") == true)
    #expect(
      refusal { (options) throws(CoppiceError) in
        options.shards = [try rule("w", 0)]
      }?.code == .usageChoice)
    #expect(refusal { $0.dataFiles = 0 }?.code == .usageChoice)
    // Uncompressed leaves have no chunks.
    #expect(
      refusal { (options) throws(CoppiceError) in
        options.chunks = [try rule("w", 2)]
      }?.code == .usageChoice)
  }

  @Test(arguments: OutputFormat.all.map(\.name)) func formatsRefuseWhatTheyCantCarry(
    _ name: String
  ) throws {
    let format = try OutputFormat(named: name)
    let source = tree([("w", try array(.float32, [4, 4]))])
    func code(_ change: (inout ConversionOptions) throws(CoppiceError) -> Void) -> CoppiceError
      .Code?
    {
      failure {
        var options = ConversionOptions(to: format)
        options.compression =
          format.abilities.compressions.contains(.zstd) ? .zstd(level: nil) : nil
        try change(&options)
        _ = try Conversion.plan(.checkpoint(source), options: options)
      }?.code
    }
    let shards = code { (options) throws(CoppiceError) in options.shards = [try rule("w", 2)] }
    let chunks = code { (options) throws(CoppiceError) in options.chunks = [try rule("w", 2)] }
    let files = code { $0.dataFiles = 2 }
    #expect(shards == (name == "coppice" ? nil : .usageChoice))
    #expect(files == (name == "coppice" ? nil : .usageChoice))
    #expect(chunks == (name == "coppice" || name.hasPrefix("orbax") ? nil : .usageChoice))
  }
}
