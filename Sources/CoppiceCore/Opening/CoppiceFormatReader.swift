package import CoppiceFiles
import CoppiceFormat
package import CoppiceModel
import CoppiceVersion0

/// The reader of Coppice's own format: checkpoints and runs.
package struct CoppiceFormatReader: BuiltInFormatReader {
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

/// The reader of version 0 of Coppice's own format: checkpoints and runs.
///
/// It is tried last: checkpoints of other formats may have files with the names that it looks for.
package struct CoppiceVersion0FormatReader: BuiltInFormatReader {
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
