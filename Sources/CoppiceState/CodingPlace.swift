import CoppiceModel

/// One component of the path to the value being encoded or decoded, linked to its parent.
///
/// Only errors need the whole coding path, so that it is put together then and never copied before.
final class CodingPlace {
  let parent: CodingPlace?
  let key: any CodingKey
  /// The same component as part of a tree path.
  let component: TreePath.Component
  /// The number of components up to this one.
  let depth: Int

  init(_ parent: CodingPlace?, key: any CodingKey, component: TreePath.Component) {
    self.parent = parent
    self.key = key
    self.component = component
    depth = (parent?.depth ?? 0) + 1
  }

  convenience init(_ parent: CodingPlace?, index: Int) {
    self.init(parent, key: IndexKey(index), component: .index(index))
  }
}

/// The coding key of a sequence's element or of a dictionary's entry.
struct IndexKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ index: Int) {
    intValue = index
    stringValue = String(index)
  }

  init(_ key: TreeKey) {
    switch key {
    case .integer(let number): self.init(number)
    case .string(let text): self.init(stringValue: text)
    }
  }

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  init(intValue: Int) { self.init(intValue) }
}

extension CodingPlace? {
  /// The components from the root down.
  private var steps: [CodingPlace] {
    var steps: [CodingPlace] = []
    var place = self
    while let step = place {
      steps.append(step)
      place = step.parent
    }
    return steps.reversed()
  }

  var codingPath: [any CodingKey] { steps.map(\.key) }

  var treePath: TreePath { TreePath(steps.map(\.component)) }

  var depth: Int { self?.depth ?? 0 }
}

extension TreeKey {
  /// Makes the key of a dictionary node from a coding key.
  ///
  /// The coding keys of dictionaries with integer keys have the same digits as their text. The
  /// integer of a key with another text, such as an enum's raw value, isn't used.
  init(_ key: any CodingKey) {
    if let number = key.intValue, key.stringValue == String(number) {
      self = .integer(number)
    } else {
      self = .string(key.stringValue)
    }
  }
}
