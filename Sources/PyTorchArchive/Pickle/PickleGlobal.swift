import CoppiceModel

/// The functions and classes that a pickle may name: those that tensors and containers take.
///
/// None of them is called. What a call of one would give is built here; everything else is refused.
enum PickleGlobal: Hashable {
  // Containers and values.
  case orderedDict, defaultDict, counter
  case set, frozenSet
  case bytearray, encode
  case complex
  /// A class that stands for itself only, as the factory of a `defaultdict`.
  case builtin

  // What torch names.
  case size
  case device
  case dtype(String)
  case storage(DType)
  case untypedStorage
  case tensorClass

  // What rebuilds tensors.
  case rebuildTensor
  case rebuildTensorV3
  case rebuildParameter
  case rebuildFromType
}

extension PickleGlobal {
  /// What a name stands for.
  ///
  /// - Throws: `pytorch.tensor-kind` for tensors that no array can hold; `pytorch.global` for all else.
  init(module: String, name: String, at offset: Int) throws(CoppiceError) {
    let full = "\(module).\(name)"
    if let known = Self.known[full] {
      self = known
    } else if let dtype = Self.storages[name], Self.storageModules.contains(module) {
      self = .storage(dtype)
    } else if module == "torch", Self.dtypes[name] != nil || Self.otherTypes.contains(name) {
      self = .dtype(name)
    } else if let kind = Self.refused[full] ?? Self.refusedStorage(module, name) {
      throw CoppiceError(
        .pytorchTensorKind,
        "the file holds \(kind), which no array can be; convert it in torch first",
        at: .init(offset: offset))
    } else {
      throw CoppiceError(
        .pytorchGlobal,
        "the pickle asks for \(full.printable), which only running code could give; nothing but tensors, "
          + "containers, numbers and texts is read, so save a state_dict",
        at: .init(offset: offset))
    }
  }

  /// The element type of a name such as `bfloat16`.
  static func elementType(_ name: String) -> DType? { dtypes[name] }

  private static let known: [String: PickleGlobal] = [
    "collections.OrderedDict": .orderedDict, "collections.defaultdict": .defaultDict,
    "collections.Counter": .counter,
    "builtins.set": .set, "__builtin__.set": .set,
    "builtins.frozenset": .frozenSet, "__builtin__.frozenset": .frozenSet,
    "builtins.bytearray": .bytearray, "__builtin__.bytearray": .bytearray,
    "_codecs.encode": .encode,
    "builtins.complex": .complex, "__builtin__.complex": .complex,
    "builtins.dict": .builtin, "__builtin__.dict": .builtin,
    "builtins.list": .builtin, "__builtin__.list": .builtin,
    "builtins.int": .builtin, "__builtin__.int": .builtin,
    "builtins.float": .builtin, "__builtin__.float": .builtin,
    "torch.Size": .size, "torch.device": .device,
    "torch.storage.UntypedStorage": .untypedStorage,
    "torch.storage._UntypedStorage": .untypedStorage,
    "torch.UntypedStorage": .untypedStorage,
    "torch.Tensor": .tensorClass, "torch.nn.parameter.Parameter": .tensorClass,
    "torch.nn.parameter.Buffer": .tensorClass,
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
  ]

  /// The types of torch that arrays can have.
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

  /// Types of torch that no array can have.
  private static let otherTypes: Swift.Set<String> = [
    "complex32", "chalf", "quint8", "qint8", "qint32", "quint4x2", "quint2x4",
    "float4_e2m1fn_x2", "bits8", "bits16",
  ]

  private static let refused: [String: String] = [
    "torch._utils._rebuild_qtensor": "a quantised tensor",
    "torch._utils._rebuild_sparse_tensor": "a sparse tensor",
    "torch._utils._rebuild_sparse_csr_tensor": "a sparse tensor",
    "torch._utils._rebuild_nested_tensor": "a nested tensor",
    "torch._utils._rebuild_meta_tensor_no_storage": "a tensor without data",
    "torch._utils._rebuild_wrapper_subclass": "a tensor of a class of its own",
    "torch._utils._rebuild_device_tensor_from_numpy": "a tensor in the form of another library",
    "torch._utils._rebuild_xla_tensor": "a tensor in the form of another library",
  ]

  private static func refusedStorage(_ module: String, _ name: String) -> String? {
    guard storageModules.contains(module), name.hasPrefix("Q"), name.hasSuffix("Storage") else {
      return nil
    }
    return "a quantised tensor"
  }
}
