package import CoppiceFiles
package import CoppiceModel

/// A format that can be read: how it is recognised, and how it is opened.
///
/// Adding a format takes a conformance in a file of its own, and one line in the list of formats.
package protocol FormatReader: Sendable {
  /// The format's name, as `--to` and listings spell it.
  var name: String { get }

  /// Tells at a glance whether a directory is a checkpoint of this format, for advice.
  func recognizes(_ directory: DirectoryHandle) -> Bool

  /// Returns the path of something in a checkpoint's directory that neither its documents nor the format
  /// name; `nil` where there is nothing, so that all of it can be written anew.
  ///
  /// - Throws: The fault of a document without which nobody knows.
  func stranger(
    in directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> String?

  /// Opens a directory; `nil` when it isn't of this format.
  func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput?

  /// Opens a file; `nil` when it isn't of this format.
  func open(_ file: InputFile, options: OpenOptions) throws(CoppiceError) -> CheckpointInput?
}

extension FormatReader {
  /// Nothing is known without opening.
  package func recognizes(_ directory: DirectoryHandle) -> Bool { false }

  /// Nothing is known: whatever is there is strange.
  package func stranger(
    in directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> String? { try directory.entries().first?.name }

  /// Formats of single files have no directories.
  package func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? { nil }

  /// Formats of directories have no single files.
  package func open(
    _ file: InputFile, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? { nil }
}

/// The formats that a call reads, in the order in which they are tried.
///
/// This module knows its own format, versions 0 and 1; `CoppiceInterop` adds `.all`.
public struct FormatReaders: Sendable {
  package let list: [any FormatReader]

  package init(_ list: [any FormatReader]) { self.list = list }

  /// This format in all its versions.
  public static let coppice = FormatReaders([CoppiceFormatReader(), CoppiceVersion0FormatReader()])

  /// The names of the formats.
  public var names: [String] { list.map(\.name) }
}
