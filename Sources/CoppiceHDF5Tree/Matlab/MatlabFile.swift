import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel

/// The signs of a MAT-file of MATLAB 7.3: an HDF5 file after a user block that says so.
struct MatlabFile {
  /// The order of the fields of structs, where the file tells it.
  private(set) var order = MemberOrder()

  /// Recognises a file; fails when neither MATLAB nor a library for its files made it.
  init?(_ outline: FileOutline, in file: any ByteSource) throws(CoppiceError) {
    let mark = Array("MATLAB 7.".utf8)
    guard file.byteCount > 512 else { return nil }
    var head = Array(repeating: UInt8(0), count: mark.count)
    var span = head.mutableSpan
    var bytes = unsafe span.mutableBytes
    try file.read(at: 0, into: &bytes)
    guard head == mark else { return nil }
    for entry in outline.entries {
      guard case .group(let attributes) = entry.content,
        let fields = attributes.first(where: { $0.name.elementsEqual("MATLAB_fields".utf8) }),
        case .strings(let names) = fields.value.contents
      else { continue }
      let prefix = entry.path.isEmpty ? [] : entry.path + [UInt8(ascii: "/")]
      for name in names { order.append(prefix + name) }
    }
  }

  /// Returns whether an attribute only describes the file's structure, which its tree shows too.
  static func isStructure(_ name: [UInt8]) -> Bool {
    ["MATLAB_", "H5PATH", "Python."].contains { name.starts(with: $0.utf8) }
  }

  /// Returns whether a group of the root holds what other objects refer to.
  static func isHidden(_ path: [UInt8]) -> Bool {
    path.elementsEqual("#refs#".utf8) || path.elementsEqual("#subsystem#".utf8)
  }
}

/// The class and form of an object, as MATLAB's attributes state them.
struct MatlabObject {
  /// The class, such as `double` or `cell`.
  let className: String
  /// Whether the array has no elements; the dataset then holds its extents.
  let isEmpty: Bool
  let isSparse: Bool
  /// Whether only MATLAB knows what the object's bytes mean.
  let isOpaque: Bool

  /// Fails when the object has no class.
  init?(_ attributes: [FileOutline.Attribute]) {
    let value = { (name: String) in
      attributes.first { $0.name.elementsEqual(name.utf8) }?.value
    }
    guard let className = value("MATLAB_class")?.text else { return nil }
    self.className = className
    isEmpty =
      switch value("MATLAB_empty").flatMap(AttributeJSON.value) {
      case .number(let text)?: text != "0"
      default: false
      }
    isSparse = value("MATLAB_sparse") != nil
    isOpaque =
      value("MATLAB_object_decode") != nil
      || Self.dtypes[className] == nil && !["char", "cell", "struct"].contains(className)
  }

  /// The element type of an array of the class.
  var dtype: DType? { Self.dtypes[className] }

  private static let dtypes: [String: DType] = [
    "logical": .bool, "single": .float32, "double": .float64, "int8": .int8, "int16": .int16,
    "int32": .int32, "int64": .int64, "uint8": .uint8, "uint16": .uint16, "uint32": .uint32,
    "uint64": .uint64,
  ]

  /// The reason for which no tree can hold the object; `nil` if one can.
  var refusal: CoppiceError? {
    if isSparse {
      return CoppiceError(
        .hdf5UnsupportedType,
        "a sparse matrix of MATLAB can't be an array; full() in MATLAB makes one that can")
    }
    guard isOpaque else { return nil }
    return CoppiceError(
      .hdf5UnsupportedType,
      className == "function_handle"
        ? "a function handle of MATLAB can't be an array"
        : "an object of MATLAB's class \"\(className.printable)\" can't be an array: only MATLAB knows its form; "
          + "struct() in MATLAB makes a struct of it")
  }
}
