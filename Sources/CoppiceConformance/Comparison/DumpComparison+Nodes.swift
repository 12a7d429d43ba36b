import CoppiceModel

extension DumpComparison {
  /// The kind of a tree node, with its members.
  private struct Node {
    var kind: String
    var value: JSON

    /// Fails unless there is exactly one member beside the additions.
    init?(_ json: JSON) {
      let members = (json.object ?? []).filter { $0.name != "was" }
      guard members.count == 1, let member = members.first else { return nil }
      kind = member.name
      value = member.value
    }
  }

  mutating func compareNode(_ expected: JSON, _ observed: JSON, _ path: String) {
    guard let wanted = Node(expected) else {
      return report(path, "expected.json has no node here: \(expected.summary)")
    }
    guard let given = Node(observed), given.kind == wanted.kind else {
      return report(path, "must be \(wanted.kind), is \(observed.summary)")
    }
    switch wanted.kind {
    case "array": compareArray(wanted.value, given.value, path)
    case "scalar":
      for name in ["type", "value"] { compareMember(name, wanted.value, given.value, path) }
      if !isForeign { compareMember("bits", wanted.value, given.value, path) }
    case "dict": compareDict(expected, observed, path)
    case "list", "tuple": compareElements(wanted.value, given.value, path)
    case "namedtuple": compareRecord(wanted.value, given.value, path)
    default:
      if wanted.value != given.value {
        report(path, "\(wanted.kind) must be \(wanted.value.summary), is \(given.value.summary)")
      }
    }
  }

  private mutating func compareDict(_ expected: JSON, _ observed: JSON, _ path: String) {
    let wanted = expected["dict"] ?? .null
    let given = observed["dict"] ?? .null
    pair(wanted, given, path) { comparison, entry, given in
      comparison.compareNode(entry.value, given, path + "/" + entry.name)
    }
    guard !isForeign else { return }
    compareOrder(wanted, given, path)
    let integers = expected["was"]?["integerKeys"]?.texts
    guard integers != nil || isComplete else { return }
    let observedIntegers = observed["was"]?["integerKeys"]?.texts ?? []
    if Set((integers ?? []).map(TreeKey.string)) != Set(observedIntegers.map(TreeKey.string)) {
      report(path, "the integer keys must be \(integers ?? []), are \(observedIntegers)")
    }
  }

  /// Compares the order of names if both sides have the same names.
  private mutating func compareOrder(_ expected: JSON, _ observed: JSON, _ path: String) {
    guard isComplete else { return }
    let wanted = (expected.object ?? []).map { TreeKey.string($0.name) }
    let given = (observed.object ?? []).map { TreeKey.string($0.name) }
    guard wanted != given, Set(wanted) == Set(given) else { return }
    let place = zip(wanted, given).prefix { $0 == $1 }.count
    report(path, "the order of names differs from number \(place) on")
  }

  private mutating func compareElements(_ expected: JSON, _ observed: JSON, _ path: String) {
    let wanted = expected.array ?? []
    let given = observed.array ?? []
    if wanted.count != given.count {
      report(path, "must have \(wanted.count) elements, has \(given.count)")
    }
    for (index, (left, right)) in zip(wanted, given).enumerated() {
      compareNode(left, right, "\(path)/\(index)")
    }
  }

  private mutating func compareRecord(_ expected: JSON, _ observed: JSON, _ path: String) {
    if !isForeign { compareMember("class", expected, observed, path) }
    let wanted = expected["fields"]?.array ?? []
    let given = observed["fields"]?.array ?? []
    guard wanted.map(\.fieldName) == given.map(\.fieldName), wanted.allSatisfy(\.isField),
      given.allSatisfy(\.isField)
    else {
      return report(path, "the fields must be \(wanted.map(\.fieldName.summary)), in this order")
    }
    for (left, right) in zip(wanted, given) {
      compareNode(left.fieldNode, right.fieldNode, path + "/" + (left.fieldName.string ?? ""))
    }
  }

  private mutating func compareArray(_ expected: JSON, _ observed: JSON, _ path: String) {
    checkArrayNames(expected, path)
    // For some cases of other formats, the expected description allows several dtypes.
    let accepted = isForeign ? expected["acceptDtype"]?.array ?? [] : []
    if accepted.isEmpty || !accepted.contains(where: { $0 == observed["dtype"] }) {
      compareMember("dtype", expected, observed, path)
    }
    compareMember("shape", expected, observed, path)
    if accepted.isEmpty { compareMember("sha256", expected, observed, path) }
    if expected["prngImpl"] != nil || !isForeign {
      compareMember("prngImpl", expected, observed, path)
    }
    guard !isForeign else { return }
    compareSharding(expected, observed, path)
    compareMember("lengths", expected, observed, path)
  }

  /// Compares shardings; a mesh's devices are an addition, as shardings themselves are.
  private mutating func compareSharding(_ expected: JSON, _ observed: JSON, _ path: String) {
    guard let wanted = expected["sharding"], let given = observed["sharding"] else {
      return compareMember("sharding", expected, observed, path)
    }
    for name in Set(((wanted.object ?? []) + (given.object ?? [])).map(\.name)).sorted() {
      compareMember(name, wanted, given, path + " sharding")
    }
  }

  private mutating func checkArrayNames(_ expected: JSON, _ path: String) {
    guard !isForeign else { return }
    let needed = ["dtype", "shape"] + (isListing ? [] : ["sha256"])
    for name in needed where expected[name] == nil {
      report(path, "expected.json doesn't give the array's \(name)")
    }
    let known = ["dtype", "shape", "sha256", "first", "prngImpl", "sharding", "lengths", "was"]
    for member in expected.object ?? [] where !known.contains(member.name) {
      report(path, "expected.json has an unknown member \(member.name)")
    }
  }
}

/// A field of a record is an array of its name and its node.
extension JSON {
  fileprivate var isField: Bool { array?.count == 2 && fieldName.string != nil }
  fileprivate var fieldName: JSON { array?.first ?? .null }
  fileprivate var fieldNode: JSON { array?.last ?? .null }
}
