import CoppiceFiles
import CoppiceModel
import CoppicePyTorch
import CoppiceTestSupport
import SystemPackage
import Testing

/// Values that no tree can hold become leaves with a fault, and their siblings are read.
struct ForeignValueTests {
  /// The faults of a tree by path: `code: message`.
  private func faults(_ tree: Tree<ArrayLeaf>) -> [String: String] {
    var faults: [String: String] = [:]
    for (path, leaf) in tree.leaves {
      guard let fault = leaf.fault else { continue }
      #expect(fault.kind == .unsupported, "\(path)")
      #expect(fault.error.location.treePath == path.description)
      #expect(fault.error.location.file == "m.pt/m/data.pkl")
      #expect(fault.error.location.offset == nil)
      faults[path.description] = "\(fault.error.code.rawValue): \(fault.error.message)"
    }
    return faults
  }

  /// The fault of the value at a key, between two others.
  private func fault(_ value: Pickle) throws -> String? {
    let tree = try load(
      "}(" + Pickle.text("a") + "K\u{1}" + Pickle.text("x") + value + Pickle.text("z")
        + Pickle.tensor() + "u.")
    guard case .dict(let entries) = tree else {
      Issue.record("no dictionary")
      return nil
    }
    #expect(entries.map(\.key) == ["a", "x", "z"])
    guard case .value(.int(let first))? = entries.first?.node, first.text == "1",
      case .leaf(let last)? = entries.last?.node
    else {
      Issue.record("the neighbours are others")
      return nil
    }
    #expect(try last.source.hex == String(repeating: "01", count: 16))
    return faults(tree)["x"]
  }

