import CoppiceModel

/// A value on the stack of a pickle.
///
/// Containers are places in a table rather than values in one another: they may hold themselves, and
/// may be nested so deeply that letting go of them would overflow the stack.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  /// An integer beyond 64 bits.
  case large(IntegerText)
  case float(Double)
  case string(String)
  case bytes([UInt8])
  /// A function or a class that is known.
  case global(PickleGlobal)
  /// Something that no tree can hold, by its place in the table.
  case foreign(Int)
  /// A device, by its name.
  case device(String)
  /// A container, by its place in the table.
  case container(Int)
  /// A tensor, by its place in the table.
  case tensor(Int)
  /// A storage, by its place in the table.
  case storage(Int)
  case complex(Double, Double)
}

/// What a pickle builds of values.
struct PickleContainer {
  enum Kind {
    case tuple, list, set, dict
  }

  var kind: Kind

  /// The values; of a dictionary, each key with its value after it.
  var items: [PickleValue]
}

/// A tensor: a view of a storage.
struct PickleTensor {
  /// The storage, by its place in the table.
  var storage: Int
  var dtype: DType
  /// The offset, the extents and the distances, in elements.
  var offset: Int
  var extents: [Int]
  var strides: [Int]
}

/// A stretch of bytes that tensors are views of.
struct PickleStorage: Hashable {
  /// The name by which the file has it.
  var key: String
  /// The type of its elements; `nil` where tensors say it themselves.
  var dtype: DType?
  /// The number of elements; of bytes where there is no type.
  var elementCount: Int
  /// Where it begins in the storage of that name, in elements: for old files that have views.
  var offset = 0
  /// Its class, where no array can have such elements: its place in the table of foreign values.
  var foreign: Int?

  /// The width of what is counted.
  var width: Int { dtype?.width ?? 1 }
}
