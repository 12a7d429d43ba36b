import CoppiceHDF5
import Testing

struct DatatypeTests {
  @Test(arguments: [1, 2, 4, 8], [true, false]) func integers(byteCount: Int, isSigned: Bool)
    throws
  {
    let type = try Datatype.integer(byteCount: byteCount, isSigned: isSigned)
    #expect(try type.byteCount() == byteCount)
    #expect(try type.description() == .integer(byteCount: byteCount, isSigned: isSigned))
  }

  @Test func refusesOtherIntegers() {
    #expect(throws: HDF5Error.self) { _ = try Datatype.integer(byteCount: 3, isSigned: true) }
    #expect(throws: HDF5Error.self) { _ = try Datatype.integer(byteCount: 0, isSigned: true) }
  }

  @Test func describesWhatItMakes() throws {
    #expect(try Datatype.float16().description() == .float16)
    #expect(try Datatype.bfloat16().description() == .bfloat16)
    #expect(try Datatype.float32().description() == .float32)
    #expect(try Datatype.float64().description() == .float64)
    #expect(try Datatype.bool().description() == .bool)
    #expect(try Datatype.complex(of: .float32()).description() == .complex64)
    #expect(try Datatype.complex(of: .float64()).description() == .complex128)
    #expect(
      try Datatype.string(byteCount: 7).description()
        == .string(byteCount: 7, padding: .nullPadded, isUTF8: true))
    #expect(
      try Datatype.variableString().description()
        == .variableString(padding: .nullTerminated, isUTF8: true))
    #expect(
      try Datatype.opaque(byteCount: 5, tag: "ü").description()
        == .opaque(byteCount: 5, tag: Array("ü".utf8)))
    #expect(
      try Datatype.array(of: .float32(), dimensions: [2, 3]).description()
        == .array(base: .float32, dimensions: [2, 3]))
  }

  @Test func typesAreEqualOrNot() throws {
    let half = try Datatype.float16()
    #expect(try half.isEqual(to: .float16()))
    #expect(try !half.isEqual(to: .bfloat16()))
    #expect(try !half.isEqual(to: .integer(byteCount: 2, isSigned: false)))
  }

  @Test func compoundsHoldWhatIsInserted() throws {
    let type = try Datatype.compound(byteCount: 64 + 8 + 1 + 32)
    try type.insert("path", at: 0, .string(byteCount: 64))
    try type.insert("offset", at: 64, .integer(byteCount: 8, isSigned: false))
    try type.insert("rank", at: 72, .integer(byteCount: 1, isSigned: false))
    try type.insert(
      "dims", at: 73, .array(of: .integer(byteCount: 8, isSigned: false), dimensions: [4]))
    let long = TypeDescription.integer(byteCount: 8, isSigned: false)
    let expected = TypeDescription.compound(
      byteCount: 105,
      members: [
        .init(
          name: "path", offset: 0, type: .string(byteCount: 64, padding: .nullPadded, isUTF8: true)),
        .init(name: "offset", offset: 64, type: long),
        .init(name: "rank", offset: 72, type: .integer(byteCount: 1, isSigned: false)),
        .init(name: "dims", offset: 73, type: .array(base: long, dimensions: [4])),
      ])
    #expect(try type.description() == expected)
    #expect(expected.byteCount == 105)
    #expect(!expected.holdsPointers)
    #expect(throws: HDF5Error.self) { try type.insert("path", at: 0, .float32()) }
    #expect(throws: HDF5Error.self) { try type.insert("outside", at: 102, .float32()) }
    #expect(throws: HDF5Error.self) { try type.insert("outside", at: -1, .float32()) }
  }

  @Test func refusesTypesThatCannotBe() {
    #expect(throws: HDF5Error.self) { _ = try Datatype.string(byteCount: 0) }
    #expect(throws: HDF5Error.self) { _ = try Datatype.compound(byteCount: 0) }
    #expect(throws: HDF5Error.self) { _ = try Datatype.compound(byteCount: -1) }
    #expect(throws: HDF5Error.self) { _ = try Datatype.opaque(byteCount: 0, tag: "") }
    #expect(throws: HDF5Error.self) {
      _ = try Datatype.opaque(byteCount: 1, tag: String(repeating: "x", count: 256))
    }
    #expect(throws: HDF5Error.self) { _ = try Datatype.array(of: .float32(), dimensions: []) }
    #expect(throws: HDF5Error.self) { _ = try Datatype.array(of: .float32(), dimensions: [0]) }
    #expect(throws: HDF5Error.self) {
      _ = try Datatype.array(of: .float32(), dimensions: Array(repeating: 1, count: 33))
    }
    #expect(throws: HDF5Error.self) { _ = try Datatype.string(byteCount: -5) }
  }

  @Test func nestingHasALimit() throws {
    var type = try Datatype.float32()
    for _ in 0..<20 { type = try .array(of: type, dimensions: [1]) }
    #expect(throws: HDF5Error.self) { try type.description() }
  }

  @Test func widthsDoNotOverflow() {
    let byte = TypeDescription.integer(byteCount: 1, isSigned: false)
    #expect(TypeDescription.array(base: byte, dimensions: [.max, 2]).byteCount == nil)
    #expect(TypeDescription.array(base: byte, dimensions: [.max]).byteCount == nil)
    #expect(TypeDescription.array(base: byte, dimensions: [.max, 0]).byteCount == 0)
    #expect(TypeDescription.variableLength(base: byte).holdsPointers)
    #expect(
      TypeDescription.compound(
        byteCount: 16,
        members: [.init(name: "v", offset: 0, type: .variableLength(base: byte))]
      ).holdsPointers)
  }
}
