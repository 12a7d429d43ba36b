import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel

extension HDF5TreeBuilder {
  /// Returns the node of a group of MATLAB's: a struct, or an array of structs.
  mutating func matlabGroup(
    _ object: MatlabObject, _ place: Int, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    if let refusal = object.refusal { return faulty(refusal, at: path) }
    guard let fields = fieldsOfArray(place), let first = fields.first else {
      return try group(place, at: path)
    }
    around.insert(place)
    defer { around.remove(place) }
    return try lists(of: first.extents, at: path) {
      (builder: inout Self, index, path) throws(CoppiceError) in
      var entries: [Tree<ArrayLeaf>.Entry] = []
      for field in fields {
        let path = path.appending(.key(field.key))
        entries.append(.init(field.key, try builder.target(field.references[index], at: path)))
      }
      return .dict(entries)
    }
  }

  /// Returns the fields of an array of structs: each is a dataset of references without a class.
  ///
  /// - Returns: `nil` for one struct, whose fields are of any kind.
  private func fieldsOfArray(
    _ place: Int
  ) -> [(key: TreeKey, references: [[UInt8]], extents: [Int])]? {
    let group = entries[place].path
    let ordered = order.sorted(members[group] ?? [], of: group) { entries[$0].path }
    var names = LinkNames(limit: limits.componentBytes)
    var fields: [(key: TreeKey, references: [[UInt8]], extents: [Int])] = []
    for member in ordered {
      guard case .dataset(let dataset) = entries[member].content,
        let references = Self.references(of: dataset), MatlabObject(dataset.attributes) == nil,
        let key = names.key(of: entries[member].path)
      else { return nil }
      fields.append((key, references.paths, references.extents))
    }
    return fields.allSatisfy { $0.extents == fields[0].extents } ? fields : nil
  }

  /// Returns the references of a dataset, as many as its extents say; `nil` for any other dataset.
  static func references(of dataset: DatasetOutline) -> (paths: [[UInt8]], extents: [Int])? {
    guard dataset.type == .objectReference, let paths = dataset.strings else { return nil }
    let extents = (dataset.extent?.dimensions ?? []).compactMap { Int(exactly: $0) }
    guard let shape = Shape(extents), shape.elementCount == paths.count else { return nil }
    return (paths, extents)
  }

  /// Returns a cell array as lists of what its cells refer to.
  mutating func cells(
    _ dataset: DatasetOutline, _ place: Int, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    guard let references = Self.references(of: dataset) else {
      return faulty(
        CoppiceError(.hdf5Limit, "the cells are more than are read of one array"), at: path)
    }
    around.insert(place)
    defer { around.remove(place) }
    return try lists(of: references.extents, at: path) {
      (builder: inout Self, index, path) throws(CoppiceError) in
      try builder.target(references.paths[index], at: path)
    }
  }

  /// Returns the node of the object that a reference leads to.
  private mutating func target(
    _ reference: [UInt8], at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    referencesLeft -= 1
    guard referencesLeft >= 0 else {
      throw CoppiceError(
        .hdf5Limit, "cells lead to far more nodes than the file has; the file is refused",
        at: .init(treePath: path.description))
    }
    guard !reference.isEmpty, let place = places[Array(reference.dropFirst())] else {
      try spendNode(at: path)
      return faulty(
        CoppiceError(.hdf5Link, "the reference leads to no object of the file; it is damaged"),
        at: path)
    }
    guard !around.contains(place) else {
      try spendNode(at: path)
      return faulty(
        CoppiceError(.hdf5Link, "the reference leads back to what contains it"), at: path)
    }
    return try node(place, at: path) ?? .dict([])
  }

  /// Makes nodes for the elements of an array in MATLAB's orientation: a list for a vector,
  /// otherwise lists in lists.
  ///
  /// - Parameter extents: The dataset's extents, which are MATLAB's in reverse.
  private mutating func lists(
    of extents: [Int], at path: TreePath,
    _ make: (inout Self, Int, TreePath) throws(CoppiceError) -> Tree<ArrayLeaf>
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let long = extents.filter { $0 != 1 }
    let counts = long.count <= 1 ? [long.first ?? 1] : Array(extents.reversed())
    var strides: [Int] = []
    for extent in counts { strides.append((strides.last ?? 1) * extent) }
    return try list(counts[...], strides: ([1] + strides)[...], at: path, make)
  }
}
