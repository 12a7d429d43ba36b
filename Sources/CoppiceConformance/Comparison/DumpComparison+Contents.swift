import CoppiceModel

extension DumpComparison {
  /// The members that a description of a checkpoint may have at its top level.
  private static let names: Set<String> = [
    "dumpVersion", "format", "checkpointables", "root", "steps", "latestStep", "bestStep",
    "rootMetadata", "step", "dir", "metrics", "customMetadata", "initTimestampNsecs",
    "commitTimestampNsecs", "fault",
  ]

  mutating func compareRoots(_ expected: JSON, _ observed: JSON) {
    checkNames(expected, "")
    guard expected["steps"] != nil else { return compareContents(expected, observed, "") }
    guard let steps = expected["steps"], let given = observed["steps"] else {
      return report("", "must be a run of steps")
    }
    pair(steps, given, "/steps") { comparison, step, given in
      let path = "/steps/" + step.name
      comparison.checkNames(step.value, path)
      // The directory's name only shows how the step was found; readers need not report it.
      if !comparison.isForeign, given["dir"] != nil {
        comparison.compareMember("dir", step.value, given, path, isOptional: true)
      }
      guard !comparison.compareFault(step.value, given, path) else { return }
      comparison.compareContents(step.value, given, path)
    }
    compareMember("latestStep", expected, observed, "", isOptional: true)
    compareMember("rootMetadata", expected, observed, "")
  }

  /// Reports members of the expected description that no comparison would check.
  private mutating func checkNames(_ expected: JSON, _ path: String) {
    guard !isForeign else { return }
    for member in expected.object ?? [] where !Self.names.contains(member.name) {
      report(path, "expected.json has an unknown member \(member.name)")
    }
  }

  private mutating func compareContents(_ expected: JSON, _ observed: JSON, _ path: String) {
    if !isForeign, expected["root"] == nil, expected["checkpointables"] == nil {
      report(path, "expected.json has neither a root nor checkpointables")
    }
    if let item = expected["root"] { compareItem(item, observed["root"], path) }
    if let items = expected["checkpointables"] {
      if let given = observed["checkpointables"] {
        pairItems(items, given, path)
      } else {
        report(path, "there are no checkpointables")
      }
    }
    for name in ["metrics", "customMetadata"] { compareMember(name, expected, observed, path) }
    guard !isForeign else { return }
    compareMember("step", expected, observed, path)
    for name in ["initTimestampNsecs", "commitTimestampNsecs"] {
      compareMember(name, expected, observed, path, isOptional: true)
    }
  }

  /// Compares checkpointables, which have no order.
  private mutating func pairItems(_ expected: JSON, _ observed: JSON, _ path: String) {
    pair(expected, observed, path) { comparison, item, given in
      comparison.compareItem(item.value, given, path + "/" + item.name)
    }
  }

  /// Compares the code of a fault that a listing has in the place of a step or checkpointable.
  ///
  /// - Returns: Whether a fault is expected.
  private mutating func compareFault(
    _ expected: JSON, _ observed: JSON, _ path: String
  ) -> Bool {
    guard isListing, let code = expected["fault"]?["code"] else { return false }
    let given = observed["fault"]?["code"]
    if given != code {
      report(path, "must have the fault \(code.summary), has \(given?.summary ?? "none")")
    }
    return true
  }

  mutating func compareItem(_ expected: JSON, _ observed: JSON?, _ path: String) {
    guard !compareFault(expected, observed ?? .null, path) else { return }
    let kind = expected["kind"]?.string ?? "?"
    guard let observed, observed["kind"]?.string == kind else {
      return report(path, "must be a \(kind), is \(observed?["kind"]?.string ?? "missing")")
    }
    switch kind {
    case "tree": compareNode(expected["tree"] ?? .null, observed["tree"] ?? .null, path)
    case "json": compareMember("value", expected, observed, path)
    case "composite":
      pairItems(expected["items"] ?? .null, observed["items"] ?? .null, path)
    case "opaque": compareFiles(expected["files"], observed["files"], path)
    default: report(path, "expected.json has the unknown kind \(kind)")
    }
  }

  private mutating func compareFiles(_ expected: JSON?, _ observed: JSON?, _ path: String) {
    let members = (observed?.object ?? []).filter { member in
      // Orbax's marker in every directory isn't a file of the user.
      !(isForeign && member.name == "commit_success.txt")
    }
    pair(expected ?? .object([]), .object(members), path) { comparison, file, given in
      let place = path + "/" + file.name
      comparison.compareMember("sha256", file.value, given, place)
      comparison.compareMember("size", file.value, given, place, isOptional: comparison.isForeign)
    }
  }
}
