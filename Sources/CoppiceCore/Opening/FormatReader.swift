package import CoppiceFiles
public import CoppiceModel
public import SystemPackage

/// A format that can be read: it recognises and opens checkpoints.
///
/// A reader of your own joins those of the library:
/// `OpenOptions(formats: FormatReaders([MyFormat()] + FormatReaders.all.list))`.
public protocol FormatReader: Sendable {
  /// The format's name, as listings print it.
  var name: String { get }

  /// Opens a file or directory; `nil` when it isn't of this format.
  ///
  /// It is called for every path that no reader before it has opened. Arrays are best read when they are
  /// asked for: a leaf takes any `ArraySource`, such as an `NDArray`.
  ///
  /// - Throws: The fault of a path that is of this format and can't be read.
  func open(_ path: FilePath, options: OpenOptions) throws(CoppiceError) -> CheckpointInput?
}

/// A format of the library, whose reader takes opened files and directories.
///
/// Names are resolved below an opened directory, so that no symbolic link leads out of it.
package protocol BuiltInFormatReader: FormatReader {
  /// Tells quickly whether a directory looks like a checkpoint of this format, for hints in
  /// messages.
  func recognizes(_ directory: DirectoryHandle) -> Bool

  /// Tells quickly whether a directory would be opened, though other files may lie in it, for hints in messages.
  func opens(_ directory: DirectoryHandle) -> Bool

  /// Returns the path of an entry in a checkpoint's directory that neither its documents nor the
  /// format mentions; `nil` where there is none.
  ///
  /// A checkpoint without such entries may be replaced: everything in it is known.
  ///
  /// - Throws: The fault of a document that is needed to tell.
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

extension BuiltInFormatReader {
  /// Returns `false`: by default, a directory must be opened to recognise it.
  package func recognizes(_ directory: DirectoryHandle) -> Bool { false }

  /// Returns whether it is recognised: by default, all files of a directory are of one checkpoint.
  package func opens(_ directory: DirectoryHandle) -> Bool { recognizes(directory) }

  /// Returns the first entry: by default, a format can't tell which entries are its own.
  package func stranger(
    in directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> String? { try directory.entries().first?.name }

  /// Returns `nil`: by default, a format has no checkpoints that are directories.
  package func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? { nil }

  /// Returns `nil`: by default, a format has no checkpoints that are single files.
  package func open(
    _ file: InputFile, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? { nil }

  /// Opens the path first.
  package func open(
    _ path: FilePath, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    try OpenedPath(path, options).read(by: self, options)
  }
}

/// The formats that a call reads, in the order in which they are tried.
///
/// This module reads Coppice's own format, versions 0 and 1; `CoppiceInterop` adds `.all`.
public struct FormatReaders: Sendable {
  /// The readers.
  public let list: [any FormatReader]

  /// Makes a list of readers, such as your own before those of `.all`.
  public init(_ list: [any FormatReader]) { self.list = list }

  /// Coppice's own format in all its versions.
  public static let coppice = FormatReaders([CoppiceFormatReader(), CoppiceVersion0FormatReader()])

  /// The names of the formats.
  public var names: [String] { list.map(\.name) }
}
