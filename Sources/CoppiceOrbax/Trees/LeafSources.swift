import CoppiceFiles
import CoppiceModel
import CoppiceZarr

/// The sources of one tree's leaves, by the name under which each leaf is stored.
struct LeafSources {
  /// The arrays; `nil` for a tree without any.
  let arrays: ArrayStore?
  let strings: StringValues
  private let shardings: ShardingFile
  private let randomKeys: RandomKeys
  private let stringsFile: String
  /// The document that names the leaves, for messages.
  private let structure: String?

  /// Opens the sources of a tree's leaves.
  init(
    _ listing: OrbaxListing, arrays: ArrayStore?, strings: [String], structure: String?,
    reader: ItemReader,
    warnings: inout [CoppiceError]
  ) throws(CoppiceError) {
    self.arrays = arrays
    let limits = reader.limits
    self.strings = try StringValues(in: listing.directory, names: strings, limits: limits)
    shardings = try ShardingFile(in: listing.directory, limits: limits, warnings: &warnings)
    do throws(CoppiceError) {
      randomKeys = try RandomKeys(in: listing.directory, limits: limits)
    } catch {
      guard reader.salvages, error.code.isInputFault else { throw error }
      randomKeys = RandomKeys()
      warnings.append(
        CoppiceError(
          .orbaxMetadataDropped,
          "which arrays are random-number keys can't be read; none is marked as one: "
            + error.message, at: error.location))
    }
    stringsFile = listing.directory.displayName(OrbaxName.strings)
    self.structure = structure
  }

  /// Returns the array of a name.
  func array(_ name: String, at path: TreePath) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let source = try source(name, path)
    return .leaf(
      ArrayLeaf(source, sharding: shardings[name], prngImplementation: randomKeys[name]))
  }

  /// Returns the Python number of a name, or an array if its type isn't one of Python's.
  func scalar(_ name: String, at path: TreePath) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let source = try source(name, path)
    do {
      if let value = try ScalarValue.read(source) { return .value(value) }
    } catch {
      throw error.located(file: structure, treePath: path.description)
    }
    return .leaf(ArrayLeaf(source, sharding: shardings[name]))
  }

  /// Returns the string of a name.
  func string(_ name: String, at path: TreePath) throws(CoppiceError) -> Tree<ArrayLeaf> {
    if let fault = strings.fault { throw fault.located(treePath: path.description) }
    guard let string = strings[name] else {
      throw CoppiceError(
        .orbaxMissingString,
        "the file has no string \"\(name.printable)\", though the tree has it; the checkpoint is "
          + "incomplete, so copy it again",
        at: .init(file: stringsFile, treePath: path.description))
    }
    return .value(.string(string))
  }

  private func source(_ name: String, _ path: TreePath) throws(CoppiceError) -> ZarrArray {
    guard let arrays else {
      throw CoppiceError(.orbaxMissingArray, "the tree has no arrays", at: .init(file: structure))
    }
    do {
      return try arrays.array(name)
    } catch {
      // The path is the name itself: printing both would repeat it.
      let isSame = error.code == .fileOutside && path.isNamed(name)
      throw error.located(file: structure, treePath: isSame ? nil : path.description)
    }
  }
}

extension TreePath {
  /// Returns whether the keys joined by dots are a name.
  fileprivate func isNamed(_ name: String) -> Bool {
    let keys = components.map { component in
      switch component {
      case .key(.string(let text)), .field(let text): text
      case .key(.integer(let number)), .index(let number): String(number)
      }
    }
    return keys.joined(separator: ".").utf8.elementsEqual(name.utf8)
  }
}
