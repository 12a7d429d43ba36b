public import CoppiceMaintenance
public import CoppiceModel
public import SystemPackage

/// A request to a reader under test, about one checkpoint.
///
/// Spec: annex E.
public struct RunnerRequest: Sendable {
  /// The question about the checkpoint.
  public enum Query: Sendable {
    /// Load all of it, or the part that a target names, and describe the result.
    case load(LoadTarget?)
    /// Describe it without the elements of arrays.
    case list
    /// Find its faults to a level.
    case validate(ValidationLevel)
  }

  /// The part of a checkpoint that is loaded.
  public struct LoadTarget: Sendable {
    /// The name of a checkpointable, after those of the composites around it.
    public var names: [String]
    /// The text of the path of a node in a tree, if not all of the checkpointable is loaded.
    public var path: String?
    /// The box of the array at the path, if not all of it is loaded.
    public var box: ArrayBox?

    /// Makes a target.
    public init(_ names: [String], path: String? = nil, box: ArrayBox? = nil) {
      self.names = names
      self.path = path
      self.box = box
    }
  }

  /// The directory of the checkpoint or run.
  public var checkpoint: FilePath
  /// The question.
  public var query: Query

  /// Makes a request.
  public init(_ query: Query, of checkpoint: FilePath) {
    self.checkpoint = checkpoint
    self.query = query
  }
}

extension RunnerRequest: CustomStringConvertible {
  /// The question as JSON in one line, without the path of the checkpoint.
  public var description: String { JSON.object(query.members).line }
}

extension RunnerRequest {
  /// The request as runners receive it.
  var json: JSON {
    .object([.init("checkpoint", .string(checkpoint.string))] + query.members)
  }
}

extension RunnerRequest.Query {
  fileprivate var members: [JSON.Member] {
    switch self {
    case .list: return [.init("query", .string("list"))]
    case .validate(let level):
      return [.init("query", .string("validate")), .init("level", .string(level.rawValue))]
    case .load(let target):
      var members: [JSON.Member] = [.init("query", .string("load"))]
      guard let target else { return members }
      members.append(.init("checkpointable", .array(target.names.map { .string($0) })))
      if let path = target.path { members.append(.init("path", .string(path))) }
      if let box = target.box {
        members.append(
          .init(
            "box",
            .object([
              .init("offset", .array(box.offset.map { .integer($0) })),
              .init("shape", .array(box.shape.dimensions.map { .integer($0) })),
            ])))
      }
      return members
    }
  }

  /// Reads a question as cases state it; `nil` when it is none.
  init?(_ json: JSON) {
    let names = (json.object ?? []).map(\.name)
    func has(only known: Set<String>) -> Bool { known.isSuperset(of: names) }
    switch json["query"]?.string {
    case "list" where has(only: ["query"]): self = .list
    case "validate" where has(only: ["query", "level"]):
      guard let level = json["level"]?.string.flatMap(ValidationLevel.init(rawValue:)) else {
        return nil
      }
      self = .validate(level)
    case "load" where has(only: ["query"]): self = .load(nil)
    case "load" where has(only: ["query", "checkpointable", "path", "box"]):
      guard let names = json["checkpointable"]?.texts, !names.isEmpty else { return nil }
      var target = RunnerRequest.LoadTarget(names)
      if let path = json["path"] {
        guard let text = path.string else { return nil }
        target.path = text
      }
      if let box = json["box"] {
        guard target.path != nil, let box = ArrayBox(box) else { return nil }
        target.box = box
      }
      self = .load(target)
    default: return nil
    }
  }
}

extension ArrayBox {
  fileprivate init?(_ json: JSON) {
    guard let offset = json["offset"]?.array?.compactMap(\.int),
      let extents = json["shape"]?.array?.compactMap(\.int), offset.count == extents.count,
      let shape = Shape(extents)
    else { return nil }
    self.init(offset: offset, shape: shape)
  }
}
