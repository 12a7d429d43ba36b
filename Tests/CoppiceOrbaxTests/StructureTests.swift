import CoppiceFiles
import CoppiceModel
import Testing

/// The contents that `_METADATA` may have, and those that are refused.
struct StructureTests {
  private func sample(
    _ leaves: [(path: [String], type: String)], _ members: String = ""
  ) throws -> SampleDirectory {
    try SampleDirectory("sample", ["_METADATA": treeMetadata(leaves, members)])
  }

  @Test func keepsTheOrderOfKeysAndSortsSequences() throws {
    let tree = try sample([
      (["z"], "None"), (["a", "10"], "Dict"), (["a", "2"], "List"), (["a", "0"], "Tuple"),
      (["a", "1"], "None"), (["a", "3"], "None"), (["a", "4"], "None"), (["a", "5"], "None"),
      (["a", "6"], "None"), (["a", "7"], "None"), (["a", "8"], "None"), (["a", "9"], "None"),
    ]).tree()
    guard case .dict(let entries) = tree, case .list(let nodes) = entries[1].node else {
      Issue.record("\(tree)")
      return
    }
    #expect(entries.map(\.key) == ["z", "a"])
    guard case .tuple(let first) = nodes[0], case .list(let third) = nodes[2],
      case .dict(let last) = nodes[10]
    else {
      Issue.record("\(nodes)")
      return
    }
    #expect(nodes.count == 11 && first.isEmpty && third.isEmpty && last.isEmpty)
  }

  @Test func readsABareLeaf() throws {
    guard case .value(.null) = try sample([([], "None")]).tree() else {
      Issue.record("not a bare None")
      return
    }
  }

  @Test func refusesTwoLeavesAtOnePath() throws {
    #expect(try sample([(["a"], "None"), (["a"], "Dict")]).errorCode() == "orbax.structure")
  }

  @Test func refusesALeafBelowALeaf() throws {
    let leaves = [(path: ["a"], type: "string"), (path: ["a", "b"], type: "None")]
    #expect(try sample(leaves).errorCode() == "orbax.structure")
    #expect(try sample(leaves.reversed()).errorCode() == "orbax.structure")
  }

  /// Partial saves leave a container that was empty in one save and is filled in the next.
  @Test func fillsAnEmptyContainer() throws {
    guard case .dict(let entries) = try sample([(["a"], "Dict"), (["a", "b"], "None")]).tree(),
      case .dict(let inner) = entries[0].node
    else {
      Issue.record("not nested")
      return
    }
    #expect(inner.map(\.key) == ["b"])
  }

