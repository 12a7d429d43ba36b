import CoppiceHDF5
import Testing

struct AttributeTests {
  let scratch = Scratch()

  @Test func textsAreReadBack() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let root = try file.root()
    for (index, text) in ["", "coppice", "naïve \u{1F333}", "a\0"].enumerated() {
      try root.writeAttribute("t\(index)", text: text)
    }
    #expect(try root.attribute("t0")?.text == "")
    #expect(try root.attribute("t1")?.text == "coppice")
    #expect(try root.attribute("t2")?.text == "naïve \u{1F333}")
    // A final NUL is padding: text of a fixed size can't keep it.
    #expect(try root.attribute("t3")?.text == "a")
    #expect(try root.attribute("none") == nil)
    #expect(
      try root.attribute("t1")?.type == .string(byteCount: 7, padding: .nullPadded, isUTF8: true))
  }

  @Test func numbersAreReadBack() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let dataset = try file.root().createDataset("d", type: .float32(), dimensions: [])
    try dataset.writeAttribute("i", integer: -2)
    try dataset.writeAttribute("u", integer: UInt8(200))
    try dataset.writeAttribute("f", number: 2.5)
    try dataset.writeAttribute(
      "v", type: .integer(byteCount: 2, isSigned: false), dimensions: [2], bytes: [1, 0, 2, 1])
    let int = try dataset.attribute("i")
    #expect(int?.type == .integer(byteCount: 8, isSigned: true))
    #expect(int?.extent == .scalar)
    #expect(int?.contents == .bytes([0xFE] + Array(repeating: 0xFF, count: 7)))
    #expect(try dataset.attribute("u")?.contents == .bytes([200]))
    #expect(try dataset.attribute("f")?.contents == .bytes([0, 0, 0, 0, 0, 0, 4, 0x40]))
    #expect(try dataset.attribute("v")?.extent.dimensions == [2])
    #expect(try dataset.attribute("v")?.contents == .bytes([1, 0, 2, 1]))
    #expect(try dataset.attributeNames() == ["f", "i", "u", "v"].map { Array($0.utf8) })
    #expect(throws: HDF5Error.self) { try dataset.attributeNames(limit: 3) }
  }

  @Test func largeValuesAreLeftOut() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let root = try file.root()
    let bytes = [UInt8](repeating: 7, count: 1000)
    let type = try Datatype.integer(byteCount: 1, isSigned: false)
    try root.writeAttribute("a", type: type, dimensions: [1000], bytes: bytes)
    #expect(try root.attribute("a", limit: 999)?.contents == .omitted)
    #expect(try root.attribute("a", limit: 1000)?.contents == .bytes(bytes))
  }

  @Test func refusesWrongSizesAndSecondAttributes() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let root = try file.root()
    #expect(throws: HDF5Error.self) {
      try root.writeAttribute("a", type: .float32(), dimensions: [2], bytes: [0, 0, 0, 0])
    }
    #expect(throws: HDF5Error.self) {
      try root.writeAttribute(
        "a", type: .variableString(), dimensions: [], bytes: .init(repeating: 1, count: 8))
    }
    try root.writeAttribute("a", text: "x")
    #expect(throws: HDF5Error.self) { try root.writeAttribute("a", text: "y") }
  }

  @Test func paddingIsTakenOff() {
    func texts(_ padding: TypeDescription.Padding, _ text: String) -> [UInt8]? {
      AttributeValue(
        type: .string(byteCount: text.utf8.count, padding: padding, isUTF8: true),
        extent: .scalar, contents: .bytes(Array(text.utf8))
      ).texts?.first
    }
    #expect(texts(.nullPadded, "a\0b\0\0") == Array("a\0b".utf8))
    #expect(texts(.nullTerminated, "a\0b\0\0") == Array("a".utf8))
    #expect(texts(.spacePadded, "a b  ") == Array("a b".utf8))
    #expect(texts(.spacePadded, "   ") == [])
  }
}
