/// An object of a class that the unpickler doesn't know, or the result of an unknown function.
///
/// It is made of what the pickle says to make it of. The class is never imported, and nothing is
/// called.
struct PickleObject {
  /// The class or the function, by the index of its name in the table.
  var type: Int

  /// Whether it is the result of a call, rather than a new object of a class.
  var isResult: Bool

  /// The arguments of the constructor or the function.
  var arguments: [PickleValue]

  /// A dictionary of the arguments by name.
  var keywords: PickleValue?

  /// The state that the object is given after its construction, most often a dictionary.
  var state: PickleValue?

  /// The values appended to it, if its class is a list's or a set's.
  var items: [PickleValue] = []

  /// The entries added to it, if its class is a dictionary's: each key followed by its value.
  var entries: [PickleValue] = []
}

extension Unpickler {
  /// Returns the name of the class of an object, or of the function that made it.
  func className(of value: PickleValue) -> String? {
    guard case .object(let place) = value else { return nil }
    return names[objects[place].type]
  }

  /// Returns the keys and values of a dictionary; `nil` for another value.
  func entries(of value: PickleValue) -> [(key: PickleValue, value: PickleValue)]? {
    guard case .container(let place) = value, containers[place].kind == .dict else { return nil }
    let items = containers[place].items
    return stride(from: 0, to: items.count - 1, by: 2).map { (items[$0], items[$0 + 1]) }
  }

  /// Returns whether a state has no attributes.
  func isEmpty(_ state: PickleValue) -> Bool {
    switch state {
    case .none: return true
    case .container(let place) where containers[place].kind == .tuple:
      // Attributes in slots are in a second dictionary.
      let parts = containers[place].items
      guard parts.count == 2, isEmptyDictionary(parts[1]) else { return false }
      if case .none = parts[0] { return true }
      return isEmptyDictionary(parts[0])
    default: return isEmptyDictionary(state)
    }
  }

  /// Returns the attributes of an object by name; `nil` if its state isn't a dictionary of them.
  ///
  /// Attributes in slots are in a second dictionary, which forms a pair with the first.
  func attributes(of value: PickleValue) -> [String: PickleValue]? {
    guard case .object(let place) = value, let state = objects[place].state,
      let all = attributes(inState: state)
    else { return nil }
    var attributes: [String: PickleValue] = [:]
    for (key, value) in all {
      guard case .string(let name) = key else { return nil }
      attributes[name] = value
    }
    return attributes
  }

  /// Returns the attributes that a state has; `nil` if the state has another form.
  func attributes(
    inState state: PickleValue
  ) -> [(key: PickleValue, value: PickleValue)]? {
    if let entries = entries(of: state) { return entries }
    guard case .container(let place) = state, containers[place].kind == .tuple,
      containers[place].items.count == 2, let slots = entries(of: containers[place].items[1])
    else { return nil }
    if case .none = containers[place].items[0] { return slots }
    return entries(of: containers[place].items[0]).map { $0 + slots }
  }
}
