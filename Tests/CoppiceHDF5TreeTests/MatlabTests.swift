import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

@testable import CoppiceHDF5Tree

/// Files of MATLAB and netCDF: what `make corpus` doesn't ask of the cases in `fixtures`.
struct MatlabTests {
  private static func input(_ name: String) -> FilePath {
    Specification.package.appending("fixtures/foreign").appending(name)
  }

  /// Any box of a transposed array is that of the whole, from contiguous and from coded chunks.
  @Test(arguments: ["cube", "large", "float64", "complex64", "row", "none"])
  func boxesOfTransposedArrays(_ name: String) throws {
    guard case .dict(let entries) = try tree(Self.input("matlab/arrays/input/m.mat")),
      case .leaf(let leaf)? = entries.first(where: { $0.key == .string(name) })?.node
    else { throw CoppiceError(.modelByteCount, "no array") }
    let source = try leaf.source
    let whole = try source.load()
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<20 {
      var (offset, extents): ([Int], [Int]) = ([], [])
      for extent in source.shape.dimensions {
        offset.append(extent == 0 ? 0 : Int.random(in: 0..<extent, using: &generator))
        extents.append(Int.random(in: 0...(extent - offset[offset.count - 1]), using: &generator))
      }
      let box = try #require(Shape(extents).flatMap { ArrayBox(offset: offset, shape: $0) })
      #expect(try source.source(of: box).load() == whole.source(of: box).load(), "\(box)")
    }
    var bytes: [UInt8] = []
    try source.forEachPiece(ofAtMost: 100) { piece in
      bytes += unsafe piece.withUnsafeBytes { unsafe Array($0) }
    }
    #expect(try NDArray(dtype: source.dtype, shape: source.shape, bytes: bytes) == whole)
  }

  /// One more reference than the file can have a use for is refused within bounds.
  @Test func cellsThatDoubleAreRefusedSoon() throws {
    let elapsed = ContinuousClock().measure {
      let error = #expect(throws: CoppiceError.self) {
        try tree(Self.input("matlab/refused-bomb/input/m.mat"))
      }
      #expect(error?.code.rawValue == "hdf5.limit")
    }
    #expect(elapsed < .seconds(20))
  }

  /// Sequences are lists of arrays on request, and otherwise an unsupported leaf whose message says how.
  @Test func sequencesOnRequest() throws {
    let path = Self.input("netcdf/refused-types/input/m.nc")
    guard case .dict(let plain) = try tree(path),
      case .dict(let read) = try open(path, choices: .sequences).tree
    else { throw CoppiceError(.modelByteCount, "no tree") }
    guard case .leaf(let leaf)? = plain.first(where: { $0.key == .string("ragged") })?.node else {
      throw CoppiceError(.modelByteCount, "no leaf")
    }
    let error = #expect(throws: CoppiceError.self) { try leaf.source }
    #expect(error?.message.contains("`readsSequences`") == true)
    guard case .list(let arrays)? = read.first(where: { $0.key == .string("ragged") })?.node else {
      throw CoppiceError(.modelByteCount, "no list")
    }
    let loaded = try arrays.map { node -> [UInt8] in
      guard case .leaf(let leaf) = node else { return [] }
      return try leaf.source.load().withBytes { unsafe $0.withUnsafeBytes { unsafe Array($0) } }
    }
    #expect(loaded == [[1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0], [4, 0, 0, 0]])
  }
}
