import CoppiceModel

/// A step of the way to the value that is being encoded or decoded, linked to those before it.
///
/// Coding paths are wanted in errors only, so that nothing copies them on the way.
final class CodingPlace {
  let parent: CodingPlace?
  let key: any CodingKey
  /// The step as trees have it.
  let component: TreePath.Component
  /// The number of steps.
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

/// The coding key of an element, or of a dictionary's entry.
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
  /// The steps from the root down.
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
  /// The key of a dictionary node for a coding key.
  ///
  /// Coding keys of dictionaries with integers as keys have the digits as their text; an integer
  /// behind a name, such as an enum's raw value, is no key.
  init(_ key: any CodingKey) {
    if let number = key.intValue, key.stringValue == String(number) {
      self = .integer(number)
    } else {
      self = .string(key.stringValue)
    }
  }
}
