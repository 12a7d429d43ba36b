import CoppiceModel

/// Objects of the standard library that are one value.
extension PickledTree {
  mutating func value(
    _ known: KnownObject, _ object: PickleObject, at path: TreePath
  ) -> Tree<ArrayLeaf>? {
    let name = pickle.names[object.type]
    if case .range = known { return range(object, name, at: path) }
    guard let value = value(known, object) else { return nil }
    switch (known, value) {
    case (.layout, _): warn("a layout is read as the text of its name", path)
    case (_, .float): warn("an object of the class \(name) is read as its seconds", path)
    default: warn("an object of the class \(name) is read as its text", path)
    }
    return .value(value)
  }

  private func value(_ known: KnownObject, _ object: PickleObject) -> TreeValue? {
    switch known {
    case .date: return bytes(object).flatMap(PythonTime.date).map(TreeValue.string)
    case .datetime:
      guard let zone = zone(object) else { return nil }
      return bytes(object).flatMap { PythonTime.datetime($0, zone: zone) }.map(TreeValue.string)
    case .time:
      guard let zone = zone(object) else { return nil }
      return bytes(object).flatMap { PythonTime.time($0, zone: zone) }.map(TreeValue.string)
    case .timedelta: return duration(object).map { .float(Float64Bits($0.seconds)) }
    case .path(let separator):
      return PythonPath.text(texts(object.arguments), separator).map(TreeValue.string)
    case .text, .layout:
      guard object.arguments.count == 1 else { return nil }
      return texts(object.arguments).map { .string($0[0]) }
    case .fraction:
      if let texts = texts(object.arguments), texts.count == 1 { return .string(texts[0]) }
      guard object.arguments.count == 2, let above = integer(object.arguments[0]),
        let below = integer(object.arguments[1])
      else { return nil }
      return .string(below.text == "1" ? above.text : "\(above.text)/\(below.text)")
    case .uuid:
      guard let state = object.state, let number = attribute("int", in: state).flatMap(integer),
        let bits = UInt128(number.text)
      else { return nil }
      return .string(PythonUUID.text(bits))
    default: return nil
    }
  }

  /// Returns the node of a range or a slice, whose arguments are its bounds and its step.
  private mutating func range(
    _ object: PickleObject, _ name: String, at path: TreePath
  ) -> Tree<ArrayLeaf>? {
    guard object.arguments.count == 3 else { return nil }
    var entries: [Tree<ArrayLeaf>.Entry] = []
    for (name, argument) in zip(["start", "stop", "step"], object.arguments) {
      if case .none = argument {
        entries.append(.init(.string(name), .value(.null)))
      } else {
        guard let number = integer(argument) else { return nil }
        entries.append(.init(.string(name), .value(.int(number))))
      }
    }
    warn("an object of the class \(name) is read as a dictionary of its bounds", path)
    return .dict(entries)
  }

  // MARK: Arguments

  private func integer(_ value: PickleValue) -> IntegerText? {
    switch value {
    case .integer(let number): IntegerText(number)
    case .large(let number): number
    default: nil
    }
  }

  private func texts(_ values: [PickleValue]) -> [String]? {
    var texts: [String] = []
    for value in values {
      guard case .string(let text) = value else { return nil }
      texts.append(text)
    }
    return texts
  }

  private func attribute(_ name: String, in state: PickleValue) -> PickleValue? {
    pickle.attributes(inState: state)?.last { entry in
      if case .string(name) = entry.key { true } else { false }
    }?.value
  }

  private func bytes(_ object: PickleObject) -> [UInt8]? {
    guard case .bytes(let bytes)? = object.arguments.first else { return nil }
    return bytes
  }

  /// Returns the text of the time zone that is a time's second argument, empty without one.
  private func zone(_ object: PickleObject) -> String? {
    guard object.arguments.count > 1 else { return "" }
    guard object.arguments.count == 2, case .object(let place) = object.arguments[1] else {
      return nil
    }
    let zone = pickle.objects[place]
    switch (pickle.names[zone.type], zone.arguments.first) {
    case ("datetime.timezone", .object(let offset)?):
      return duration(pickle.objects[offset]).flatMap(PythonTime.offset)
    // An offset would need a database of time zones.
    case ("zoneinfo.ZoneInfo._unpickle", .string(let name)?): return "[\(name)]"
    default: return nil
    }
  }

  private func duration(_ object: PickleObject) -> PythonTime.Duration? {
    guard pickle.names[object.type] == "datetime.timedelta", object.arguments.count == 3,
      case .integer(let days) = object.arguments[0],
      case .integer(let seconds) = object.arguments[1],
      case .integer(let microseconds) = object.arguments[2],
      abs(Double(days)) < 1e9, 0..<86_400 ~= seconds, 0..<1_000_000 ~= microseconds
    else { return nil }
    return .init(days: days, secondsOfDay: seconds, microseconds: microseconds)
  }
}
