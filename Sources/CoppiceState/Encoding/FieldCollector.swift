import CoppiceModel

/// A collector of the entries of a keyed container, in the order of their encoding.
final class FieldCollector {
  let run: EncodingRun
  let place: CodingPlace?
  private let typeName: String?
  private var entries: [(key: TreeKey, part: EncodedPart)] = []
  /// The positions of the keys, once there are many.
  private var positions: [TreeKey: Int] = [:]

  /// The number of entries from which a hash index is used.
  private static let indexThreshold = 12

  init(_ run: EncodingRun, at place: CodingPlace?, typeName: String? = nil) {
    self.run = run
    self.place = place
    self.typeName = typeName
    if place.depth >= run.options.depth { run.keep(run.tooDeep(place)) }
  }

  func place(of key: any CodingKey) -> CodingPlace {
    CodingPlace(place, key: key, component: .key(TreeKey(key)))
  }

  func encode(_ value: some Encodable, forKey key: any CodingKey) throws {
    try run.checkFailure()
    add(key, .node(try run.node(value, at: place(of: key))))
  }

  /// Adds an entry, replacing an earlier one with the same key.
  func add(_ key: any CodingKey, _ part: EncodedPart) {
    let key = TreeKey(key)
    if let position = position(of: key) {
      entries[position].part = part
      return
    }
    entries.append((key, part))
    if entries.count > Self.indexThreshold {
      positions[key] = entries.count - 1
    } else if entries.count == Self.indexThreshold {
      for (position, entry) in entries.enumerated() { positions[entry.key] = position }
    }
  }

  private func position(of key: TreeKey) -> Int? {
    entries.count < Self.indexThreshold
      ? entries.firstIndex { $0.key == key } : positions[key]
  }

  func finish() throws -> Tree<NDArray> {
    guard let typeName else {
      return .dict(try entries.map { .init($0.key, try $0.part.finish()) })
    }
    let fields = try entries.map { entry in
      let name = IndexKey(entry.key).stringValue
      return Tree<NDArray>.Field(name, try entry.part.finish())
    }
    return .record(.init(type: typeName, fields: fields))
  }
}
