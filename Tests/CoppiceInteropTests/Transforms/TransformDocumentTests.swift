import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import Testing

/// Steps of surgery are read from a document, and applied to the trees that they fit.
struct TransformDocumentTests {
  private func steps(_ text: String) throws(CoppiceError) -> [TreeTransform] {
    let document = TransformDocument { (path) throws(CoppiceError) in
      guard path == "other.safetensors" else {
        throw CoppiceError(.usageNoSuchCheckpointable, "there is no \(path)")
      }
      return .dict([.init("merged", .value(.bool(true)))])
    }
    return try document.steps(parsing: Array(text.utf8), file: "steps.json")
  }

  private func contents(layers: Int = 3) throws -> CheckpointContents {
    var entries: [Tree<NDArray>.Entry] = []
    for layer in 0..<layers {
      let w = try NDArray(floats: [Float(layer), -1])
      entries.append(.init(.string("layers_\(layer)"), .dict([.init("w", .leaf(w))])))
    }
    return CheckpointContents([
      ("state", .dict(entries)), ("ema", .dict([.init("x", .leaf(try NDArray(floats: [1])))])),
    ])
  }

  private func apply(_ text: String) throws -> CheckpointContents {
    var options = TransformOptions()
    options.steps = try steps(text)
    return try options.apply(to: try contents())
  }

  @Test func layersAreStackedAndTakenApart() throws {
    let stacked = try apply(#"[{"stack": ["layers_{0..2}"], "into": "layers"}]"#)
    let tree = try #require(try stacked.tree())
    #expect(tree.leaves.map { "\($0.path) \($0.leaf.shape)" } == ["layers/w [3, 2]"])
    #expect(tree.leaves.first?.leaf.floats == [0, -1, 1, -1, 2, -1])
    // The other tree has no layers, and stays.
    #expect(try stacked.tree("ema")?.leafCount == 1)
    let back = try apply(
      """
      [{"stack": ["layers_{0..2}"], "axis": 1, "into": "layers"},
       {"unstack": "layers", "axis": 1, "into": ["layers_{0..2}"]}]
      """)
    #expect(try back.tree()?.difference(from: try #require(try contents().tree())) == nil)
  }

  @Test func namesAndAxesChange() throws {
    let changed = try apply(
      """
      [{"rename": "layers_*/**", "to": "h.{1}.{1}/{2}"}, {"flatten-by": "."},
       {"nest-by": ".", "lists": true, "in": [""]},
       {"reshape": ["h/**"], "shape": [-1, 1]}, {"transpose": ["h/0", "h/1"]},
       {"transpose": ["h/2"], "axes": [0, 1]},
       {"rename": {"x": "y", "h/2/2": "h/2/3"}}]
      """)
    let tree = try #require(try changed.tree())
    // The first level has the keys 0, 1 and 2; those of the second have gaps.
    #expect(
      tree.leaves.map { "\($0.path) \($0.leaf.shape)" } == [
        "h/0/0/w [1, 2]", "h/1/1/w [1, 2]", "h/2/3/w [2, 1]",
      ])
    guard case .list? = tree["h"] else {
      Issue.record("the layers are no list")
      return
    }
    #expect(try changed.tree("ema")?.leaves.map { "\($0.path)" } == ["y"])
  }

  @Test func everyStepHasItsSpelling() throws {
    let all = try steps(
      """
      [{"rename": "a", "to": "b"}, {"nest": "params"}, {"drop": ["x/**"]}, {"keep": ["y", "z"]},
       {"merge": "other.safetensors"}, {"stack": ["a", "b"], "axis": 2, "into": "c"},
       {"join": ["a_{8..10}/w"], "into": "c"}, {"unstack": "c", "into": "list"},
       {"split": "c", "axis": 1, "extents": [1, 2], "into": ["a", "b"]},
       {"cast": ["**"], "dtype": "bfloat16", "mode": "lossy"}]
      """)
    #expect(all.count == 10)
    if case .stack(let paths, let axis, let new) = all[5] {
      #expect(paths == ["a", "b"] && axis == 2 && new == "c")
    }
    if case .join(let paths, _, _) = all[6] { #expect(paths == ["a_8/w", "a_9/w", "a_10/w"]) }
    if case .unstack(_, let axis, let target) = all[7] {
      #expect(axis == 0 && target == .list("list"))
    }
    if case .split(_, _, let extents, let target) = all[8] {
      #expect(extents == [1, 2] && target == .paths(["a", "b"]))
    }
    if case .cast(_, let dtype, let mode) = all[9] { #expect(dtype == .bfloat16 && mode == .lossy) }
  }

  @Test(arguments: [
    ("{}", ""), ("[", ""), (#"[{"move": "a"}]"#, "/0"), (#"[{"rename": "a"}]"#, "/0"),
    (#"[{"nest": 7}]"#, "/0/nest"), (#"[{"nest": "a", "axis": 0}]"#, "/0/axis"),
    (#"[{"cast": ["a"], "dtype": "f32"}]"#, "/0/dtype"),
    (#"[{"cast": ["a"], "dtype": "int8", "mode": "x"}]"#, "/0/mode"),
    (#"[{"stack": "a", "into": "b"}]"#, "/0/stack"),
    (#"[{"stack": ["a_{2..1}"], "into": "b"}]"#, "/0/stack/0"),
    (#"[{"stack": ["a_{0..99999999999999999999}"], "into": "b"}]"#, "/0/stack/0"),
    (#"[{"unstack": "a", "axis": -1, "into": "b"}]"#, "/0/axis"),
  ])
  func saysWhereTheSlipIs(_ text: String, _ pointer: String) throws {
    let error = try #require(failure { _ = try steps(text) })
    #expect(error.code.rawValue == "usage.choice", "\(error)")
    #expect(error.location.file == "steps.json")
    if text != "[" { #expect(error.location.pointer ?? "" == pointer, "\(error)") }
  }

  @Test func saysWhichStepFitsNothing() throws {
    let error = try #require(
      failure { _ = try apply(#"[{"nest": "a"}, {"drop": ["nope"]}]"#) })
    #expect(error.code.rawValue == "usage.tree-path")
    #expect(error.message.hasPrefix("change 2 (drop): "))
    #expect(code { _ = try apply(#"[{"merge": "nope"}]"#) } == "usage.no-such-checkpointable")
  }

  @Test func whatIsNotKeptGoes() throws {
    #expect(try apply(#"[{"keep": ["**/w"]}]"#).names == ["state"])
  }
}
