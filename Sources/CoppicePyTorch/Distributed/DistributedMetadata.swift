import CoppiceFiles
import CoppiceModel

/// The description of a checkpoint in `.metadata`: its keys, and the entries of each.
struct DistributedMetadata {
  /// The meaning of a key.
  enum Item {
    /// A tensor, and the values that describe it.
    case tensor(members: [String: MetadataPickle.Value])
    /// Any other value, which is one entry.
    case value
  }

  let pickle: MetadataPickle
  /// The keys in order, each by its index among the texts.
  private(set) var items: [(key: Int, item: Item)] = []
  /// The path of each key in the state; without one, the key is the path.
  private var paths: [Int: [TreeKey]] = [:]
  /// The keys of tensors in Megatron's form of flattened ranges.
  private(set) var flattened: Set<Int> = []
  /// The entries of each key: the objects of its key and of its place.
  private var entries: [Int: [(key: Int32, place: Int32)]] = [:]
  private let limits: ReadLimits

  /// Reads a description.
  ///
  /// - Throws: `pytorch.metadata`, `pytorch.pickle`, `pytorch.limit`; `io.*`.
  init(_ file: InputFile, limits: ReadLimits) throws(CoppiceError) {
    self.limits = limits
    do throws(CoppiceError) {
      var pickle = try MetadataPickle(file, limits: limits)
      let root = try pickle.run()
      self.pickle = pickle
      let members = members(of: root)
      guard case .container(let tensors)? = members["state_dict_metadata"],
        case .container(let storage)? = members["storage_data"]
      else {
        throw CoppiceError(
          .pytorchMetadata,
          "this isn't the description of a distributed checkpoint: its value is \(kind(root)); nothing in it "
            + "was executed")
      }
      try readItems(pickle.items(tensors))
      try readEntries(pickle.items(storage))
      if case .container(let place)? = members["planner_data"] { readPaths(pickle.items(place)) }
      if case .container(let place)? = members["mcore_data"] { readFlattened(pickle.items(place)) }
    } catch {
      throw error.located(file: file.name)
    }
  }

  /// The names of the files of all entries.
  var fileNames: Set<TreeKey> {
    var files: Set<Int32> = []
    for case .place(let file, _, _, _) in pickle.objects { files.insert(file) }
    return Set(files.map { .string(pickle.texts[Int($0)]) })
  }

  /// Returns the entries of a key; a tensor has one for each box.
  func entries(of key: Int) -> [(key: Int32, place: Int32)] { entries[key] ?? [] }

  /// Returns the path of a key in the state.
  func path(of key: Int) -> [TreeKey] { paths[key] ?? [.string(pickle.texts[key])] }

  /// Returns the members of an object by name; none for another value.
  func members(of value: MetadataPickle.Value) -> [String: MetadataPickle.Value] {
    guard case .object(let place) = value,
      case .plain(_, .container(let state)) = pickle.objects[place]
    else { return [:] }
    var members: [String: MetadataPickle.Value] = [:]
    let items = pickle.items(state)
    for index in stride(from: 0, to: items.count - 1, by: 2) {
      if case .text(let name) = items[index] { members[pickle.texts[name]] = items[index + 1] }
    }
    return members
  }

  private func kind(_ value: MetadataPickle.Value) -> String {
    guard case .object(let place) = value, case .plain(let name, _) = pickle.objects[place] else {
      return "no object"
    }
    return "of \(pickle.texts[name].printable)"
  }

  private mutating func readItems(_ values: [MetadataPickle.Value]) throws(CoppiceError) {
    guard values.count / 2 <= limits.leaves else {
      throw CoppiceError(
        .pytorchLimit,
        "the checkpoint has \(values.count / 2) keys; at most \(limits.leaves) are read")
    }
    var seen: Set<Int> = []
    for index in stride(from: 0, to: values.count - 1, by: 2) {
      guard case .text(let key) = values[index], seen.insert(key).inserted else {
        throw CoppiceError(.pytorchMetadata, "a key of the state is no text, or there twice")
      }
      let members = members(of: values[index + 1])
      items.append((key, members["chunks"] == nil ? .value : .tensor(members: members)))
    }
  }

  private mutating func readEntries(_ values: [MetadataPickle.Value]) throws(CoppiceError) {
    for index in stride(from: 0, to: values.count - 1, by: 2) {
      guard case .object(let key) = values[index], case .object(let place) = values[index + 1],
        case .key(let text, _, _) = pickle.objects[key], case .place = pickle.objects[place]
      else {
        throw CoppiceError(
          .pytorchMetadata,
          "an entry is not given by a file, an offset and a length: another program's writer stored the data"
        )
      }
      entries[Int(text), default: []].append((Int32(key), Int32(place)))
    }
  }

  private mutating func readPaths(_ values: [MetadataPickle.Value]) {
    for index in stride(from: 0, to: values.count - 1, by: 2) {
      guard case .text(let key) = values[index], case .container(let place) = values[index + 1]
      else { continue }
      var path: [TreeKey] = []
      for step in pickle.items(place).prefix(limits.depth + 1) {
        switch step {
        case .text(let text): path.append(.string(pickle.texts[text]))
        case .integer(let number): path.append(.integer(number))
        default: break
        }
      }
      paths[key] = path
    }
  }

  private mutating func readFlattened(_ values: [MetadataPickle.Value]) {
    for index in stride(from: 0, to: values.count - 1, by: 2) {
      guard case .text(let key) = values[index], case .container(let place) = values[index + 1],
        case .text(let name)? = pickle.items(place).first,
        pickle.texts[name] == "nd_reformulated_orig_global_shape"
      else { continue }
      flattened.insert(key)
    }
  }
}
