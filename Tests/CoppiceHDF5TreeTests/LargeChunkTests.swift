import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

@testable import CoppiceHDF5Tree

/// Chunks that are too large to be held: read piece by piece where they are not coded, else refused.
@Suite(.enabled(if: hasPython)) struct LargeChunkTests {
  let directory: TemporaryDirectory
  let path: FilePath

  init() throws {
    directory = try TemporaryDirectory()
    path = directory("x.h5")
  }

  private func make(_ script: String) throws {
    let result = ShellCommand.run(
      python, "-c", "import h5py, numpy as np\nf = h5py.File('\(path.string)', 'w')\n" + script)
    try #require(result.status == 0, "\(result.output)")
  }

  private func array(_ name: String) throws -> ArrayLeaf {
    let node = try tree(path)[TreePath([.key(.string(name))])]
    guard case .leaf(let leaf)? = node else { throw CoppiceError(.modelByteCount, "no array") }
    return leaf
  }

  /// The element at (i, j) is 3 i + j, so that each place has to be the right one.
  @Test(arguments: ["<u4", ">u4"]) func uncodedChunksAreReadPieceByPiece(_ type: String) throws {
    try make(
      """
      a = (3 * np.arange(900, dtype='\(type)')[:, None] + np.arange(1500, dtype='\(type)')).astype('\(type)')
      f.create_dataset('one', data=a, chunks=a.shape)
      f.create_dataset('six', data=a, chunks=(400, 1000))
      """)
    for name in ["one", "six"] {
      let source = try array(name).source
      #expect(source.shape.dimensions == [900, 1500])
      var place = 0
      func check(_ piece: RawSpan, rows: Range<Int>, columns: Range<Int>) {
        for index in 0..<(piece.byteCount / 4) {
          let (row, column) = ((place + index) / columns.count, (place + index) % columns.count)
          let value = piece.unsafeLoadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
          guard value == 3 * (rows.lowerBound + row) + columns.lowerBound + column else {
            Issue.record("\(name): \(value) at row \(row), column \(column)")
            return
          }
        }
        place += piece.byteCount / 4
      }
      try source.forEachPiece(ofAtMost: 70_000) { piece in
        check(piece, rows: 0..<900, columns: 0..<1500)
      }
      #expect(place == 900 * 1500)
      for (rows, columns) in [(0..<900, 7..<9), (390..<410, 990..<1010), (899..<900, 0..<1500)] {
        let box = try #require(
          Shape([rows.count, columns.count]).flatMap {
            ArrayBox(offset: [rows.lowerBound, columns.lowerBound], shape: $0)
          })
        var bytes = [UInt8](repeating: 0xAA, count: 4 * box.shape.elementCount)
        var span = bytes.mutableSpan
        var target = span.mutableBytes
        try source.read(box, into: &target)
        place = 0
        check(bytes.span.bytes, rows: rows, columns: columns)
      }
    }
  }

  @Test func codedChunksThatAreTooLargeAreRefusedByName() throws {
    try make("f.create_dataset('a', (1 << 28,), 'u1', chunks=(1 << 28,), compression='gzip')")
    let error = #expect(throws: CoppiceError.self) { try array("a").source }
    #expect(error?.code.rawValue == "hdf5.limit")
    #expect(error?.location.treePath == "a")
    #expect(error?.message.contains("67108864 bytes") == true)
    #expect(error?.message.contains("h5repack") == true)
  }

  /// Following the message's advice helps.
  @Test(.enabled(if: ShellCommand.has("h5repack"))) func theRemedyHelps() throws {
    try make(
      """
      d = f.create_dataset('a', (1 << 28,), 'u1', chunks=(1 << 28,), compression='gzip', fillvalue=0)
      """)
    let repacked = directory("y.h5").string
    let result = ShellCommand.run("h5repack", "-l", "CHUNK=1048576", path.string, repacked)
    try #require(result.status == 0, "\(result.output)")
    #expect(try tree(FilePath(repacked)).leafCount == 1)
  }
}
