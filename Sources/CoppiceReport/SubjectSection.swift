import Coppice
import CoppiceModel

/// The checkpoint that the page shows: metadata, and the trees without array data.
struct SubjectSection: ReportSection {
  let name = "checkpoint"
  private(set) var faults: [CoppiceError] = []
  var verdict = Verdict.none

  private let contents: CheckpointContents
  private let words: @Sendable (String) -> String
  private var items: [JSON] = []
  private var outline: TreeOutline

  /// Opens what is at an address, and lists it.
  ///
  /// - Throws: The errors of `CheckpointAddress.node`; `io.*`.
  init(
    of contents: CheckpointContents, at address: CheckpointAddress, _ findings: ArrayFindings,
    words: @escaping @Sendable (String) -> String
  ) throws(CoppiceError) {
    self.contents = contents
    self.words = words
    outline = TreeOutline(findings: findings, words: words)
    if let node = try address.node(in: contents) {
      items.append(try add(node.item, named: node.place))
    } else {
      switch contents.root {
      case .unnamed(let item): items.append(try add(NamedCheckpointable("", item), named: ""))
      case .named(let named): for item in named { items.append(try add(item, named: item.name)) }
      }
    }
    faults += outline.faults
  }

  private mutating func add(
    _ item: NamedCheckpointable, named name: String, at place: String? = nil
  ) throws(CoppiceError) -> JSON {
    let place = place ?? name
    var members: [JSON.Member] = [.init("name", .string(name.printable))]
    do throws(CoppiceError) {
      let opened = try item.listed
      members.append(.init("kind", .string(opened.value.kind.rawValue)))
      if let fault = opened.fault { members.append(note(fault, name)) }
      switch opened.value {
      case .tree(let tree): members.append(.init("tree", outline.describe(tree, at: place)))
      case .json: break
      case .files(let files):
        let list = files.map { file in
          JSON.array([.string(file.path.printable), .integer(file.bytes.byteCount)])
        }
        members.append(.init("files", .array(list)))
      case .composite(let items):
        var inner: [JSON] = []
        for item in items {
          inner.append(try add(item, named: item.name, at: place + "/" + item.name))
        }
        members.append(.init("items", .array(inner)))
      }
    } catch {
      guard error.code.isInputFault else { throw error }
      members.append(.init("kind", .string("damaged")))
      members.append(note(error, name))
    }
    return .object(members)
  }

  private mutating func note(_ fault: CoppiceError, _ name: String) -> JSON.Member {
    faults.append(fault.located(inCheckpointable: name))
    return .init("fault", .string(words(fault.message)))
  }

  var json: JSON {
    var members: [JSON.Member] = [.init("format", .string(contents.format))]
    if let step = contents.step { members.append(.init("step", .integer(step))) }
    for (name, time) in [("begun", contents.initTime), ("committed", contents.commitTime)] {
      if let time { members.append(.init(name, .string(time.shortText))) }
    }
    if let metrics = contents.metrics { members.append(.init("metrics", metrics.forScript)) }
    if let custom = contents.custom { members.append(.init("custom", custom.forScript)) }
    members += [
      .init("verdict", verdict.json),
      .init(
        "warnings", .array(contents.allWarnings.map { .string($0.reworded(words).description) })),
      .init("sizes", outline.sizes), .init("shardings", outline.shardings),
      .init("files", .array(outline.files.list.map { .string($0.printable) })),
      .init("filters", .array(outline.filters.list.map { .array($0.map { .string($0) }) })),
      .init("items", .array(items)),
    ]
    return .object(members)
  }
}
