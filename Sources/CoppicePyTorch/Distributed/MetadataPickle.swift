import CoppiceModel

/// The values of the pickle in `.metadata`, which describes each box of each tensor.
///
/// A checkpoint of a thousand ranks has millions of boxes, whose descriptions would take gigabytes as a general pickle's
/// values. Here the three classes of which there are so many become a few numbers as soon as they are complete, and
/// what only they refer to is dropped. Nothing is executed: an object is its class and its state.
struct MetadataPickle: PickleMachine {
  enum Value {
    case none
    case bool(Bool)
    case integer(Int)
    /// A text, by its index in the table.
    case text(Int)
    /// An element type of torch, by the index of its name among the texts.
    case dtype(Int)
    /// A class or function, by the index of its name among the texts.
    case name(Int)
    /// A tuple, list or dictionary, by its index in the table.
    case container(Int)
    case object(Int)
    /// A value that describes no data.
    case other
  }

  enum Object {
    /// An object of any other class, and the state that it was given.
    case plain(name: Int, state: Value)
    /// A box: the index of its first number, and the number of dimensions. Its offset comes first, then its extents.
    case box(start: Int, rank: Int)
    /// The key of an entry: a tensor's, and if a tensor's box is stored, its offset.
    case key(text: Int32, rank: Int32, start: Int)
    /// The place of an entry: its file and transforms, by their indexes among the texts and the containers.
    case place(file: Int32, transforms: Int32, offset: Int, length: Int)
  }

  var texts: [String] = []
  var numbers: [Int] = []
  var objects: [Object] = []
  var containers: [[Value]] = []

  var textPlaces: [TreeKey: Int] = [:]
  /// The modules of functions that nothing in the metadata needs, by the indexes of their names.
  var strange: [Int: String] = [:]
  var input: PickleInput
  var stack: [Value] = []
  var marks: [Int] = []
  var memo: [Int: Value] = [:]
  var memoCount = 0
  /// The numbers of the memo that are used later; others needn't be kept.
  let used: Set<Int>
  /// The number of containers that must stay, since the memo has the last of them.
  var kept = 0
  let limits: ReadLimits

  private static let mostValues = 1 << 20
  private static let mostContainers = 1 << 25

  /// The names that have a meaning here, which are the first in the table of texts.
  enum Known: Int, CaseIterable {
    case box, key, place
    case offsets, sizes, text, offset, file, length, transforms
    case size, orderedDictionary, reconstructor

    var name: String {
      switch self {
      case .box: "ChunkStorageMetadata"
      case .key: "MetadataIndex"
      case .place: "_StorageInfo"
      case .offsets: "offsets"
      case .sizes: "sizes"
      case .text: "fqn"
      case .offset: "offset"
      case .file: "relative_path"
      case .length: "length"
      case .transforms: "transform_descriptors"
      case .size: "Size"
      case .orderedDictionary: "OrderedDict"
      case .reconstructor: "_reconstructor"
      }
    }
  }

  init(_ source: any ByteSource, limits: ReadLimits) throws(CoppiceError) {
    used = try Self.usedNumbers(in: source, limits: limits)
    input = PickleInput(source, at: 0, limit: limits.documentBytes)
    self.limits = limits
    for known in Known.allCases { _ = place(of: known.name) }
  }

  /// Executes the instructions up to the last.
  ///
  /// - Throws: `pytorch.pickle`, `pytorch.limit`; `io.*`.
  mutating func run() throws(CoppiceError) -> Value {
    while true {
      guard let instruction = PickleInstruction(rawValue: try input.byte()) else { throw damaged }
      if instruction == .stop { return try pop() }
      try carryOut(instruction)
      guard stack.count <= Self.mostValues, containers.count <= Self.mostContainers else {
        throw CoppiceError(
          .pytorchLimit, "the metadata have more values than any that are read here",
          at: .init(offset: input.offset))
      }
    }
  }

  /// The values of a container; in a dictionary, each key followed by its value.
  func items(_ container: Int) -> [Value] {
    containers.indices.contains(container) ? containers[container] : []
  }

  var damaged: CoppiceError {
    CoppiceError(
      .pytorchPickle,
      "the pickle breaks the rules of pickles; the file is damaged, so copy it again",
      at: .init(offset: input.offset))
  }
}
