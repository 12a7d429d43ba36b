import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

@testable import CoppicePyTorch

/// Tensors of one storage have one storage in what is written.
struct TiedTensorTests {
  /// An array of floats in a file, by the offset and number of its elements.
  private func floats(
    _ file: InputFile, _ first: Int, _ shape: [Int]
  ) throws -> any ArraySource {
    let shape = try #require(Shape(shape))
    let bytes = try #require(ByteSlice(of: file, at: 4 * first, count: 4 * shape.elementCount))
    return try #require(ContiguousArraySource(dtype: .float32, shape: shape, bytes: bytes))
  }

  /// The storage and offset of each array.
  private func places(_ sources: [any ArraySource]) -> [String] {
    TensorPlaces(of: sources).places.map { "\($0.storage)+\($0.offset)" }
  }

  private func file(_ directory: borrowing TemporaryDirectory) throws -> InputFile {
    let path = directory("bytes")
    try OutputFile.create(path, holding: Array(repeating: 1, count: 400), durability: .buffered)
    return try InputFile(opening: path)
  }

  @Test func sharedBytesAreOneStorage() throws {
    let directory = try TemporaryDirectory()
    let file = try file(directory)
    let whole = try floats(file, 10, [4, 5])
    #expect(
      places([try floats(file, 15, [5]), whole, try floats(file, 10, [20]), whole])
        == ["0+5", "0+0", "0+0", "0+0"])
    // Next to each other, partly over each other, empty.
    #expect(
      places([
        whole, try floats(file, 30, [2]), try floats(file, 29, [2]), try floats(file, 10, [0]),
      ])
        == ["0+0", "1+0", "2+0", "3+0"])
  }

  @Test func whatDiffersIsNotTied() throws {
    let directory = try TemporaryDirectory()
    let file = try file(directory)
    let whole = try floats(file, 0, [8])
    let other = try InputFile(opening: directory("bytes"))
    let bits = try #require(ReinterpretedSource(whole, dtype: .int32, shape: whole.shape))
    let memory = try whole.load()
    #expect(
      places([whole, try floats(other, 0, [8]), bits, memory, memory])
        == ["0+0", "1+0", "2+0", "3+0", "4+0"])
    // Off by half an element.
    let slice = try #require(ByteSlice(of: file, at: 2, count: 4))
    let one = try #require(Shape([1]))
    let odd = try #require(ContiguousArraySource(dtype: .float32, shape: one, bytes: slice))
    #expect(places([whole, odd]) == ["0+0", "1+0"])
  }

  /// A transposed array has all elements of its bytes, and every second element has none of those between.
  @Test func viewsAreThoseOfWhatHasTheirElements() throws {
    let directory = try TemporaryDirectory()
    let file = try file(directory)
    func view(_ first: Int, _ shape: [Int], _ strides: [Int]) throws -> any ArraySource {
      let shape = try #require(Shape(shape))
      return try #require(
        StridedArraySource(dtype: .float32, shape: shape, offset: first, strides: strides, in: file)
      )
    }
    func views(_ sources: any ArraySource...) -> [Int: Int] { ArrayTies(of: sources).views }
    let transposed = try view(10, [5, 4], [1, 5])
    let row = try floats(file, 15, [5])
    #expect(views(row, transposed) == [0: 1])
    #expect(views(transposed, try floats(file, 10, [4, 5]), row) == [0: 1])
    #expect(views(transposed, try floats(file, 30, [5])).isEmpty)
    // A second row is tied to the first, and an empty array to none.
    #expect(views(transposed, row, row, try floats(file, 12, [0])) == [1: 0])
    // As many bytes from first to last as it has elements, but not all of them.
    let sparse = try view(0, [3, 2], [0, 5])
    #expect(views(sparse, try floats(file, 2, [2])).isEmpty)
    let (real, imaginary) = (try view(0, [4], [2]), try view(1, [4], [2]))
    #expect(views(real, imaginary).isEmpty)
    #expect(views(real, imaginary, try floats(file, 0, [8])) == [0: 2, 1: 2])
    #expect(views(real, real, imaginary) == [1: 0])
    // Elements of windows and of rows that are repeated are those of parts.
    #expect(views(try view(0, [6, 5], [1, 1]), try floats(file, 3, [2])) == [1: 0])
    #expect(views(try floats(file, 3, [2]), try view(2, [4, 3], [0, 1])) == [0: 1])
    // Parts that reach beyond each other, and a diagonal that ends in a row.
    #expect(views(try floats(file, 4, [6]), try floats(file, 0, [6])) == [0: 1])
    #expect(views(try floats(file, 0, [6]), try floats(file, 6, [6])).isEmpty)
    #expect(views(try view(0, [4], [5]), try floats(file, 12, [4])) == [0: 1])
    #expect(views(try view(0, [4], [5]), try floats(file, 16, [4])).isEmpty)
    #expect(views(try floats(file, 0, [4]), try view(3, [3], [7])) == [1: 0])
    // A corner of a square, and the diagonal that ends there too.
    #expect(views(try view(0, [5], [6]), try view(17, [2, 3], [5, 1])) == [1: 0])
    // The same bytes as elements of another type, cast, and in another byte order.
    let whole = try floats(file, 0, [8])
    let bits = try #require(ReinterpretedSource(whole, dtype: .int32, shape: whole.shape))
    let half = try CastingSource(whole, to: .bfloat16)
    let swapped = ByteSwappedSource(whole)
    #expect(views(whole, bits, half, swapped, swapped) == [1: 0, 2: 0, 3: 0])
    #expect(views(ByteSwappedSource(transposed), row) == [1: 0])
  }

  @Test func changesOfElementsKeepTies() throws {
    let directory = try TemporaryDirectory()
    let file = try file(directory)
    func half(_ source: any ArraySource) throws -> any ArraySource {
      try CastingSource(source, to: .bfloat16)
    }
    let whole = try floats(file, 0, [8])
    #expect(
      places([
        try half(whole), whole, try half(whole), try half(try floats(file, 0, [2, 4])),
        try half(try floats(file, 4, [4])), try CastingSource(whole, to: .bfloat16, mode: .lossy),
      ]) == ["0+0", "1+0", "0+0", "0+0", "0+4", "2+0"])
    let swapped = ByteSwappedSource(whole)
    #expect(places([swapped, whole, swapped]) == ["0+0", "1+0", "0+0"])
    let square = try #require(Shape([8, 4]))
    let flags = try #require(ReinterpretedSource(whole, dtype: .bool, shape: square))
    #expect(places([CheckedSource(flags), CheckedSource(flags)]) == ["0+0", "0+0"])
  }

  @Test func aFileOfTorchKeepsItsTies() throws {
    let directory = try TemporaryDirectory()
    let source = Specification.package.appending("fixtures/foreign/pytorch/views/input/m.pth")
    let contents = try PyTorchFormat.open(try InputFile(opening: source))
    guard case .unnamed(.tree(let tree)) = contents.root else {
      Issue.record("no tree")
      return
    }
    let plan = try PyTorchPlan(writing: tree, of: contents)
    // The row is a part of the base; what isn't contiguous has a storage of its own.
    let bytes = plan.leaves.filter { $0.treePath.description != "row" }
    #expect(plan.dataByteCount == bytes.reduce(0) { $0 + $1.source.byteCount })
    try plan.write(to: directory("m.pt"), durability: .buffered)
    let again = try PyTorchFormat.open(try InputFile(opening: directory("m.pt")))
    guard case .unnamed(.tree(let read)) = again.root else {
      Issue.record("no tree")
      return
    }
    #expect(try PyTorchPlan(writing: read, of: again).dataByteCount == plan.dataByteCount)
    for ((path, before), (_, after)) in zip(tree.leaves, read.leaves) {
      #expect(try before.source.load() == after.source.load(), "\(path)")
    }
  }
}
