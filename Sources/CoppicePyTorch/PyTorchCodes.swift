public import CoppiceModel

extension CoppiceError.Code {
  /// The file is none that `torch.save` writes, or one of a kind that is not read.
  public static let pytorchFormat = Self(rawValue: "pytorch.format")

  /// A checkpoint of `torch.distributed.checkpoint`, or a shard of one.
  public static let pytorchDistributed = Self(rawValue: "pytorch.distributed")

  /// The pickle is cut off, or breaks the rules of pickles.
  public static let pytorchPickle = Self(rawValue: "pytorch.pickle")

  /// An object of a class, or a function or class itself, that a tree can't hold.
  public static let pytorchGlobal = Self(rawValue: "pytorch.global")

  /// The pickle has an instruction that is not needed for tensors and containers.
  public static let pytorchInstruction = Self(rawValue: "pytorch.instruction")

  /// A function is called with other arguments than it takes.
  public static let pytorchArguments = Self(rawValue: "pytorch.arguments")

  /// A tensor of a kind that no array can hold: quantised, sparse, conjugated.
  public static let pytorchTensorKind = Self(rawValue: "pytorch.tensor-kind")

  /// A tensor reaches out of its storage, or has sizes that make no sense.
  public static let pytorchTensorBounds = Self(rawValue: "pytorch.tensor-bounds")

  /// A storage is not in the file, or has another size.
  public static let pytorchStorage = Self(rawValue: "pytorch.storage")

  /// A value that a tree can't hold, such as a text that is not UTF-8, or a value that is none.
  public static let pytorchValue = Self(rawValue: "pytorch.value")

  /// The object is larger than the limits for readers allow: depth, leaves, instructions.
  public static let pytorchLimit = Self(rawValue: "pytorch.limit")

  /// A value became one of another kind: a set a list, a device a text.
  public static let pytorchChangedValue = Self(rawValue: "pytorch.changed-value")
}
