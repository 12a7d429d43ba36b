import CoppiceHDF5
import Testing

struct GroupTests {
  let scratch = Scratch()

  @Test func makesTheGroupsOnTheWay() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let root = try file.root()
    try root.createGroup("a/b/c").close()
    try root.createGroup("/a/b/d").close()
    #expect(try root.hasLink("a/b"))
    #expect(try root.hasLink("a/b/c"))
    #expect(try root.hasLink("/a/b/d"))
    #expect(try !root.hasLink("a/x/c"))
    #expect(try !root.hasLink("a/b/c/d"))
    #expect(throws: HDF5Error.self) { _ = try root.createGroup("a/b") }
    try root.requireGroup("a/b/c").close()
    try root.requireGroup("a/b/e").close()
    let names = try root.openGroup("a/b").links().map { String(decoding: $0.name, as: UTF8.self) }
    #expect(names == ["c", "d", "e"])
  }

  @Test func openGroupsAreThoseOnTheWay() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    var groups = try OpenGroups(file.root())
    let type = try Datatype.integer(byteCount: 1, isSigned: false)
    let paths = ["a/b/c", "a/b/d", "e", "a/b/f/g", "a/h", "a/b/f/i", "/a/j"]
    for path in paths {
      try groups.withParent(of: path) { (group, name) throws(HDF5Error) in
        try group.createDataset(name, type: type, dimensions: [1])
      }.close()
    }
    let root = try file.root()
    for path in paths { try root.openDataset(path).close() }
    #expect(try root.links().count == 2)
    #expect(try root.openGroup("a").links().count == 3)
    #expect(try root.openGroup("a/b").links().count == 3)
    // Below a dataset there is no group.
    #expect(throws: HDF5Error.self) {
      try groups.withParent(of: "e/x") { (group, name) throws(HDF5Error) in
        try group.createDataset(name, type: type, dimensions: [1])
      }.close()
    }
  }

  @Test func linksComeInTheOrderOfTheirBytes() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let root = try file.root()
    // The last two are one text to a reader, and two names to HDF5.
    let names = ["b", "a", "B", "é", "e\u{301}", "10", "9", "%00e", "z/1"]
    for name in names { try root.createGroup(name).close() }
    let expected = [
      "%00e", "10", "9", "B", "a", "b", "e\u{301}", "z", "é",
    ]
    #expect(try root.links().map(\.name) == expected.map { Array($0.utf8) })
    #expect(throws: HDF5Error.self) { try root.links(limit: 8) }
    #expect(try root.links(limit: 9).count == 9)
  }

  /// Above a few links libhdf5 keeps groups another way.
  @Test func largeGroupsAreListedWhole() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let root = try file.root()
    for index in 0..<3000 { try root.createGroup("g\(index)").close() }
    let links = try root.links()
    #expect(links.count == 3000)
    #expect(zip(links, links.dropFirst()).allSatisfy { $0.name.lexicographicallyPrecedes($1.name) })
    let addresses = links.map { link -> UInt64? in
      guard case .hard(let address) = link.target else { return nil }
      return address
    }
    #expect(!addresses.contains(nil))
    #expect(Set(addresses).count == 3000)
  }

  @Test func tellsObjectsApart() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let root = try file.root()
    let group = try root.createGroup("g")
    let dataset = try root.createDataset("d", type: .float32(), dimensions: [2])
    try dataset.writeAttribute("a", integer: 1)
    #expect(try group.info().kind == .group)
    #expect(try dataset.info().kind == .dataset)
    #expect(try dataset.info().attributeCount == 1)
    #expect(try root.info(at: "d") == dataset.info())
    #expect(try dataset.info().linkCount == 1)
    #expect(throws: HDF5Error.self) { try root.info(at: "none") }
    #expect(throws: HDF5Error.self) { _ = try root.openGroup("d") }
    #expect(throws: HDF5Error.self) { _ = try root.openDataset("g") }
  }
}
