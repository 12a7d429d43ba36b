import CoppiceModel

/// The functions and classes that tensors and containers need, and so a pickle may name.
///
/// None of them is called: the unpickler builds the result of a call itself. All others are
/// foreign.
enum PickleGlobal: Hashable {
  // Containers and values.
  case orderedDict, defaultDict, counter
  case set, frozenSet
  case bytearray, encode
  case complex
  /// A class that occurs only as an argument, such as the factory of a `defaultdict`, with its
  /// name.
  case builtin(String)

  // Values of torch.
  case size
  case device
  case dtype(String)
  case storage(DType)
  case untypedStorage
  case tensorClass(String)

  // Functions that rebuild tensors.
  case rebuildTensor
  case rebuildTensorV3
  case rebuildParameter
  case rebuildFromType
}

extension PickleGlobal {
  /// Looks up a function or class; fails for one that isn't in the list.
  init?(module: String, name: String) {
    // A pickle can repeat a long name many times: don't copy it each time.
    guard module.utf8.count + name.utf8.count <= 200 else { return nil }
    if let known = Self.known["\(module).\(name)"] {
      self = known
    } else if let dtype = Self.storages[name], Self.storageModules.contains(module) {
      self = .storage(dtype)
    } else if module == "torch", Self.dtypes[name] != nil || Self.otherTypes.contains(name) {
      self = .dtype(name)
    } else {
      return nil
    }
  }

  /// The name of the function or class, for messages.
  var name: String {
    switch self {
    case .builtin(let name), .tensorClass(let name): name
    case .dtype(let name): "torch." + name
    case .storage(let dtype):
      "torch." + (Self.storages.filter { $0.value == dtype }.map(\.key).min() ?? "TypedStorage")
    default: Self.known.filter { $0.value == self }.map(\.key).max() ?? ""
    }
  }

  /// Returns the element type for a name such as `bfloat16`.
  static func elementType(_ name: String) -> DType? { dtypes[name] }

  private static let known: [String: PickleGlobal] = [
    "collections.OrderedDict": .orderedDict, "collections.defaultdict": .defaultDict,
    "collections.Counter": .counter,
    "builtins.set": .set, "__builtin__.set": .set,
    "builtins.frozenset": .frozenSet, "__builtin__.frozenset": .frozenSet,
    "builtins.bytearray": .bytearray, "__builtin__.bytearray": .bytearray,
    // Protocol 2 calls these for empty bytes.
    "builtins.bytes": .bytearray, "__builtin__.bytes": .bytearray,
    "_codecs.encode": .encode,
    "builtins.complex": .complex, "__builtin__.complex": .complex,
    "builtins.dict": .builtin("dict"), "__builtin__.dict": .builtin("dict"),
    "builtins.list": .builtin("list"), "__builtin__.list": .builtin("list"),
    "builtins.int": .builtin("int"), "__builtin__.int": .builtin("int"),
    "builtins.float": .builtin("float"), "__builtin__.float": .builtin("float"),
    "torch.Size": .size, "torch.device": .device,
    "torch.storage.UntypedStorage": .untypedStorage,
    "torch.storage._UntypedStorage": .untypedStorage,
    "torch.UntypedStorage": .untypedStorage,
    "torch.Tensor": .tensorClass("torch.Tensor"),
    "torch.nn.parameter.Parameter": .tensorClass("torch.nn.parameter.Parameter"),
    "torch.nn.parameter.Buffer": .tensorClass("torch.nn.parameter.Buffer"),
    "torch._utils._rebuild_tensor": .rebuildTensor,
    "torch._utils._rebuild_tensor_v2": .rebuildTensor,
    "torch._utils._rebuild_tensor_v3": .rebuildTensorV3,
    "torch._utils._rebuild_parameter": .rebuildParameter,
    "torch._utils._rebuild_parameter_with_state": .rebuildParameter,
    "torch._tensor._rebuild_from_type_v2": .rebuildFromType,
    "torch._tensor._rebuild_from_type": .rebuildFromType,
  ]

  private static let storageModules: Swift.Set<String> = ["torch", "torch.cuda", "torch.storage"]

  private static let storages: [String: DType] = [
    "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16,
    "BFloat16Storage": .bfloat16, "LongStorage": .int64, "IntStorage": .int32,
    "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8, "BoolStorage": .bool,
    "ComplexFloatStorage": .complex64, "ComplexDoubleStorage": .complex128,
    // The elements of quantised tensors.
    "QInt8Storage": .int8, "QUInt8Storage": .uint8, "QInt32Storage": .int32,
  ]

  /// The types of torch that arrays support.
  private static let dtypes: [String: DType] = [
    "float64": .float64, "double": .float64, "float32": .float32, "float": .float32,
    "float16": .float16, "half": .float16, "bfloat16": .bfloat16,
    "int64": .int64, "long": .int64, "int32": .int32, "int": .int32, "int16": .int16,
    "short": .int16, "int8": .int8, "uint8": .uint8, "uint16": .uint16, "uint32": .uint32,
    "uint64": .uint64, "bool": .bool,
    "complex64": .complex64, "cfloat": .complex64, "complex128": .complex128,
    "cdouble": .complex128,
    "float8_e4m3fn": .float8_e4m3fn, "float8_e5m2": .float8_e5m2,
    "float8_e4m3fnuz": .float8_e4m3fnuz, "float8_e5m2fnuz": .float8_e5m2fnuz,
    "float8_e8m0fnu": .float8_e8m0fnu,
  ]

  /// The types of torch that arrays don't support.
  private static let otherTypes: Swift.Set<String> = [
    "complex32", "chalf", "quint8", "qint8", "qint32", "quint4x2", "quint2x4",
    "float4_e2m1fn_x2", "bits8", "bits16",
  ]

  /// The size of an element in storages that arrays don't support, by the class.
  static let foreignWidths = [
    "torch.QUInt4x2Storage": 1, "torch.QUInt2x4Storage": 1,
  ]
}