  @Test func refusesGapsInSequences() throws {
    #expect(
      try sample([(["a", "0"], "None"), (["a", "2"], "None")]).errorCode() == "orbax.structure")
    #expect(try sample([(["a", "1"], "None")]).errorCode() == "orbax.structure")
  }

  @Test func refusesKeysAndIndicesInOneContainer() throws {
    #expect(
      try sample([(["a", "0"], "None"), (["a", "b"], "None")]).errorCode() == "orbax.structure")
  }

  @Test func refusesUnknownKeyTypes() throws {
    let text = treeMetadata([(["a"], "None")]).replacing("\"key_type\": 2", with: "\"key_type\": 3")
    let sample = try SampleDirectory("sample", ["_METADATA": text])
    #expect(sample.errorCode() == "orbax.structure")
  }

  @Test func refusesTreesThatAreTooDeep() throws {
    #expect(
      try sample([(Array(repeating: "k", count: 129), "None")]).errorCode() == "orbax.limit")
    #expect(try sample([(Array(repeating: "k", count: 128), "None")]).errorCode() == nil)
  }

  @Test func refusesLongKeys() throws {
    let key = String(repeating: "k", count: 1025)
    #expect(try sample([([key], "None")]).errorCode() == "orbax.limit")
  }

  @Test func keysThatLookAlikeAreTwo() throws {
    guard
      case .dict(let entries) = try sample([(["\u{E9}"], "None"), (["e\u{301}"], "None")]).tree()
    else {
      Issue.record("not a dict")
      return
    }
    #expect(entries.count == 2)
  }

  @Test func readsRecordedContainerTypes() throws {
    let leaf =
      #"{\"category\": \"custom\", \"clazz\": \"ValueMetadataEntry\", \"data\": "#
      + #"{\"value_type\": \"None\", \"skip_deserialize\": true}}"#
    let types =
      #"{\"t\": {\"category\": \"custom\", \"clazz\": \"tuple\", \"entries\": [\#(leaf)]}, "#
      + #"\"n\": {\"category\": \"namedtuple\", \"module\": \"m\", \"clazz\": \"Pair\", "#
      + #"\"entries\": [{\"key\": \"x\", \"value\": \#(leaf)}]}}"#
    let tree = try sample(
      [(["t", "0"], "None"), (["n", "x"], "None")], #", "value_metadata_tree": "\#(types)""#
    ).tree()
    guard case .dict(let entries) = tree, case .tuple(let elements) = entries[0].node,
      case .record(let record) = entries[1].node
    else {
      Issue.record("\(tree)")
      return
    }
    #expect(elements.count == 1)
    #expect(record.type == "Pair" && record.fields.map(\.name) == ["x"])
  }

  /// Orbax wrote an integer in the place of a leaf for a while (b/469067182).
  @Test(arguments: [#"{\"t\": [1]}"#, #"{\"u\": []}"#, "{", #"[]"#])
  func ignoresContainerTypesThatDoNotFit(_ types: String) throws {
    let contents = try sample(
      [(["t", "0"], "None")], #", "value_metadata_tree": "\#(types)""#
    ).contents()
    guard case .unnamed(.tree(.dict(let entries))) = contents.root,
      case .list(let nodes) = entries[0].node
    else {
      Issue.record("\(contents)")
      return
    }
    #expect(nodes.count == 1)
    #expect(contents.warnings.map(\.code.rawValue) == ["orbax.rich-types-ignored"])
  }

  @Test func leavesArraysInDirectoriesWhereTheyAre() throws {
    let sample = try sample([(["a", "b"], "np.ndarray")], #", "use_ocdbt": false"#)
    #expect(sample.errorCode() == "orbax.missing-array")
    for file in arrayFiles("a.b", int32: [1, -2, 3]) { try sample.write(file.path, file.bytes) }
    let leaf = try #require(try sample.tree().leaves.first)
    #expect(leaf.path.description == "a/b")
    let metadata = try leaf.leaf.metadata
    #expect(metadata.dtype == .int32 && metadata.shape.dimensions == [3])
  }

  @Test(arguments: ["../b", "/b", "a//b", "a/./b"])
  func refusesNamesThatLeadOutside(_ name: String) throws {
    let sample = try sample([([name], "np.ndarray")], #", "use_ocdbt": false"#)
    #expect(sample.errorCode() == "file.outside")
  }

  @Test func refusesANumberThatIsAnArray() throws {
    let sample = try sample([(["n"], "scalar")], #", "use_ocdbt": false"#)
    for file in arrayFiles("n", int32: [1]) { try sample.write(file.path, file.bytes) }
    #expect(sample.errorCode() == "orbax.scalar")
  }

  @Test func saysWhatIsMissing() throws {
    #expect(try sample([(["s"], "string")]).errorCode() == "orbax.missing-string")
    let database = try sample([(["a"], "jax.Array")], #", "use_ocdbt": true"#)
    #expect(database.errorCode() == "orbax.missing-manifest")
    let text = treeMetadata([(["a"], "jax.Array")])
      .replacing("\"skip_deserialize\": false", with: "\"skip_deserialize\": true")
    let aggregate = try SampleDirectory("sample", ["_METADATA": text])
    #expect(aggregate.errorCode() == "orbax.missing-value")
    try aggregate.write("checkpoint", [0x81, 0xA1, 0x61, 0x07])
    #expect(aggregate.errorCode() == nil)
  }
}
