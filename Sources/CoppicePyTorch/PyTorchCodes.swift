package import CoppiceModel

extension CoppiceError.Code {
  /// The file isn't one that `torch.save` writes, or is of an unsupported kind.
  package static let pytorchFormat = Self(rawValue: "pytorch.format")

  /// A checkpoint of `torch.distributed.checkpoint`, or a shard of one.
  package static let pytorchDistributed = Self(rawValue: "pytorch.distributed")

  /// The pickle is cut off, or breaks the rules of pickles.
  package static let pytorchPickle = Self(rawValue: "pytorch.pickle")

  /// An object of a class, or a function or class itself, that a tree can't hold.
  package static let pytorchGlobal = Self(rawValue: "pytorch.global")

  /// The pickle has an instruction that tensors and containers don't need.
  package static let pytorchInstruction = Self(rawValue: "pytorch.instruction")

  /// A function is called with other arguments than it accepts.
  package static let pytorchArguments = Self(rawValue: "pytorch.arguments")

  /// A tensor of a kind that no array can hold: quantised, sparse, conjugated.
  package static let pytorchTensorKind = Self(rawValue: "pytorch.tensor-kind")

  /// A tensor exceeds its storage, or has inconsistent sizes.
  package static let pytorchTensorBounds = Self(rawValue: "pytorch.tensor-bounds")

  /// A storage is not in the file, or has another size.
  package static let pytorchStorage = Self(rawValue: "pytorch.storage")

  /// A value that a tree can't hold, such as a text that isn't UTF-8, or an invalid value.
  package static let pytorchValue = Self(rawValue: "pytorch.value")

  /// The object exceeds the limits for readers: depth, leaves, instructions.
  package static let pytorchLimit = Self(rawValue: "pytorch.limit")

  /// A value was changed to another kind, such as a set to a list or a device to a text.
  package static let pytorchChangedValue = Self(rawValue: "pytorch.changed-value")
}
