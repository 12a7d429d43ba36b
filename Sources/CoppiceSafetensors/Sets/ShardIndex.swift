import CoppiceJSON
import CoppiceModel

/// The index of a set, which maps each tensor to a file.
struct ShardIndex {
  /// One entry of the map.
  struct Mapping {
    var tensor: String
    /// The position in `files`.
    var file: Int
  }

  /// The index's own name.
  var name: String

  /// Tensors in the order of the index.
  var mappings: [Mapping] = []

  /// The files in the order of their first mention.
  var files: [String] = []

  /// The index's metadata, without the totals that follow from the tensors.
  var metadata: [JSON.Member] = []

  /// The members of the metadata that only repeat facts of the files.
  private static let totals = ["total_size", "total_parameters"]

  init(
    readingFrom bytes: [UInt8], name: String, limits: ReadLimits, codes: SetCodes
  ) throws(CoppiceError) {
    self.name = name
    do throws(CoppiceError) {
      let document = try JSONDocument(
        parsing: bytes, file: name, dialect: .python, limits: limits)
      var reader = try JSONObjectReader(document.root)
      try readMap(try reader.required("weight_map"), limits: limits, codes)
      if let node = reader.optional("metadata"), node.kind == .object {
        for (name, value) in node.members
        where !Self.totals.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
          metadata.append(JSON.Member(name, value.json))
        }
      }
    } catch {
      throw Self.blamed(error, codes)
    }
  }

  private mutating func readMap(
    _ node: JSONNode, limits: ReadLimits, _ codes: SetCodes
  ) throws(CoppiceError) {
    let members = try node.requireObject()
    guard members.count <= limits.leaves else {
      throw node.error(
        codes.limit,
        "the index names \(members.count) tensors; at most \(limits.leaves) are read")
    }
    mappings.reserveCapacity(members.count)
    var places: [TreeKey: Int] = [:]
    for (tensor, value) in members {
      let file = try value.string()
      let place = places[.string(file)] ?? files.count
      if place == files.count {
        places[.string(file)] = place
        files.append(file)
      }
      mappings.append(Mapping(tensor: tensor, file: place))
    }
  }

  /// Converts an error of the JSON reader to this format's codes.
  private static func blamed(_ error: CoppiceError, _ codes: SetCodes) -> CoppiceError {
    guard error.code.rawValue.hasPrefix("json.") else { return error }
    var error = error
    error.code =
      error.code == .jsonDuplicateName ? codes.duplicateName : codes.index
    error.message = "the index is malformed: \(error.message); copy it again"
    return error
  }
}
