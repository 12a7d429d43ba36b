import CoppiceModel

/// The classes and functions whose objects and results stand for a value of their own.
enum KnownObject {
  // The standard library.
  case date, datetime, time, timedelta
  case path(separator: String)
  case text, fraction, uuid
  case deque, range, buffer

  // NumPy.
  case numpyArray, numpyBuffer, numpyScalar, numpyType

  // torch.
  case layout, generator
  case sparse, nested, jagged, quantised, withoutData, fromNumPy

  /// Looks up the name of a class or a function.
  init?(_ name: String) {
    guard let known = Self.known[name] else { return nil }
    self = known
  }

  private static let known: [String: KnownObject] = {
    var known: [String: KnownObject] = [
      "datetime.date": .date, "datetime.datetime": .datetime, "datetime.time": .time,
      "datetime.timedelta": .timedelta,
      "decimal.Decimal": .text, "fractions.Fraction": .fraction, "uuid.UUID": .uuid,
      "collections.deque": .deque,
      "builtins.range": .range, "__builtin__.xrange": .range, "__builtin__.range": .range,
      "builtins.slice": .range, "__builtin__.slice": .range,
      "_io.BytesIO": .buffer, "io.BytesIO": .buffer,
      "numpy.dtype": .numpyType,
      "torch.serialization._get_layout": .layout,
      "torch.Generator": .generator, "torch._C.Generator": .generator,
      "torch._utils._rebuild_sparse_tensor": .sparse,
      "torch._utils._rebuild_sparse_csr_tensor": .sparse,
      "torch._utils._rebuild_nested_tensor": .nested,
      "torch.nested._internal.nested_tensor._rebuild_njt": .jagged,
      "torch._utils._rebuild_qtensor": .quantised,
      "torch._utils._rebuild_meta_tensor_no_storage": .withoutData,
      "torch.nn.parameter.UninitializedParameter": .withoutData,
      "torch.nn.parameter.UninitializedBuffer": .withoutData,
      "torch._utils._rebuild_device_tensor_from_numpy": .fromNumPy,
      "torch._utils._rebuild_xla_tensor": .fromNumPy,
    ]
    for module in ["pathlib", "pathlib._local"] {
      for name in ["PurePosixPath", "PosixPath", "PurePath", "Path"] {
        known["\(module).\(name)"] = .path(separator: "/")
      }
      for name in ["PureWindowsPath", "WindowsPath"] {
        known["\(module).\(name)"] = .path(separator: "\\")
      }
    }
    for module in ["numpy.core", "numpy._core"] {
      known["\(module).multiarray._reconstruct"] = .numpyArray
      known["\(module).multiarray.scalar"] = .numpyScalar
      known["\(module).numeric._frombuffer"] = .numpyBuffer
    }
    return known
  }()
}

extension PickledTree {
  /// Returns the node of an object of a known class; `nil` if it isn't made as such objects are.
  mutating func node(
    known: KnownObject, _ object: PickleObject, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf>? {
    switch known {
    case .date, .datetime, .time, .timedelta, .path, .text, .fraction, .uuid, .range, .layout:
      return value(known, object, at: path)
    case .deque:
      guard case .container(let place)? = object.arguments.first ?? .container(-1),
        place < 0 || pickle.containers[place].kind != .dict
      else { return nil }
      warn("a deque is read as a list", path)
      let first = place < 0 ? [] : pickle.containers[place].items
      return .list(try nodes(first + object.items, at: path))
    case .buffer:
      guard let state = object.state.flatMap(sequence), case .bytes(let bytes)? = state.first else {
        return nil
      }
      warn("an object of the class io.BytesIO is read as its bytes", path)
      return .value(.bytes(bytes))
    case .numpyArray, .numpyBuffer, .numpyScalar, .numpyType:
      return try numpy(known, object, at: path)
    case .generator: return try generator(object, at: path)
    case .sparse: return try sparse(object, at: path)
    case .nested: return try nested(object, at: path)
    case .jagged: return try jagged(object, at: path)
    case .quantised: return try quantised(object, at: path)
    case .withoutData: return withoutData(object, at: path)
    case .fromNumPy: return try fromNumPy(object, at: path)
    }
  }
}
