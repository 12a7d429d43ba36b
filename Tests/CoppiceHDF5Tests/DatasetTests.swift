import CoppiceHDF5
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct DatasetTests {
  let scratch = Scratch()

  @Test func readsBackWhatItWrites() throws {
    let path = scratch.file("a.h5")
    let values: [Float] = [1.5, -2, 3.25, 0, .infinity, -0.0]
    do {
      let file = try File(creatingAt: path)
      do {
        let dataset = try file.root().createDataset(
          "params/layer/w", type: .float32(), dimensions: [2, 3])
        try dataset.write([UInt8](of: values))
        try dataset.close()
      }
      try file.close()
    }
    let file = try File(readingFrom: path)
    let dataset = try file.root().openDataset("params/layer/w")
    #expect(try dataset.extent() == .simple(dimensions: [2, 3], maximums: [2, 3]))
    #expect(try dataset.bytes(count: 24) == [UInt8](of: values))
    let column = Box(offset: [0, 1], shape: [2, 1])
    #expect(try dataset.bytes(count: 8, in: column) == [UInt8](of: [Float(-2), .infinity]))
    #expect(try dataset.layout() == .contiguous)
    #expect(try file.byteCount() == UInt64(contents(of: path).count))
  }

  @Test func writesBoxes() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let dataset = try file.root().createDataset(
      "x", type: .integer(byteCount: 1, isSigned: false), dimensions: [2, 3])
    try dataset.write(.init(repeating: 9, count: 6))
    try dataset.write([1, 2], in: Box(offset: [0, 2], shape: [2, 1]))
    try dataset.write([], in: Box(offset: [0, 0], shape: [0, 3]))
    #expect(try dataset.bytes(count: 6) == [9, 9, 1, 9, 9, 2])
  }

  @Test func refusesWrongSizesAndBoxes() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let dataset = try file.root().createDataset(
      "x", type: .integer(byteCount: 2, isSigned: false), dimensions: [2, 3])
    #expect(throws: HDF5Error.self) { try dataset.write(.init(repeating: 0, count: 11)) }
    #expect(throws: HDF5Error.self) { try dataset.write(.init(repeating: 0, count: 13)) }
    for box in [
      Box(offset: [0, 0], shape: [3, 1]), Box(offset: [1, 3], shape: [1, 1]),
      Box(offset: [0], shape: [1]), Box(offset: [.max, 0], shape: [1, 1]),
      Box(offset: [0, 0], shape: [1, .max]),
    ] {
      #expect(throws: HDF5Error.self) { try dataset.bytes(count: 6, in: box) }
      #expect(throws: HDF5Error.self) { try dataset.bytes(count: 2, in: box) }
    }
  }

  /// Bulk writers rely on this: bytes written past the library are the dataset's elements.
  @Test func bytesMayBeWrittenPastTheLibrary() throws {
    let path = scratch.file("a.h5")
    let values = (0..<5000).map { Float($0) }
    var ranges: [FileRange] = []
    do {
      let file = try File(creatingAt: path)
      do {
        let root = try file.root()
        for name in ["a", "b", "empty"] {
          let count: UInt64 = name == "empty" ? 0 : 5000
          let dataset = try root.createDataset(name, type: .float32(), dimensions: [count])
          if let range = try dataset.contiguousExtent() { ranges.append(range) }
        }
      }
      try file.close()
    }
    #expect(ranges.map(\.byteCount) == [20000, 20000])
    #expect(ranges.allSatisfy { $0.offset % 4096 == 0 })
    let descriptor = open(path, O_WRONLY)
    for range in ranges { #expect(pwrite(descriptor, values, 20000, off_t(range.offset)) == 20000) }
    close(descriptor)
    let root = try File(readingFrom: path).root()
    #expect(try root.openDataset("b").bytes(count: 20000) == [UInt8](of: values))
  }

  @Test func alignmentIsASetting() throws {
    let path = scratch.file("a.h5")
    let file = try File(
      creatingAt: path, layout: .init(alignmentThreshold: 65536, alignment: 1 << 16))
    let root = try file.root()
    let type = try Datatype.integer(byteCount: 1, isSigned: false)
    _ = try root.createDataset("odd", type: type, dimensions: [7])
    let large = try root.createDataset("large", type: type, dimensions: [65536])
    #expect(try large.contiguousExtent()?.offset == 65536)
  }

  @Test func scalarsAndEmptyArraysHaveTheirShapes() throws {
    let path = scratch.file("a.h5")
    let file = try File(creatingAt: path)
    let root = try file.root()
    let scalar = try root.createDataset("s", type: .float64(), dimensions: [])
    try scalar.write([UInt8](of: [2.5]))
    #expect(try scalar.extent() == .scalar)
    #expect(try scalar.bytes(count: 8) == [UInt8](of: [2.5]))
    let empty = try root.createDataset("e", type: .float64(), dimensions: [3, 0])
    #expect(try empty.extent().dimensions == [3, 0])
    #expect(try empty.contiguousExtent() == nil)
    do {
      _ = try empty.allocatedExtent()
      Issue.record("nothing is allocated for a dataset without elements")
    } catch {
      #expect(error.description.contains("allocated no space"))
    }
    try empty.write([])
  }

  @Test func compactDatasetsLieInTheHeader() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let root = try file.root()
    let dataset = try root.createCompactDataset(
      "c", type: .integer(byteCount: 2, isSigned: true), dimensions: [2])
    try dataset.write([UInt8](of: [Int16(-1), 300]))
    #expect(try dataset.layout() == .compact)
    #expect(try dataset.bytes(count: 4) == [UInt8](of: [Int16(-1), 300]))
    #expect(try dataset.contiguousExtent() == nil)
  }

  @Test(.enabled(if: hasDump)) func otherToolsReadTheValues() throws {
    let path = scratch.file("a.h5")
    do {
      let file = try File(creatingAt: path)
      let root = try file.root()
      try root.createDataset("f16", type: .float16(), dimensions: [4])
        .write([UInt8](of: [UInt16(0x3C00), 0xC100, 0x7BFF, 0x0001]))
      try root.createDataset("bf16", type: .bfloat16(), dimensions: [4])
        .write([UInt8](of: [UInt16(0x3F80), 0xC020, 0x7F80, 0x0001]))
      try root.createDataset("bool", type: .bool(), dimensions: [2]).write([0, 1])
      try root.createDataset("c64", type: .complex(of: .float32()), dimensions: [1])
        .write([UInt8](of: [Float(1.5), -2]))
      try root.createDataset(
        "u64", type: .integer(byteCount: 8, isSigned: false), dimensions: [1]
      ).write([UInt8](of: [UInt64.max]))
    }
    #expect(dumpedValues(path, "/f16") == "1,-2.5,65504,5.96046448e-08")
    #expect(dumpedValues(path, "/bf16") == "1,-2.5,inf,9.18354962e-41")
    #expect(dumpedValues(path, "/bool") == "FALSE,TRUE")
    #expect(dumpedValues(path, "/c64") == "{1.5,-2}")
    #expect(dumpedValues(path, "/u64") == "18446744073709551615")
  }
}
