import CoppiceFiles
import CoppiceModel
import CoppicePyTorch
import CoppiceTestSupport
import CoppiceZip
import Testing

/// Objects of any class are read by what the pickle has of them, with a warning.
struct ObjectTreeTests {
  private func read(_ value: String) throws -> (text: String, warnings: [String]) {
    try read(Pickle(latin: value))
  }

  /// The text of a value under the key `x`, and the warnings.
  private func read(_ value: Pickle) throws -> (text: String, warnings: [String]) {
    let contents = try contents("}(" + Pickle.text("x") + value + "u.")
    guard case .unnamed(.tree(let tree)) = contents.root else {
      throw CoppiceError(.pytorchValue, "no tree")
    }
    // The archive of the tests has no checksums.
    let changes = contents.warnings.filter { $0.code != .zipNoChecksum }
    for warning in changes {
      #expect(warning.code == .pytorchChangedValue)
      #expect(warning.location.file == "m.pt/m/data.pkl")
    }
    let lines = tree.description.split(separator: "\n").map { line in
      line.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }
    return (
      lines.joined(separator: ", "),
      changes.map { "\($0.location.treePath ?? ""): \($0.message)" }
    )
  }

  private static let point = "x: an object of the class m.Point is read as "

  @Test(arguments: [
    // The state as attributes; in slots; of another form; beside arguments.
    (
      "cm\nPoint\n)\u{81}}(X\u{1}\0\0\0aK\u{1}X\u{1}\0\0\0bK\u{2}ub", "x/a 1, x/b 2",
      "a dictionary of its attributes"
    ),
    ("cm\nPoint\n)\u{81}(N}X\u{1}\0\0\0aK\u{1}stb", "x/a 1", "a dictionary of its attributes"),
    (
      "cm\nPoint\n)\u{81}(K\u{1}K\u{2}tb", "x/state/0 1, x/state/1 2",
      "a dictionary of its state"
    ),
    (
      "cm\nPoint\n(K\u{7}tR}X\u{1}\0\0\0aK\u{1}sb", "x/a 1, x/argument 0 7",
      "a dictionary of its attributes"
    ),
    ("cm\nPoint\n)}X\u{1}\0\0\0aK\u{1}s\u{92}", "x/a 1", "a dictionary of its attributes"),
    ("cm\nPoint\n)R", "x {}", "a dictionary of its attributes"),
    ("cm\nPoint\n)\u{81}}b", "x {}", "a dictionary of its attributes"),
    // A member of an enumeration; a subclass of a text; a named tuple.
    ("cm\nPoint\n(K\u{1}tR", "x 1", "its argument"),
    ("cm\nPoint\n(X\u{1}\0\0\0at\u{81}", "x \"a\"", "its argument"),
    ("cm\nPoint\n(K\u{1}K\u{2}t\u{81}", "x/0 1, x/1 2", "a tuple of its arguments"),
    ("(K\u{1}K\u{2}im\nPoint\n", "x/0 1, x/1 2", "a tuple of its arguments"),
    // A dictionary and a list of a class of their own.
    ("cm\nPoint\n)\u{81}K\u{1}K\u{2}s", "x/%#1 2", "a dictionary of its entries"),
    ("cm\nPoint\n)\u{81}(K\u{1}K\u{2}e", "x/0 1, x/1 2", "the list of its items"),
    (
      "cm\nPoint\n)\u{81}K\u{1}a}X\u{1}\0\0\0aK\u{1}sb", "x/0 1",
      "the list of its items; its attributes are left out"
    ),
    (
      "ccopyreg\n_reconstructor\n(cm\nPoint\ncbuiltins\nobject\nNtR}X\u{1}\0\0\0aK\u{1}sb", "x/a 1",
      "a dictionary of its attributes"
    ),
  ])
  func objectsOfUnknownClasses(_ pickle: String, _ text: String, _ what: String) throws {
    let (found, warnings) = try read(pickle)
    #expect(found == text)
    #expect(warnings == [Self.point + what])
  }

