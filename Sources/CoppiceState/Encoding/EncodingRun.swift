import CoppiceModel

/// One call of an encoder: its choices, and the state shared by all nodes.
final class EncodingRun {
  let options: TreeEncoder.Options
  /// The first failure in a call that `Encodable` doesn't allow to throw.
  private var failure: (any Error)?
  private var callDepth = 0

  /// The paths of enums; recorded only on request.
  private(set) var choices: Set<TreePath> = []
  private let notesChoices: Bool

  init(_ options: TreeEncoder.Options, notesChoices: Bool = false) {
    self.options = options
    self.notesChoices = notesChoices
  }

  /// Encodes the root value.
  func encodeRoot(_ value: some Encodable) throws(CoppiceError) -> Tree<NDArray> {
    do {
      return try node(value, at: nil)
    } catch let error as CoppiceError {
      throw error
    } catch EncodingError.invalidValue(_, let context) {
      var components: [TreePath.Component] = []
      for key in context.codingPath {
        components.append((key as? IndexKey)?.intValue.map { .index($0) } ?? .key(TreeKey(key)))
      }
      throw CoppiceError(
        .stateCoding, context.debugDescription,
        at: .init(treePath: TreePath(components).description),
        cause: context.underlyingError.map { .other($0) })
    } catch {
      throw CoppiceError(
        .stateCoding, "a type's own encoding failed: \(error)", cause: .other(error))
    }
  }

  /// Returns the tree of a value.
  func node<Value: Encodable>(_ value: Value, at place: CodingPlace?) throws -> Tree<NDArray> {
    callDepth += 1
    defer { callDepth -= 1 }
    guard callDepth <= 2 * options.depth else { throw tooDeep(place) }
    if let known = value as? any TreeEncodable { return try known.node(in: self, at: place) }
    return try ownNode(value, at: place)
  }

  /// Returns the tree made by a value's own `encode(to:)`.
  func ownNode<Value: Encodable>(_ value: Value, at place: CodingPlace?) throws -> Tree<NDArray> {
    if notesChoices, Mirror(reflecting: value).displayStyle == .enum {
      choices.insert(place.treePath)
    }
    let name = options.structures == .records ? String(describing: Value.self) : nil
    let encoder = NodeEncoder(self, at: place, typeName: name)
    try value.encode(to: encoder)
    return try encoder.finish()
  }

  func checkDepth(ofContainerAt place: CodingPlace?) throws {
    guard place.depth < options.depth else { throw tooDeep(place) }
  }

  /// Keeps the first failure of a call that can't throw; the next call that can throws it.
  func keep(_ error: any Error) {
    if failure == nil { failure = error }
  }

  func checkFailure() throws {
    if let failure { throw failure }
  }

  func tooDeep(_ place: CodingPlace?) -> CoppiceError {
    CoppiceError(
      .stateCoding,
      "the value is nested deeper than \(options.depth) containers, or contains itself",
      at: .init(treePath: place.treePath.description))
  }
}
