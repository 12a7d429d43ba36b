import Coppice
package import CoppiceModel
package import FileAccess
import OrbaxCheckpoint
import Safetensors

/// A format that can be read: how it is recognised, and how it is opened.
///
/// Adding a format takes a conformance in a file of its own, and one line in `CheckpointLayouts`.
package protocol CheckpointLayout: Sendable {
  /// The format's name, as `--to` and listings spell it.
  var name: String { get }

  /// Opens a directory; `nil` when it isn't of this format.
  func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput?

  /// Opens a file; `nil` when it isn't of this format.
  func open(_ file: InputFile, options: OpenOptions) throws(CoppiceError) -> CheckpointInput?
}

extension CheckpointLayout {
  /// Formats of directories have no single files.
  package func open(
    _ file: InputFile, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? { nil }
}

/// The formats that can be read, in the order in which they are tried.
package enum CheckpointLayouts {
  package static let all: [any CheckpointLayout] = [
    CoppiceLayout(), OrbaxLayout(), SafetensorsLayout(), Version0Layout(),
  ]
}

/// Checkpoints of this format, and directories of their steps.
struct CoppiceLayout: CheckpointLayout {
  let name = CheckpointReader.formatName

  func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    if try directory.kind(of: CheckpointReader.documentName) != nil {
      return .checkpoint(try CheckpointReader.open(directory, options: options.reading))
    }
    return try StepsReader.open(directory, options: options.reading).map { .steps($0) }
  }
}

/// Checkpoints of this format's version 0, and directories of their steps.
///
/// They are tried last: a file of such a name may be part of another format's checkpoint.
struct Version0Layout: CheckpointLayout {
  let name = Version0Reader.formatName

  func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    switch try Version0Reader.open(directory, options: options.reading, hdf5: options.hdf5) {
    case .checkpoint(let opened)?: .checkpoint(opened.contents)
    case .steps(let found)?: .steps(found.steps)
    case nil: nil
    }
  }
}

/// Checkpoints of Orbax in all their layouts.
struct OrbaxLayout: CheckpointLayout {
  let name = "orbax"

  func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    guard try OrbaxCheckpoint.recognizes(directory) else { return nil }
    return try OrbaxCheckpoint.open(directory, limits: options.limits)
  }
}

/// Safetensors files and sets.
struct SafetensorsLayout: CheckpointLayout {
  let name = "safetensors"

  func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    guard try SafetensorsFormat.recognizes(directory: directory) else { return nil }
    return .checkpoint(try SafetensorsFormat.open(directory, limits: options.limits))
  }

  func open(_ file: InputFile, options: OpenOptions) throws(CoppiceError) -> CheckpointInput? {
    guard try SafetensorsFormat.recognizes(file: file) else { return nil }
    return .checkpoint(try SafetensorsFormat.open(file, limits: options.limits))
  }
}
