import Coppice
import CoppiceFiles
import CoppiceFlax
import CoppiceModel
import CoppiceZarr

/// The reader of files of Flax's serialization, and of directories of their steps.
struct FlaxFormatReader: BuiltInFormatReader {
  let name = FlaxMsgpack.formatName

  func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    try FlaxMsgpack.openRun(
      directory, limits: options.limits, openArray: Self.opener(options.limits)
    ).map { .steps($0) }
  }

  func open(_ file: InputFile, options: OpenOptions) throws(CoppiceError) -> CheckpointInput? {
    guard try FlaxMsgpack.recognizes(file) else { return nil }
    return .checkpoint(
      try FlaxMsgpack.open(file, limits: options.limits, openArray: Self.opener(options.limits)))
  }

  /// Returns a closure that opens the arrays of several processes, stored as zarr beside the file.
  private static func opener(_ limits: ReadLimits) -> FlaxMsgpack.ArrayOpener {
    { (directory, name) throws(CoppiceError) in
      try ZarrDirectory.open(name, in: directory, limits: limits)
    }
  }
}
