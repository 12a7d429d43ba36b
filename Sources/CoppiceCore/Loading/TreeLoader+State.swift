import CoppiceModel
import CoppiceState

extension TreeLoader {
  /// Loads a tree into a `Codable` type, as saved or as an abstract tree requests.
  ///
  /// - Throws: `state.coding`; otherwise as loading a tree.
  package static func load<State: Decodable>(
    _ type: State.Type, from saved: Tree<ArrayLeaf>, as asked: Tree<AbstractLeaf>?,
    options: TreeLoadOptions, monitor: OperationMonitor
  ) throws(CoppiceError) -> State {
    let tree = try load(saved, as: asked, options: options, monitor: monitor)
    // With an abstract tree, loading has already filled in what is missing.
    guard asked == nil, case .fallback(let value) = options.missing else {
      return try TreeDecoder().decode(type, from: tree)
    }
    return try TreeDecoder().decode(type, from: tree, fallback: value)
  }

  /// Loads a tree into a value like another one: with its structure, element types and shapes.
  ///
  /// - Throws: `state.coding`; otherwise as loading a tree.
  package static func load<State: Codable>(
    from saved: Tree<ArrayLeaf>, as target: State, options: TreeLoadOptions,
    monitor: OperationMonitor
  ) throws(CoppiceError) -> State {
    var options = options
    options.noneTakesAnything = true
    let asked = try TreeEncoder().encode(target).abstract()
    let tree = try load(saved, as: asked, options: options, monitor: monitor)
    var decoder = TreeDecoder()
    decoder.options.casts = options.castMode
    return try decoder.decode(from: tree)
  }
}
