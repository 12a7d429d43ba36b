public import CoppiceModel

/// A comparison of a checkpoint's canonical description with the expected one.
///
/// Everything in the expected description must hold. If it has a `dumpVersion`, it also has all of
/// that version's additions: the kinds and the order of keys, shardings, the bits of NaNs. The
/// observed description must then have no others. Sample elements, and times that aren't expected,
/// are never compared.
public struct DumpComparison {
  /// Whether the case is of another format, in which containers may have lost their types.
  let isForeign: Bool
  /// Whether members that aren't expected are differences.
  let isComplete: Bool
  /// Whether the case is a Keras file, of which only the model's weights are expected.
  let isOfKeras: Bool
  var found: [String] = []

  /// Whether the descriptions leave out the elements of arrays and the content of files.
  let isListing: Bool

  /// Returns the differences, one line each; none when the descriptions agree.
  public static func differences(
    expected: JSON, observed: JSON, isForeign: Bool = false
  ) -> [String] {
    var comparison = DumpComparison(expected, isForeign: isForeign)
    comparison.compareRoots(expected, observed)
    return comparison.found
  }

  /// Returns the differences between the descriptions that answer a request.
  static func differences(
    expected: JSON, observed: JSON, of query: RunnerRequest.Query
  ) -> [String] {
    var isListing = false
    if case .list = query { isListing = true }
    var comparison = DumpComparison(expected, isListing: isListing)
    switch query {
    case .load(let target?) where target.path != nil:
      comparison.compareNode(expected, observed, target.path ?? "")
    case .load(let target?):
      comparison.compareItem(expected, observed, "/" + target.names.joined(separator: "/"))
    case .load(nil), .list, .validate: comparison.compareRoots(expected, observed)
    }
    return comparison.found
  }

  private init(_ expected: JSON, isForeign: Bool = false, isListing: Bool = false) {
    self.isForeign = isForeign
    self.isListing = isListing
    isComplete = !isForeign && expected["dumpVersion"] != nil
    isOfKeras = expected["layout"]?.string?.hasPrefix("keras") ?? false
  }

  mutating func report(_ path: String, _ message: String) {
    found.append((path.isEmpty ? "/" : path) + ": " + message)
  }

  /// Compares a member that may be missing from the expected description.
  ///
  /// - Parameter isOptional: Whether the member may be present although it isn't expected.
  mutating func compareMember(
    _ name: String, _ expected: JSON, _ observed: JSON, _ path: String, isOptional: Bool = false
  ) {
    switch (expected[name], observed[name]) {
    case (nil, nil): break
    case (nil, let extra?):
      if isComplete && !isOptional { report(path, "unexpected \(name) \(extra.summary)") }
    case (let wanted?, let given):
      if let given, wanted.isSame(as: given, numerically: isForeign) { return }
      report(path, "\(name) must be \(wanted.summary), is \(given?.summary ?? "missing")")
    }
  }

  /// Pairs the members of two objects by the bytes of their names.
  mutating func pair(
    _ expected: JSON, _ observed: JSON, _ path: String,
    _ body: (inout Self, JSON.Member, JSON) -> Void
  ) {
    let wanted = expected.object ?? []
    let given = observed.object ?? []
    let byName = Dictionary(given.map { (TreeKey.string($0.name), $0.value) }) { first, _ in first }
    for member in wanted {
      if let value = byName[.string(member.name)] {
        body(&self, member, value)
      } else {
        report(path + "/" + member.name, "missing")
      }
    }
    let names = Set(wanted.map { TreeKey.string($0.name) })
    for member in given where !names.contains(.string(member.name)) {
      if isOfKeras, Self.isBesideWeights(member) { continue }
      report(path + "/" + member.name, "unexpected")
    }
  }

  /// Returns whether a node belongs to the optimizer or is a group without weights.
  private static func isBesideWeights(_ member: JSON.Member) -> Bool {
    if ["optimizer", "optimizer_weights"].contains(member.name) { return true }
    if member.value["emptyDict"] != nil { return true }
    guard let members = member.value["dict"]?.object else { return false }
    return members.allSatisfy(isBesideWeights)
  }
}
