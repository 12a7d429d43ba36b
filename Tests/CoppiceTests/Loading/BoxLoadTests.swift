import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import SystemPackage
import Testing

/// Boxes and the parts of devices, of arrays in every layout, reading only what they need.
struct BoxLoadTests {
  private func load(_ saved: Tree<ArrayLeaf>, _ leaf: AbstractArray) throws -> NDArray {
    var options = TreeLoadOptions()
    options.unexpected = .ignore
    let loaded = try TreeLoader.load(saved, as: .leaf(.array(leaf)), options: options)
    guard case .leaf(let array) = loaded else { throw CoppiceError(.structureMismatch, "no leaf") }
    return array
  }

  @Test func aSliceIsTheSlice() throws {
    // x[1:3, 2:4] of numpy.arange(20).reshape(4, 5).
    let tree: Tree<NDArray> = .leaf(try counting(4, 5))
    let part = try load(tree.saved, AbstractArray(region: .box(box([1, 2], [2, 2]))))
    #expect(part.shape == shape(2, 2))
    #expect(part.floats == [7, 8, 12, 13])
    // The empty slice, the whole, and the slice of a scalar.
    #expect(try load(tree.saved, AbstractArray(region: .box(box([4, 0], [0, 5])))).floats == [])
    #expect(
      try load(tree.saved, AbstractArray(region: .box(box([0, 0], [4, 5])))).floats
        == (0..<20).map(Float.init))
    let scalar: Tree<NDArray> = .leaf(try floats([3], []))
    #expect(try load(scalar.saved, AbstractArray(region: .box(box([], [])))).floats == [3])
  }

  @Test func onlyTheBoxIsRead() throws {
    let counted = CountedSource(try counting(100, 100))
    _ = try load(
      .leaf(ArrayLeaf(counted)),
      AbstractArray(dtype: .float64, region: .box(box([10, 20], [5, 7]))))
    #expect(counted.count == 5 * 7 * 4)
  }

  /// A mesh (x: 2, y: 4) with the partition P("x", "y"), as in Flax's guide on several hosts.
  @Test func eachDeviceHasItsPart() throws {
    let sharding = Sharding(
      axisNames: ["x", "y"], axisSizes: [2, 4], partition: [["x"], ["y"]],
      devices: [0, 1, 2, 3, 4, 5, 6, 7])
    let tree: Tree<NDArray> = .leaf(try counting(4, 8))
    let sixth = try load(tree.saved, AbstractArray(region: .device(6, of: sharding)))
    // Row of devices 1, column 2: x[2:4, 4:6].
    #expect(sixth.floats == [20, 21, 28, 29])
    // All devices together hold the array.
    var all: [Float] = []
    for device in 0..<8 {
      all += try load(tree.saved, AbstractArray(region: .device(device, of: sharding))).floats
    }
    #expect(all.sorted() == (0..<32).map(Float.init))
    let unknown = try TreeLoader.compare(
      tree.saved, with: .leaf(.array(AbstractArray(region: .device(8, of: sharding)))))
    #expect(unknown.mismatched.map(\.reason) == [.box])
  }

  @Test func theRecordedShardingGivesEachDevicesRequest() throws {
    let sharding = Sharding(axisNames: ["x"], axisSizes: [2], partition: [[], ["x"]])
    let metadata: Tree<ArrayMetadata> = .dict([
      .init("w", .leaf(ArrayMetadata(dtype: .float32, shape: shape(2, 4), sharding: sharding))),
      .init("b", .leaf(ArrayMetadata(dtype: .float32, shape: shape(2)))),
    ])
    let tree: Tree<NDArray> = .dict([
      .init("w", .leaf(try counting(2, 4))), .init("b", .leaf(try counting(2))),
    ])
    let loaded = try TreeLoader.load(tree.saved, as: metadata.abstract(onDevice: 1))
    #expect(loaded.floats("w") == [2, 3, 6, 7])
    #expect(loaded.floats("b") == [0, 1])
  }

  @Test(arguments: RoundTripTests.Layout.allCases)
  func boxesOfStoredArraysAreThoseOfArraysInMemory(_ layout: RoundTripTests.Layout) throws {
    var generator = TreeGenerator(seed: 21)
    var random = SeededGenerator(seed: 22)
    let array = try generator.array(.int16, [23, 17, 9])
    for verifies in [true, false] {
      let copy = try ExampleCopy(of: .leaf(array), options: layout.options)
      var reading = ReadOptions()
      reading.verifiesDigests = verifies
      let contents = try CheckpointReader.open(try copy.handle, options: reading)
      guard case .named(let items) = contents.root, case .tree(let saved)? = try items.first?.value
      else {
        Issue.record("no tree")
        return
      }
      for _ in 0..<40 {
        let offset = [23, 17, 9].map { Int.random(in: 0..<$0, using: &random) }
        let extents = zip(offset, [23, 17, 9]).map { Int.random(in: 1...($1 - $0), using: &random) }
        let wanted = box(offset, extents)
        let found = try load(saved, AbstractArray(region: .box(wanted)))
        let expected = try BoxSource(array, box: wanted).load()
        #expect(found.bytes == expected.bytes, "\(wanted)")
      }
    }
  }

  /// Damage outside the box isn't found, since those bytes aren't read.
  @Test func blocksOutsideOfTheBoxAreNotRead() throws {
    var options = WriteOptions()
    options.durability = .buffered
    options.tree.zstdLevel = 1
    options.tree.chunkBytes = 4096
    // Chunks of one row each, which compress.
    let rows = try floats((0..<10_240).map { Float($0 / 1024) }, [10, 1024])
    let copy = try ExampleCopy(of: .dict([.init("x", .leaf(rows))]), options: options)
    let file = "state/arrays.h5"
    var bytes = try copy.bytes(file)
    // The last row's chunk is the last of the zstd frames.
    let frames = bytes.indices.filter { bytes[$0...].starts(with: [0x28, 0xB5, 0x2F, 0xFD]) }
    try #require(frames.count == 10)
    bytes[frames[9] + 8] ^= 0xFF
    try copy.write(bytes, to: file)
    let contents = try CheckpointReader.open(try copy.handle)
    guard case .named(let items) = contents.root, case .tree(let saved)? = try items.first?.value,
      case .leaf(let leaf)? = saved[TreePath([.key("x")])]
    else { return }
    let part = try load(.leaf(leaf), AbstractArray(region: .box(box([2, 5], [7, 3]))))
    #expect(part.floats == (2..<9).flatMap { row in [Float](repeating: Float(row), count: 3) })
    let damaged = failure {
      _ = try load(.leaf(leaf), AbstractArray(region: .box(box([8, 0], [2, 1]))))
    }
    #expect(damaged?.code.rawValue == "arrays.digest-mismatch")
    let whole = failure { _ = try TreeLoader.load(saved) }
    #expect(whole?.code.rawValue == "arrays.digest-mismatch")
    #expect(whole?.location.treePath == "x")
  }

  @Test func largeArraysInPartsAreReadByAllThreads() throws {
    var generator = TreeGenerator(seed: 31)
    let array = try generator.array(.float32, [700, 4000])
    for layout in [RoundTripTests.Layout.compressed, .shardedCompressedMultiFile, .sharded] {
      var options = layout.options
      options.tree.chunkBytes = 1 << 18
      let copy = try ExampleCopy(of: .dict([.init("x", .leaf(array))]), options: options)
      let contents = try CheckpointReader.open(try copy.handle)
      guard case .named(let items) = contents.root, case .tree(let saved)? = try items.first?.value
      else { continue }
      let monitor = OperationMonitor()
      let loaded = try TreeLoader.load(saved, monitor: monitor)
      #expect(loaded.difference(from: .dict([.init("x", .leaf(array))])) == nil)
      #expect(monitor.byteCount == 700 * 4000 * 4)
    }
  }
}
