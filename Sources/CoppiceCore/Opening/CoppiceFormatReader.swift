package import CoppiceFiles
import CoppiceFormat
package import CoppiceModel
import CoppiceVersion0

/// Checkpoints of this format, and directories of their steps.
package struct CoppiceFormatReader: FormatReader {
  package let name = CheckpointReader.formatName

  package init() {}

  package func recognizes(_ directory: DirectoryHandle) -> Bool {
    (try? directory.hasFile(CheckpointReader.documentName)) ?? false
  }

  package func stranger(
    in directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> String? {
    try UnknownEntries.first(in: directory, limits: options.limits)
  }

  package func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    if try directory.kind(of: CheckpointReader.documentName) != nil {
      return .checkpoint(try CheckpointReader.open(directory, options: options.reading))
    }
    return try RunReader.open(directory, options: options.reading).map { .steps($0) }
  }
}

/// Checkpoints of this format's version 0, and directories of their steps.
///
/// They are tried last: a file of such a name may be part of another format's checkpoint.
package struct CoppiceVersion0FormatReader: FormatReader {
  package let name = Version0Reader.formatName

  package init() {}

  package func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    switch try Version0Reader.open(directory, options: options.reading, hdf5: options.hdf5) {
    case .checkpoint(let opened)?: .checkpoint(opened.contents)
    case .steps(let found)?: .steps(found.steps)
    case nil: nil
    }
  }
}
