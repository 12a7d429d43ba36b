import CoppiceModel
import Testing

/// Nodes by the text of their paths.
struct TreeAccessTests {
  private let tree: Tree<NDArray> = [
    "params": [
      "layers": [["w": .array([1, 2])], ["w": .array([3, 4])]], 7: "seven", "a/b": "slash",
    ],
    "pair": .tuple([1, 2]), "opt": .record(.init(type: "Adam", fields: [.init("mu", 0.5)])),
    "step": 3, "": "empty", ".git": "dot", "50%": "half",
  ]

  @Test(
    arguments: [
      ("params/layers/1/w", .array([3, 4])), ("params/%#7", "seven"), ("params/a%2Fb", "slash"),
      ("pair/1", 2), ("opt/mu", 0.5), ("step", 3), ("%empty", "empty"), ("%2Egit", "dot"),
      ("50%25", "half"),
      // Keys as they are.
      (".git", "dot"), ("50%", "half"),
    ] as [(String, Tree<NDArray>)])
  func pathsOfListingsLeadToNodes(_ path: String, _ node: Tree<NDArray>) throws {
    #expect(tree[path] == node)
    #expect(try tree.node(at: path) == node)
  }

  @Test func everyPathOfATreeLeadsToItsLeaf() throws {
    for (path, leaf) in tree.leaves {
      #expect(try tree[leaf: path.description] == leaf)
    }
  }

  @Test func theEmptyTextIsTheRoot() { #expect(tree[""] == tree) }

  @Test(arguments: [
    "param", "params/layers/2", "params/layers/-1", "params/layers/01", "params/7", "step/x",
    "opt/nu",
    "params/layers/", "/step", "PARAMS",
  ])
  func otherTextsLeadNowhere(_ path: String) {
    #expect(tree[path] == nil)
    #expect(throws: CoppiceError.self) { try tree.node(at: path) }
  }

  @Test func errorsNameTheNearest() {
    func message(_ path: String) -> String {
      do throws(CoppiceError) {
        _ = try tree[leaf: path]
        return ""
      } catch {
        return error.description
      }
    }
    #expect(
      message("parms/layers/0/w")
        == "the tree has no \"parms\"; did you mean \"params\"? [usage.tree-path]")
    #expect(
      message("params/layers/0/kernel")
        == "\"params/layers/0\" has no \"kernel\"; it holds \"w\" [usage.tree-path]")
    #expect(message("step") == "step: this is a value, not an array [usage.tree-path]")
    #expect(message("pair") == "pair: this is a tuple, not an array [usage.tree-path]")
  }

  @Test func settingMakesAndReplaces() {
    var tree: Tree<NDArray> = ["step": 1, "layers": [["w": 1]]]
    tree["step"] = 2
    tree["params/dense/w"] = .array([1.5])
    tree["layers/0/w"] = 9
    tree["layers/1/w"] = 8
    tree["by/%#3"] = "three"
    #expect(
      tree == [
        "step": 2, "layers": [["w": 9], ["w": 8]], "params": ["dense": ["w": .array([1.5])]],
        "by": [3: "three"],
      ])
    tree[""] = 5
    #expect(tree == 5)
  }

  @Test func whatTakesNoChildBecomesADictionary() {
    var tree: Tree<NDArray> = [
      "leaf": .array([1]), "list": [1, 2], "pair": .tuple([3]),
      "opt": .record(.init(type: "Adam", fields: [.init("mu", 0.5)])),
    ]
    for path in ["leaf/x", "list/5", "list/last", "pair/1", "opt/nu", "//", "%zz"] {
      tree[path] = "new"
      #expect(tree[path] == "new")
    }
    #expect(
      tree == [
        "leaf": ["x": "new"], "list": ["0": 1, "1": 2, "5": "new", "last": "new"],
        "pair": ["0": 3, "1": "new"], "opt": ["mu": 0.5, "nu": "new"], "": ["": ["": "new"]],
        "%zz": "new",
      ])
  }

  @Test func settingNothingRemoves() {
    var tree = tree
    tree["params/layers/0"] = nil
    tree["opt/mu"] = nil
    tree["pair/0"] = nil
    tree["step"] = nil
    tree["no/such"] = nil
    tree["50%"] = nil
    #expect(
      tree == [
        "params": ["layers": [["w": .array([3, 4])]], 7: "seven", "a/b": "slash"],
        "pair": .tuple([2]), "opt": .record(.init(type: "Adam", fields: [])), "": "empty",
        ".git": "dot",
      ])
    tree[""] = nil
    #expect(tree == [:])
  }

  @Test(
    arguments: [
      ("step/x", "step"), ("params/layers/3", "params/layers"), ("pair/2", "pair"),
      ("opt/nu", "opt"), ("params/layers/0/w/x/y", "params/layers/0/w"),
    ])
  func aCheckedSettingReplacesNothingElse(_ path: String, _ place: String) {
    var changed = tree
    #expect(throws: CoppiceError(.usageTreePath, "", at: .init(treePath: place))) {
      try changed.set(1, at: path)
    }
    #expect(changed == tree)
  }

  @Test func aCheckedSettingMakesDictionaries() throws {
    var tree: Tree<NDArray> = ["list": [1]]
    try tree.set(2, at: "list/1")
    try tree.set(0.5, at: "a/b")
    try tree.set("x", at: "a/b")
    #expect(tree == ["list": [1, 2], "a": ["b": "x"]])
  }
}
