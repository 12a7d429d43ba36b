import CoppiceModel

extension PickledTree {
  /// Returns the node of an object: of known classes their value, of others what the pickle has of
  /// them.
  mutating func node(
    object place: Int, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let object = pickle.objects[place]
    let name = pickle.names[object.type]
    guard objectsAround.insert(place).inserted else {
      let text = "an object of the class \(name) that contains itself"
      return faulty(.init(kind: .value, text: text), at: path)
    }
    defer { objectsAround.remove(place) }
    if let known = KnownObject(name), let node = try node(known: known, object, at: path) {
      return node
    }
    if name.hasPrefix("torch.return_types."), let parts = object.arguments.first.flatMap(sequence) {
      warn("the result \(name) is read as a tuple", path)
      return .tuple(try nodes(parts, at: path))
    }
    guard object.state != nil || !object.isResult || Self.isClass(name) else {
      return faulty(.result, name, at: path)
    }
    return try node(unknown: object, name, at: path)
  }

  /// Returns the node of an object of an unknown class.
  ///
  /// It is the entries or the items of an object that is a dictionary or a list as well; otherwise
  /// its attributes; for lack of them its arguments, of which a single one stands for the object, as
  /// in members of enumerations.
  private mutating func node(
    unknown object: PickleObject, _ name: String, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let whole = "an object of the class \(name)"
    let state = object.state.flatMap { pickle.isEmpty($0) ? nil : $0 }
    let rest = state == nil ? "" : "; its attributes are left out"
    if !object.items.isEmpty {
      warn("\(whole) is read as the list of its items" + rest, path)
      return .list(try nodes(object.items, at: path))
    }
    var keys = "attributes"
    var items: [PickleValue] = []
    if !object.entries.isEmpty {
      (items, keys) = (object.entries, "entries" + rest)
    } else if state != nil || object.keywords != nil {
      items = attributes(of: object, state)
      if let state, pickle.attributes(inState: state) == nil { keys = "state" }
    } else if object.arguments.count == 1 {
      warn("\(whole) is read as its argument", path)
      return try node(object.arguments[0], at: path)
    } else if !object.arguments.isEmpty {
      warn("\(whole) is read as a tuple of its arguments", path)
      return .tuple(try nodes(object.arguments, at: path))
    }
    guard let node = try dictionary(items, at: path) else {
      let text = "\(whole) with a key that is neither a text nor an integer"
      return faulty(.init(kind: .value, text: text), at: path)
    }
    warn("\(whole) is read as a dictionary of its \(keys)", path)
    return node
  }

  /// Returns the names and values of what an object has: its attributes, or a state of another form
  /// under a name of its own, and arguments as well.
  private func attributes(of object: PickleObject, _ state: PickleValue?) -> [PickleValue] {
    var items: [PickleValue] = []
    if let state {
      items =
        pickle.attributes(inState: state)?.flatMap { [$0.key, $0.value] }
        ?? [.string("state"), state]
    }
    for (index, argument) in object.arguments.enumerated() {
      items += [.string("argument \(index)"), argument]
    }
    if let keywords = object.keywords {
      items += pickle.entries(of: keywords)?.flatMap { [$0.key, $0.value] } ?? []
    }
    return items
  }

  /// Returns whether a name is a class's by Python's conventions.
  ///
  /// The result of any other function is unknown. Those of some modules, such as a process that
  /// was started, are nobody's data.
  private static func isClass(_ name: String) -> Bool {
    let parts = name.split(separator: ".")
    guard let first = parts.first, let last = parts.last, !programs.contains(String(first)) else {
      return false
    }
    return last.first { $0 != "_" }?.isUppercase ?? false
  }

  private static let programs: Set<String> = [
    "__builtin__", "builtins", "code", "ctypes", "importlib", "multiprocessing", "nt", "os",
    "posix", "pty", "runpy", "shutil", "socket", "subprocess", "sys", "webbrowser",
  ]
}
