import CoppiceHDF5Inspection
import CoppiceModel

/// The names of a group's links as keys, and the links whose names can't be keys.
struct LinkNames {
  /// The most bytes of a key.
  private let limit: Int
  private var taken: Set<TreeKey> = []
  /// The names that are no keys, or are another link's, nearly as they are, with the reason.
  private var others: [(name: String, error: CoppiceError)] = []

  init(limit: Int) { self.limit = limit }

  /// Returns the key of a link, by its path; `nil` if its name can't be one.
  mutating func key(of link: [UInt8]) -> TreeKey? {
    let bytes = link[(link.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...]
    let text = String(validating: bytes, as: UTF8.self)
    guard let text, bytes.count <= limit else {
      // Room for what makes it differ from others; a replaced byte takes three.
      let name = String(decoding: bytes.prefix(limit / 4), as: UTF8.self)
      others.append((name, error(byteCount: bytes.count, isText: text != nil)))
      return nil
    }
    let key = TreeKey.string(text)
    guard taken.insert(key).inserted else {
      let error = CoppiceError(
        .hdf5Invalid, "two links of the group have this name; the file is damaged")
      others.append((text, error))
      return nil
    }
    return key
  }

  private func error(byteCount: Int, isText: Bool) -> CoppiceError {
    guard isText else {
      return CoppiceError(
        .hdf5Name, "a link whose name is not UTF-8 can't be in a tree; rename it with h5py")
    }
    return CoppiceError(
      .hdf5Limit,
      "a link whose name has \(byteCount) bytes can't be in a tree, where names have at most \(limit); "
        + "rename it with h5py")
  }

  /// The links whose names can't be keys, each under a key that no other link has.
  var refused: [(key: TreeKey, error: CoppiceError)] {
    var taken = taken
    // A file may have many links of nearly one name: the numbers go on where the last one ended.
    var numbers: [TreeKey: Int] = [:]
    return others.map { other in
      let name = TreeKey.string(other.name)
      var key = name
      while !taken.insert(key).inserted {
        let number = numbers[name, default: 1] + 1
        numbers[name] = number
        key = .string("\(other.name) (\(number))")
      }
      return (key, other.error)
    }
  }
}