  @Test func theResultOfCallingAnObjectIsUnknown() throws {
    #expect(
      try fault("cm\nPoint\n)R)R")
        == "pytorch.value: the result of calling an object of the class m.Point can't be represented"
    )
  }

  private static let objectWithOddKey =
    "pytorch.value: an object of the class m.Point with a key that is neither a text nor an integer can't "
    + "be represented"

  private static func result(_ name: String) -> String {
    "pytorch.global: the result of the function \(name) can't be represented"
  }

  private static let oddKey =
    "pytorch.value: a dictionary with a key that is neither a text nor an integer can't be represented"

  @Test(arguments: [
    ("cm\nf\n", "pytorch.global: the function or class m.f can't be represented"),
    (
      "ccollections\nOrderedDict\n",
      "pytorch.global: the function or class collections.OrderedDict can't be represented"
    ),
    // Functions, and a class of a module whose objects are no data.
    ("cm\nf\n)R", result("m.f")), ("cposix\nsystem\n(K\u{1}tR", result("posix.system")),
    ("csubprocess\nPopen\n(K\u{1}tR", result("subprocess.Popen")),
    ("cbuiltins\ndict\n)R", result("dict")),
    ("ctorch\nFloatStorage\n)R", result("torch.FloatStorage")),
    ("cbuiltins\nset\n(cm\nPoint\n)RtR", result("builtins.set")),
    ("cbuiltins\ncomplex\n(cm\nPoint\n)RK\u{1}tR", result("builtins.complex")),
    ("ctorch\ndevice\n(cm\nPoint\n)RtR", result("torch.device")),
    (
      "X\u{1}\0\0\0\u{FF}",
      "pytorch.value: a text that is not UTF-8 can't be represented; files of Python 2 with such texts "
        + "must be saved again with Python 3"
    ),
    // Known functions that are called with other arguments.
    (
      "cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(X\u{2}\0\0\0i4tRNtR",
      result("numpy.core.multiarray.scalar")
    ),
    (
      "ctorch._utils\n_rebuild_sparse_tensor\n)R", result("torch._utils._rebuild_sparse_tensor")
    ),
    (
      "ctorch._utils\n_rebuild_parameter\n(ctorch._utils\n_rebuild_qtensor\n)RI01\nNtR",
      result("torch._utils._rebuild_qtensor")
    ),
    (
      "ctorch._utils\n_rebuild_meta_tensor_no_storage\n)R",
      "pytorch.tensor-kind: a tensor without data can't be an array; give it elements before saving"
    ),
    ("cm\nPoint\n)R}(NK\u{1}ub", objectWithOddKey),
    ("}(cm\nPoint\n)RK\u{1}u", oddKey),
    ("}(K\u{1}K\u{2}G?\u{F0}\0\0\0\0\0\0K\u{1}u", oddKey),
  ])
  func othersSayWhatTheyAre(_ pickle: String, _ expected: String) throws {
    #expect(try fault(Pickle(latin: pickle)) == expected)
  }

  /// A tensor of which a part is no plain value is foreign itself.
  @Test func tensorsMadeOfObjectsAreForeign() throws {
    let object: Pickle = "cm\nPoint\n)R"
    let build: Pickle = "ctorch._utils\n_rebuild_tensor_v2\n"
    let storage = Pickle.storage("0", 4)
    let (zero, four) = (Pickle.number(0), Pickle.tuple([Pickle.number(4)]))
    let odd = Pickle.tuple([object])
    let one = Pickle.tuple([Pickle.number(1)])
    for arguments in [
      [object, zero, four, one], [storage, object, four, one], [storage, zero, odd, one],
      [storage, zero, four, odd], [storage, zero, object, one],
    ] {
      #expect(
        try fault(build + Pickle.tuple(arguments) + "R")
          == "pytorch.tensor-kind: a tensor that is made with an object of the class m.Point can't be an "
          + "array; convert it in torch first")
    }
    // Hooks and attributes are no part of it.
    let tensor = build + Pickle.tuple([storage, zero, four, one, "I00\n", object]) + "R"
    #expect(try fault(tensor) == nil)
    let other = Pickle.tuple([
      Pickle.text("storage"), "cm\nOddStorage\n", Pickle.text("7"), Pickle.text("cpu"), zero,
    ])
    #expect(
      try fault(build + Pickle.tuple([other + "Q", zero, four, one]) + "R")
        == "pytorch.tensor-kind: a tensor in a storage of the class m.OddStorage can't be an array; "
        + "convert it in torch first")
    #expect(
      try fault(other + "Q")
        == "pytorch.value: a bare storage can't be represented; save a tensor that is a view of it")
  }

  @Test func aDefaultDictionaryKeepsItsItems() throws {
    let tree = try load("ccollections\ndefaultdict\n(cm\nf\ntRK\u{1}K\u{2}s.")
    guard case .dict(let entries) = tree else {
      Issue.record("no dictionary")
      return
    }
    #expect(entries.map(\.key) == [1])
  }

  @Test func integersOfManyBytesAreForeign() throws {
    let digits = [UInt8](repeating: 0x7F, count: 1025)
    #expect(
      try fault(Pickle([0x8B, 1, 4, 0, 0] + digits))
        == "pytorch.value: an integer of more than 1024 bytes can't be represented")
  }

  @Test func containersInThemselvesHideNoOther() throws {
    #expect(
      faults(try load("]q\0h\0a."))
        == ["0": "pytorch.value: a list that contains itself can't be represented"])
    // Two lists that contain each other; one of them is also elsewhere.
    let tree = try load("}(K\u{1}]q\0](h\0K\u{5}eaK\u{2}h\0u.")
    #expect(faults(tree).keys.sorted() == ["%#1/0/0", "%#2/0/0"])
    #expect(tree[TreePath([.key(2), .index(0), .index(1)])] != nil)
  }

  @Test func tensorsOfManyDimensionsAreForeign() throws {
    let ones = [Int](repeating: 1, count: 33)
    #expect(
      try fault(Pickle.tensor(extents: ones, strides: ones))
        == "pytorch.tensor-kind: a tensor of 33 dimensions can't be an array; reshape it to at most 32 "
        + "before saving")
  }

  /// A damaged tensor names its key, and hides no other.
  @Test(arguments: [
    (Pickle.tensor("9"), "pytorch.storage"), (Pickle.tensor(extents: [9]), "pytorch.tensor-bounds"),
  ])
  func damageIsNoForeignValue(_ tensor: Pickle, _ code: String) throws {
    let tree = try load(
      "}(" + Pickle.text("w") + tensor + Pickle.text("z") + Pickle.tensor() + "u.")
    let leaves = tree.leaves
    #expect(leaves.map(\.path.description) == ["w", "z"])
    let fault = try #require(leaves[0].leaf.fault)
    #expect(fault.kind == .damaged)
    #expect(fault.error.code.rawValue == code)
    #expect(fault.error.location.treePath == "w")
    #expect(fault.error.location.offset == nil)
    #expect(try leaves[1].leaf.source.hex == String(repeating: "01", count: 16))
  }
}
