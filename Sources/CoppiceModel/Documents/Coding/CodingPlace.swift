/// One component of the path to the value being encoded or decoded, linked to its parent.
///
/// Only errors need the whole coding path, so that it is put together then and never copied before.
package final class CodingPlace {
  fileprivate let parent: CodingPlace?
  fileprivate let key: any CodingKey
  /// The same component of a tree path; `nil` in a JSON document.
  fileprivate let component: TreePath.Component?
  /// The number of components up to this one.
  fileprivate let depth: Int

  package init(_ parent: CodingPlace?, key: any CodingKey, component: TreePath.Component? = nil) {
    self.parent = parent
    self.key = key
    self.component = component
    depth = (parent?.depth ?? 0) + 1
  }

  package convenience init(_ parent: CodingPlace?, index: Int) {
    self.init(parent, key: IndexKey(index), component: .index(index))
  }
}

/// The coding key of a sequence's element, or of a dictionary's or JSON object's member.
package struct IndexKey: CodingKey {
  package let stringValue: String
  package let intValue: Int?

  package init(_ index: Int) {
    intValue = index
    stringValue = String(index)
  }

  package init(_ key: TreeKey) {
    switch key {
    case .integer(let number): self.init(number)
    case .string(let text): self.init(stringValue: text)
    }
  }

  package init(stringValue: String) {
    self.stringValue = stringValue
    // A name of digits is a name.
    intValue = nil
  }

  package init(intValue: Int) { self.init(intValue) }
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

  package var codingPath: [any CodingKey] { steps.map(\.key) }

  package var treePath: TreePath { TreePath(steps.compactMap(\.component)) }

  package var depth: Int { self?.depth ?? 0 }
}
