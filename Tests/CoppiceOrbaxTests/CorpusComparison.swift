import CoppiceDigest
import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import CoppiceTestSupport
import Testing

/// Compares what was read with the corpus's truth, by the rules of its `compare.py`; besides, mesh
/// axes and key implementations.
struct CorpusComparison {
  private(set) var differences: [String] = []

  mutating func compare(_ expected: JSONNode, _ contents: CheckpointContents) throws {
    try compareRoot(expected, contents, "")
    if let custom = expected["customMetadata"] {
      compareJSON(custom.json, contents.custom ?? .null, "customMetadata")
    }
  }

  mutating func compare(_ expected: JSONNode, _ steps: CheckpointRun) throws {
    let known = expected["steps"]
    for step in steps.steps {
      let place = "step \(step.number)"
      let contents = try step.open().whole()
      guard let truth = known?[String(step.number)] else {
        if expected["steps"] != nil { differences.append("\(place): unexpected") }
        continue
      }
      try compareRoot(truth, contents, place)
      #expect(contents.step == step.number)
      for (member, value) in [("metrics", contents.metrics), ("customMetadata", contents.custom)] {
        guard let wanted = truth[member] else { continue }
        compareJSON(wanted.json, value ?? .null, "\(place) \(member)")
      }
    }
    for (name, _) in known?.requireMembers ?? []
    where Int(name).map({ number in
      !steps.steps.contains { $0.number == number }
    }) ?? true { differences.append("step \(name): missing") }
    if let latest = try expected["latestStep"]?.int() {
      #expect(steps.steps.last?.number == latest)
    }
    if let custom = expected["rootMetadata"]?["custom_metadata"] {
      compareJSON(
        custom.json, steps.rootMetadata?["custom_metadata"] ?? .null, "rootMetadata")
    }
  }

  private mutating func compareRoot(
    _ expected: JSONNode, _ contents: CheckpointContents, _ place: String
  ) throws {
    switch contents.root {
    case .unnamed(let item):
      guard let truth = expected["root"] else {
        // There are no expected contents, but everything is read, which reveals damage.
        return try compareItem(nil, item, place)
      }
      try compareItem(truth, item, place)
    case .named(let items): try compareItems(expected["checkpointables"], items, place)
    }
    if let truth = expected["root"], case .named = contents.root {
      differences.append("\(place): named items, expected \(truth["kind"]?.json as Any)")
    }
  }

  private mutating func compareItems(
    _ expected: JSONNode?, _ items: [NamedCheckpointable], _ place: String
  ) throws {
    for item in items {
      let truth = expected?[item.name]
      if truth == nil, expected != nil { differences.append("\(place):\(item.name) unexpected") }
      try compareItem(truth, item.value, "\(place):\(item.name)")
    }
    for (name, _) in expected?.requireMembers ?? []
    where !items.contains(where: {
      $0.name.utf8.elementsEqual(name.utf8)
    }) { differences.append("\(place):\(name) missing") }
  }

  /// Compares an item; without a truth it is only read through.
  private mutating func compareItem(
    _ expected: JSONNode?, _ item: Checkpointable, _ place: String
  ) throws {
    let kind = expected?["kind"]
    switch item {
    case .tree(let tree):
      check(kind, "tree", place)
      try compareTree(expected?["tree"], tree, place)
    case .json(let value):
      check(kind, "json", place)
      if let wanted = expected?["value"] { compareJSON(wanted.json, value, place) }
    case .composite(let items):
      check(kind, "composite", place)
      try compareItems(expected?["items"], items, place)
    case .files(let files):
      check(kind, "opaque", place)
      for file in files {
        let hash = SHA256.hex(try bytes(file.bytes))
        guard let truth = expected?["files"]?[file.path] else {
          differences.append("\(place): unexpected file \(file.path)")
          continue
        }
        if truth["sha256"]?.stringEquals(hash) != true {
          differences.append("\(place): file \(file.path) differs")
        }
      }
      if let count = expected?["files"]?.count, count != files.count {
        differences.append("\(place): \(files.count) files, expected \(count)")
      }
    }
  }

  private mutating func check(_ kind: JSONNode?, _ observed: String, _ place: String) {
    guard let kind, !kind.stringEquals(observed) else { return }
    differences.append("\(place): kind \(observed), expected \(kind.json)")
  }

  private func bytes(_ source: any ByteSource) throws -> [UInt8] {
    var all: [UInt8] = []
    try source.forEachPiece(ofAtMost: 1 << 16) { all += $0.copied }
    return all
  }

  mutating func compareJSON(_ expected: JSON, _ observed: JSON, _ place: String) {
    if !isEqual(expected, observed) {
      differences.append("\(place): json \(observed), expected \(expected)")
    }
  }

  private func isEqual(_ expected: JSON, _ observed: JSON) -> Bool {
    switch (expected, observed) {
    case (.number(let a), .number(let b)): a == b || Double(a) == Double(b)
    case (.array(let a), .array(let b)):
      a.count == b.count && zip(a, b).allSatisfy { isEqual($0, $1) }
    case (.object(let a), .object(let b)):
      a.count == b.count
        && a.allSatisfy { member in
          observed[member.name].map { isEqual(member.value, $0) } ?? false
        }
    default: expected == observed
    }
  }

  mutating func add(_ difference: String) { differences.append(difference) }
}

extension JSONNode {
  /// The members of an object; none for other kinds.
  var requireMembers: [(name: String, value: JSONNode)] {
    (try? requireObject()).map { Array($0) } ?? []
  }
}
