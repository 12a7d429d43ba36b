import CoppiceModel

/// A value on the stack of a pickle.
///
/// Containers are indexes into a table rather than nested values: a container may contain itself,
/// and releasing deeply nested values would overflow the stack.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  /// An integer beyond 64 bits.
  case large(IntegerText)
  case float(Double)
  case string(String)
  case bytes([UInt8])
  /// A function or a class that `PickleGlobal` lists.
  case global(PickleGlobal)
  /// Another function or class, by the index of its name in the table.
  case name(Int)
  /// An object of another class, by its index in the table.
  case object(Int)
  /// A value that no tree can hold, by its index in the table.
  case foreign(Int)
  /// A device, by its name.
  case device(String)
  /// A container, by its index in the table.
  case container(Int)
  /// A tensor, by its index in the table.
  case tensor(Int)
  /// A storage, by its index in the table.
  case storage(Int)
  case complex(Double, Double)
}

/// A container of values.
struct PickleContainer {
  enum Kind {
    case tuple, list, set, dict

    /// The name of the kind, for messages.
    var word: String {
      switch self {
      case .tuple: "tuple"
      case .list: "list"
      case .set: "set"
      case .dict: "dictionary"
      }
    }
  }

  var kind: Kind

  /// The values; in a dictionary, each key followed by its value.
  var items: [PickleValue]

  /// Whether a dictionary has attributes beside its entries, and whether torch's versions of modules are among them.
  var hasAttributes = false
  var hasVersions = false
}

/// A tensor: a view of a storage.
struct PickleTensor: Hashable {
  /// The storage, by its index in the table.
  var storage: Int
  var dtype: DType
  /// The offset, the extents and the strides, in elements.
  var offset: Int
  var extents: [Int]
  var strides: [Int]
  /// Whether the elements are to be conjugated, and whether they are to be negated, before use.
  var isConjugated = false
  var isNegated = false
  /// The tensor's own class, by the index of its name in the table.
  var type: Int?
  /// Whether the tensor has attributes beside its elements.
  var hasAttributes = false
}

/// A run of bytes that tensors are views of.
struct PickleStorage: Hashable {
  /// The name of the storage in the file.
  var key: String
  /// The type of its elements; `nil` where each tensor has its own.
  var dtype: DType?
  /// The number of elements, or of bytes if there is no type.
  var elementCount: Int
  /// Its offset in the storage of that name, in elements; only old files have such views.
  var offset = 0
  /// The index of its class in the table of names, if arrays don't support the elements.
  var foreign: Int?

  /// The size in bytes of the unit that `elementCount` counts.
  var width: Int { dtype?.width ?? 1 }
}
