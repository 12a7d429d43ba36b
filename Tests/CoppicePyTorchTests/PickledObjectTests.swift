import CoppiceModel
import CoppiceTestSupport
import Testing

@testable import CoppicePyTorch

/// Objects of any class keep what the pickle says of them.
struct PickledObjectTests {
  private func run(_ pickle: Pickle) throws -> (pickle: Unpickler, value: PickleValue) {
    var pickle = Unpickler(MemoryBytes(pickle.bytes), at: 0, limits: ReadLimits())
    let value = try pickle.run()
    return (pickle, value)
  }

  private func object(
    _ pickle: Pickle
  ) throws -> (pickle: Unpickler, object: PickleObject, type: String) {
    let (pickle, value) = try run(pickle)
    guard case .object(let place) = value else {
      throw CoppiceError(.pytorchValue, "no object")
    }
    return (pickle, pickle.objects[place], try #require(pickle.className(of: value)))
  }

  private func integers(_ values: [PickleValue]) -> [Int?] {
    values.map { if case .integer(let number) = $0 { number } else { nil } }
  }

  @Test(arguments: [
    // REDUCE, NEWOBJ, INST, OBJ, NEWOBJ_EX, and the functions of copyreg.
    "cm\nPoint\n(K\u{1}K\u{2}tR.", "cm\nPoint\n(K\u{1}K\u{2}t\u{81}.",
    "(K\u{1}K\u{2}im\nPoint\n.", "(cm\nPoint\nK\u{1}K\u{2}o.",
    "cm\nPoint\n(K\u{1}K\u{2}t}\u{92}.",
    "ccopyreg\n__newobj__\n(cm\nPoint\nK\u{1}K\u{2}tR.",
    "ccopyreg\n__newobj_ex__\n(cm\nPoint\n(K\u{1}K\u{2}t}tR.",
  ])
  func argumentsAreKept(_ pickle: String) throws {
    let (_, object, type) = try object(Pickle(latin: pickle))
    #expect(type == "m.Point")
    #expect(integers(object.arguments) == [1, 2])
    #expect(object.state == nil)
  }

  @Test func theContentOfASubclassIsItsArgument() throws {
    let pickle: Pickle = "ccopy_reg\n_reconstructor\n(cm\nNames\nc__builtin__\ndict\n}tR."
    let (all, names, type) = try object(pickle)
    #expect(type == "m.Names")
    #expect(names.arguments.count == 1)
    #expect(all.entries(of: names.arguments[0])?.isEmpty == true)
    let (_, plain, _) = try object(
      "ccopy_reg\n_reconstructor\n(cm\nPoint\nc__builtin__\nobject\nNtR.")
    #expect(plain.arguments.isEmpty)
  }

  @Test func stateItemsAndEntriesAreKept() throws {
    let (pickle, value) = try run(
      Pickle(
        latin:
          "cm\nPoint\n)\u{81}K\u{5}a(K\u{6}K\u{7}eK\u{1}K\u{2}s(K\u{3}K\u{4}u}(X\u{1}\0\0\0xK\u{9}ub."
      ))
    guard case .object(let place) = value else {
      Issue.record("no object")
      return
    }
    #expect(integers(pickle.objects[place].items) == [5, 6, 7])
    #expect(integers(pickle.objects[place].entries) == [1, 2, 3, 4])
    let attributes = try #require(pickle.attributes(of: value))
    #expect(attributes.keys.sorted() == ["x"])
    #expect(integers(Array(attributes.values)) == [9])
  }

  @Test(arguments: [
    ("(N}(X\u{1}\0\0\0aK\u{1}ut", ["a"]),
    ("(}(X\u{1}\0\0\0aK\u{1}u}(X\u{1}\0\0\0bK\u{1}ut", ["a", "b"]), ("}", []),
    ("}(K\u{1}K\u{1}u", nil), ("K\u{1}", nil), ("(NNt", nil), ("(N}Nt", nil),
  ])
  func slotsAreAttributes(_ state: String, _ names: [String]?) throws {
    let (pickle, value) = try run(Pickle(latin: "cm\nPoint\n)\u{81}" + state + "b."))
    #expect(pickle.attributes(of: value)?.keys.sorted() == names)
  }

  /// An object is one value wherever the pickle refers to it, also before its state is set.
  @Test func anObjectMayContainItself() throws {
    let (pickle, value) = try run(Pickle(latin: "cm\nPoint\n)\u{81}q\0}(X\u{1}\0\0\0xh\0ub."))
    #expect(pickle.objects.count == 1)
    guard case .object(let place) = value,
      case .object(let inner)? = pickle.attributes(of: value)?["x"]
    else {
      Issue.record("no object")
      return
    }
    #expect(place == inner)
  }

  /// Functions that make objects of their argument don't do so of each other without end.
  @Test func functionsInEachOtherEnd() throws {
    let many = Pickle(latin: "h\0") * 100_000
    let (_, object, type) = try object("ccopyreg\n__newobj__\nq\0(" + many + "tR.")
    #expect(type == "copyreg.__newobj__")
    #expect(object.arguments.count == 99_999)
  }

  /// Protocol 0 has texts as lines with escapes.
  @Test(arguments: [
    ("Vabc\n.", "abc"), ("V\n.", ""), ("V\\u005c\\u000a\n.", "\\\n"),
    ("V\u{E9}\\U0001f600\n.", "é😀"),
  ])
  func textsOfProtocol0(_ pickle: String, _ text: String) throws {
    guard case .string(let found) = try run(Pickle(latin: pickle)).value else {
      Issue.record("no text")
      return
    }
    #expect(found == text)
  }

  @Test(arguments: ["V\\u00\n.", "V\\ud800\n.", "V\\uxyzw\n.", "V\\U00110000\n.", "Vabc"])
  func brokenTextsOfProtocol0AreRefused(_ pickle: String) {
    #expect(code { _ = try run(Pickle(latin: pickle)) } == "pytorch.pickle")
  }

  @Test func objectsAreCounted() throws {
    let many = Pickle(latin: "h\0)R") * 1_300_000
    #expect(throws: CoppiceError.self) { _ = try run("cm\nPoint\nq\0" + many + ".") }
  }
}
