/// The open groups on the path of the object that was made last.
///
/// When objects are made in the order of their paths, most of their groups are open already: the
/// cost of each object grows with the number of new groups, not with its depth.
package struct OpenGroups: ~Copyable {
  private let root: Group
  private var open: [OpenGroup] = []

  /// A group in a box, so that an array can hold it.
  private final class OpenGroup {
    let name: [UInt8]
    let group: Group

    init(_ name: [UInt8], _ group: consuming Group) {
      self.name = name
      self.group = group
    }
  }

  /// Makes a list without open groups.
  package init(_ root: consuming Group) { self.root = root }

  /// Passes the parent group of an object, and the object's name in it, to a closure.
  ///
  /// The path begins at the root. Missing groups are made.
  package mutating func withParent<Result: ~Copyable>(
    of path: some HDF5Name,
    _ body: (borrowing Group, _ name: [UInt8]) throws(HDF5Error) -> Result
  ) throws(HDF5Error) -> Result {
    let names = path.nameBytes.split(separator: UInt8(ascii: "/")).map { Array($0) }
    guard let last = names.last else { return try body(root, path.nameBytes) }
    let ancestors = names.dropLast()
    let known = zip(open, ancestors).prefix { $0.name == $1 }.count
    open.removeLast(open.count - known)
    for name in ancestors.dropFirst(known) {
      if let parent = open.last {
        open.append(OpenGroup(name, try parent.group.requireGroup(name)))
      } else {
        open.append(OpenGroup(name, try root.requireGroup(name)))
      }
    }
    guard let parent = open.last else { return try body(root, last) }
    return try body(parent.group, last)
  }
}
