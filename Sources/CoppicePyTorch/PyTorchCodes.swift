public import CoppiceModel

extension CoppiceError.Code {
  /// The file isn't one that `torch.save` writes, or is of an unsupported kind.
  public static let pytorchFormat = Self(rawValue: "pytorch.format")

  /// A file of a distributed checkpoint by itself, or a directory of checkpoints of single ranks.
  public static let pytorchDistributed = Self(rawValue: "pytorch.distributed")

  /// A distributed checkpoint without its metadata, which are written last: the save wasn't finished.
  public static let pytorchUnfinished = Self(rawValue: "pytorch.unfinished")

  /// The metadata of a distributed checkpoint aren't what torch writes.
  public static let pytorchMetadata = Self(rawValue: "pytorch.metadata")

  /// Two entries of a distributed checkpoint have one place in the state, or the place can't be.
  public static let pytorchStatePath = Self(rawValue: "pytorch.state-path")

  /// The boxes of a tensor share elements, lie outside of it, or don't have all of it.
  public static let pytorchBoxes = Self(rawValue: "pytorch.boxes")

  /// An entry of a distributed checkpoint isn't where, or what, the metadata say.
  public static let pytorchEntry = Self(rawValue: "pytorch.entry")

  /// The bytes of an entry are transformed in a way that isn't known.
  public static let pytorchTransform = Self(rawValue: "pytorch.transform")

  /// A tensor that Megatron keeps as ranges of its flattened boxes.
  public static let pytorchFlattened = Self(rawValue: "pytorch.flattened")

  /// The pickle is cut off, or breaks the rules of pickles.
  public static let pytorchPickle = Self(rawValue: "pytorch.pickle")

  /// An object of a class, or a function or class itself, that a tree can't hold.
  public static let pytorchGlobal = Self(rawValue: "pytorch.global")

  /// The pickle has an instruction that tensors and containers don't need.
  public static let pytorchInstruction = Self(rawValue: "pytorch.instruction")

  /// A function is called with other arguments than it accepts.
  public static let pytorchArguments = Self(rawValue: "pytorch.arguments")

  /// A tensor of a kind that no array can hold, such as one without data.
  public static let pytorchTensorKind = Self(rawValue: "pytorch.tensor-kind")

  /// A tensor exceeds its storage, or has inconsistent sizes.
  public static let pytorchTensorBounds = Self(rawValue: "pytorch.tensor-bounds")

  /// A storage is not in the file, or has another size.
  public static let pytorchStorage = Self(rawValue: "pytorch.storage")

  /// A value that a tree can't hold, such as a text that isn't UTF-8, or an invalid value.
  public static let pytorchValue = Self(rawValue: "pytorch.value")

  /// The index of a set is malformed.
  public static let pytorchIndex = Self(rawValue: "pytorch.index")

  /// A directory has several indexes, and none is the usual one.
  public static let pytorchSeveralIndexes = Self(rawValue: "pytorch.several-indexes")

  /// The index assigns a tensor to a file that doesn't hold it.
  public static let pytorchMissingTensor = Self(rawValue: "pytorch.missing-tensor")

  /// A file of a set holds tensors that the index doesn't name, or assigns to another file.
  public static let pytorchUnmappedTensor = Self(rawValue: "pytorch.unmapped-tensor")

  /// A file beside the index doesn't belong to the set.
  public static let pytorchUnlistedFile = Self(rawValue: "pytorch.unlisted-file")

  /// The object exceeds the limits for readers: depth, leaves, instructions.
  public static let pytorchLimit = Self(rawValue: "pytorch.limit")

  /// A value was changed to another kind, such as a set to a list or an object to a dictionary.
  public static let pytorchChangedValue = Self(rawValue: "pytorch.changed-value")
}
