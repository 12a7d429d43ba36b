import CoppiceModel

extension TreeDecoder {
  /// Renames, merges and decodes a tree, and finds the nodes that weren't used.
  func decode<Value: Decodable>(
    _ type: Value.Type, from tree: Tree<NDArray>, merging fallback: Fallback?, reports: Bool
  ) throws(CoppiceError) -> (value: Value, report: Report) {
    var moves = NodeMoves(tree)
    for rename in options.renames { try moves.apply(rename) }
    var (tree, report) = (moves.tree, Report())
    if let fallback { tree = fallback.merge(under: tree, given: &report.fromFallback) }
    let usage = reports ? NodeUsage() : nil
    let run = DecodingRun(options) { moves.original($0) }
    let value = try run.decodeRoot(type, from: tree, usage: usage)
    if let usage {
      let given = Set(report.fromFallback)
      report.unused = usage.unused(in: tree).filter { !given.contains($0) }
        .map { moves.original($0) }
    }
    guard options.unused == .ignored || report.unused.isEmpty else {
      throw Self.refusal(of: report.unused, type)
    }
    return (value, report)
  }

  private static func refusal(of paths: [TreePath], _ type: Any.Type) -> CoppiceError {
    let names = paths.prefix(20).map { $0.description.printable }.joined(separator: ", ")
    let count = paths.count == 1 ? "1 array or value" : "\(paths.count) arrays and values"
    return CoppiceError(
      .stateCoding,
      "\(type) doesn't ask for \(count) of the tree: \(names)\(paths.count > 20 ? ", …" : "")",
      at: .init(treePath: paths.first?.description))
  }
}
