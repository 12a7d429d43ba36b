public import Coppice

extension FormatReaders {
  /// All format readers, in the order in which they are tried.
  ///
  /// The first that opens a path has it. Those of safetensors, GGUF and Flax take any directory with a file that
  /// is named as theirs are, and files of Flax have no signature: a new reader stands before these, and one of
  /// zip archives before that of PyTorch. Where a model is there in both, safetensors has it exactly and GGUF
  /// may have it quantised. Orbax takes directories of arrays of zarr, even without documents of its own, which
  /// the root of a zarr store may look like: zarr stands before it, and leaves to Orbax what has its documents.
  public static let all = FormatReaders([
    CoppiceFormatReader(), ZarrFormatReader(), OrbaxFormatReader(), KerasFormatReader(),
    DistributedFormatReader(), PyTorchFormatReader(), NpzFormatReader(), NpyFormatReader(),
    SafetensorsFormatReader(), GGUFFormatReader(), HDF5FormatReader(), FlaxFormatReader(),
    CoppiceVersion0FormatReader(),
  ])
}