  /// One warning tells of all equal changes.
  @Test func equalWarningsAreOne() throws {
    let (text, warnings) = try read("](cm\nPoint\n)Rq\0h\0h\0cm\nOther\n)Re")
    #expect(text == "x/0 {}, x/1 {}, x/2 {}, x/3 {}")
    #expect(
      warnings == [
        "x/0: an object of the class m.Point is read as a dictionary of its attributes, and so are 2 others",
        "x/3: an object of the class m.Other is read as a dictionary of its attributes",
      ])
  }

  /// A few bytes give one state to a dictionary again; each time its attributes are looked at.
  @Test(.timeLimit(.minutes(1)))
  func aStateThatIsGivenManyTimesIsCounted() throws {
    let character = { (byte: Int) in String(UnicodeScalar(UInt8(byte))) }
    let entries = (0..<4096).map { "M" + character($0 & 255) + character($0 >> 8) + "N" }
    let pickle =
      "ccollections\nOrderedDict\n)Rq\0}q\u{1}(" + entries.joined() + "u0"
      + String(repeating: "h\0h\u{1}b0", count: 4096) + "h\0"
    let error = #expect(throws: CoppiceError.self) { try read(pickle) }
    #expect(error?.code == .pytorchLimit)
  }

  @Test func objectsInThemselvesAreFaults() throws {
    let tree = try load(
      Pickle(latin: "cm\nPoint\n)\u{81}q\0}(X\u{1}\0\0\0ah\0X\u{1}\0\0\0bK\u{1}ub."))
    let faults = tree.leaves.compactMap { leaf in
      leaf.leaf.fault.map { ("\(leaf.path)", $0.error.message) }
    }
    #expect(faults.map(\.0) == ["a"])
    #expect(
      faults.map(\.1)
        == ["an object of the class m.Point that contains itself can't be represented"])
  }

  @Test(arguments: [
    // What Python's own `isoformat` and `str` give.
    ("cdatetime\ndate\n(C\u{4}\u{7}\u{E8}\u{2}\u{1D}tR", "\"2024-02-29\""),
    (
      "cdatetime\ndatetime\n(C\u{A}\u{7}\u{E8}\u{5}\u{6}\u{7}\u{8}\u{9}\0\0\0tR",
      "\"2024-05-06T07:08:09\""
    ),
    (
      "cdatetime\ndatetime\n(C\u{A}\u{7}\u{E8}\u{85}\u{6}\u{7}\u{8}\u{9}\0\0\u{5}tR",
      "\"2024-05-06T07:08:09.000005\""
    ),
    (
      "cdatetime\ndatetime\n(C\u{A}\u{7}\u{E8}\u{1}\u{2}\0\0\0\0\0\0cdatetime\ntimezone\n(cdatetime\ntimedelta\n(K\0K\0K\0tRtRtR",
      "\"2024-01-02T00:00:00+00:00\""
    ),
    (
      "cdatetime\ndatetime\n(C\u{A}\u{7}\u{E8}\u{1}\u{2}\0\0\0\0\0\0cdatetime\ntimezone\n(cdatetime\ntimedelta\n(J\u{FF}\u{FF}\u{FF}\u{FF}J\u{38}\u{12}\u{1}\0K\0tRtRtR",
      "\"2024-01-02T00:00:00-04:30\""
    ),
    (
      "cdatetime\ndatetime\n(C\u{A}\u{7}\u{E8}\u{1}\u{2}\0\0\0\0\0\0c__builtin__\ngetattr\n(czoneinfo\nZoneInfo\nX\u{9}\0\0\0_unpickletR(X\u{D}\0\0\0Europe/BerlinK\u{1}tRtR",
      "\"2024-01-02T00:00:00[Europe/Berlin]\""
    ),
    ("cdatetime\ntime\n(C\u{6}\u{1}\u{2}\u{3}\0\0\0tR", "\"01:02:03\""),
    ("cdatetime\ntimedelta\n(K\u{1}K\u{2}K\u{3}tR", "86402.000003"),
    ("cdatetime\ntimedelta\n(J\u{FF}\u{FF}\u{FF}\u{FF}J\u{7F}Q\u{1}\0K\0tR", "-1.0"),
    ("cpathlib\nPosixPath\n(X\u{1}\0\0\0/X\u{1}\0\0\0aX\u{1}\0\0\0btR", "\"/a/b\""),
    ("cpathlib\nPurePosixPath\n)R", "\".\""),
    ("cpathlib\nWindowsPath\n(X\u{3}\0\0\0c:\\X\u{1}\0\0\0atR", "\"c:\\a\""),
    ("cdecimal\nDecimal\n(X\u{3}\0\0\01.5tR", "\"1.5\""),
    ("cfractions\nFraction\n(K\u{1}K\u{2}tR", "\"1/2\""),
    ("cfractions\nFraction\n(K\u{3}K\u{1}tR", "\"3\""),
    ("cuuid\nUUID\n)\u{81}}X\u{3}\0\0\0intK\u{5}sb", "\"00000000-0000-0000-0000-000000000005\""),
    ("ctorch.serialization\n_get_layout\n(X\u{D}\0\0\0torch.stridedtR", "\"torch.strided\""),
    (
      "cnumpy\ndtype\n(X\u{2}\0\0\0i2I00\nI01\ntR(K\u{3}X\u{1}\0\0\0<NNNJ\u{FF}\u{FF}\u{FF}\u{FF}J\u{FF}\u{FF}\u{FF}\u{FF}K\0tb",
      "\"int16\""
    ),
  ])
  func knownClassesAreValues(_ pickle: String, _ text: String) throws {
    let (found, warnings) = try read(pickle)
    #expect(found == "x " + text)
    #expect(warnings.count == 1)
  }

  @Test func rangesAndDequesAreContainers() throws {
    #expect(
      try read("cbuiltins\nrange\n(K\0K\u{3}K\u{1}tR").text == "x/start 0, x/stop 3, x/step 1")
    #expect(try read("ccollections\ndeque\n()K\u{5}tR(K\u{1}K\u{2}e").text == "x/0 1, x/1 2")
    #expect(try read("ccollections\ndeque\n(]K\u{1}atRK\u{2}a").text == "x/0 1, x/1 2")
    #expect(try read("ccollections\ndeque\n)R").text == "x []")
  }

  /// Lists that each contain the one before three times are 3^40 nodes: they are counted, not made.
  @Test(.timeLimit(.minutes(1))) func listsThatShareListsAreCounted() {
    let level = "](h\0h\0h\0eq\u{0}0"
    let lists = "]q\u{0}0" + String(repeating: level, count: 40) + "h\0"
    #expect {
      try read(lists)
    } throws: { error in
      (error as? CoppiceError)?.code == .pytorchLimit
        && (error as? CoppiceError)?.location.treePath ?? "" == ""
    }
  }
}
