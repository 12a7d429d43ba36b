import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel

/// The signs that Keras made an HDF5 file: lists of layers and weights, or numbered variables.
struct KerasFile {
  /// The format's name in the reader's result.
  let format: String
  /// Layers and weights in the model's order.
  private(set) var order = MemberOrder()

  /// Recognises a file; fails when Keras didn't make it.
  ///
  /// - Throws: `keras.missing-weight` when the file lists a weight that it doesn't hold.
  init?(_ outline: FileOutline) throws(CoppiceError) {
    let groups = KerasGroups(outline)
    if let weights = groups.listedWeights {
      format = "keras-legacy-h5"
      let index = FileOutline.Index(outline)
      for weight in weights {
        switch index.object(at: weight)?.content {
        case .dataset?, .unreadable?: break
        default:
          throw CoppiceError(
            .kerasMissingWeight,
            "the file lists a weight that it doesn't hold; it is incomplete, so save it again",
            at: .init(treePath: String(decoding: weight, as: UTF8.self)))
        }
        order.append(weight)
      }
    } else if groups.hasVariables {
      format = "keras-weights-h5"
      order.isNumeric = true
    } else {
      return nil
    }
  }

  /// Returns whether an attribute only describes the file's structure, which its tree shows too.
  func isStructure(_ name: [UInt8]) -> Bool {
    ["layer_names", "weight_names", "dtype", "name"].contains { prefix in
      name.starts(with: prefix.utf8)
        && name.dropFirst(prefix.utf8.count).allSatisfy { (0x30...0x39).contains($0) }
    }
  }
}

/// The groups of a file that Keras may have made, with their attributes.
private struct KerasGroups {
  private var attributes: [[UInt8]: [FileOutline.Attribute]] = [:]
  /// Whether the groups `vars` have numbered datasets and nothing else.
  private(set) var hasVariables = false

  init(_ outline: FileOutline) {
    var strangers: Set<[UInt8]> = []
    var numbered: Set<[UInt8]> = []
    for entry in outline.entries {
      let slash = entry.path.lastIndex(of: UInt8(ascii: "/"))
      let parent = Array(entry.path[..<(slash ?? 0)])
      let name = entry.path[(slash.map { $0 + 1 } ?? 0)...]
      switch entry.content {
      case .group(let found):
        attributes[entry.path] = found
        strangers.insert(parent)
      case .dataset where !name.isEmpty && name.allSatisfy({ (0x30...0x39).contains($0) }):
        numbered.insert(parent)
      default: strangers.insert(parent)
      }
    }
    let variables = numbered.filter { $0 == Array("vars".utf8) || $0.ends(with: "/vars") }
    hasVariables = !variables.isEmpty && variables.isDisjoint(with: strangers)
  }

  /// The paths of the weights that the file lists; `nil` when it has no list of layers.
  var listedWeights: [[UInt8]]? {
    for top in [[], Array("model_weights".utf8)] {
      guard let layers = texts("layer_names", of: top) else { continue }
      let prefix = top.isEmpty ? [] : top + [UInt8(ascii: "/")]
      return layers.flatMap { layer in
        (texts("weight_names", of: prefix + layer) ?? []).map {
          prefix + layer + [UInt8(ascii: "/")] + $0
        }
      }
    }
    return nil
  }

  /// Returns a list of texts; a long one is split into attributes with numbers after the name.
  private func texts(_ name: String, of group: [UInt8]) -> [[UInt8]]? {
    guard let found = attributes[group] else { return nil }
    func values(_ name: String) -> [[UInt8]]? {
      guard let attribute = found.first(where: { $0.name == Array(name.utf8) }) else { return nil }
      // h5py stores an empty list with a type of numbers.
      return attribute.value.texts ?? (attribute.value.extent.elementCount == 0 ? [] : nil)
    }
    if let whole = values(name) { return whole }
    guard var list = values(name + "0") else { return nil }
    var part = 1
    while let more = values(name + String(part)) {
      list += more
      part += 1
    }
    return list
  }
}

extension Array where Element == UInt8 {
  fileprivate func ends(with text: String) -> Bool {
    suffix(text.utf8.count).elementsEqual(text.utf8)
  }
}
