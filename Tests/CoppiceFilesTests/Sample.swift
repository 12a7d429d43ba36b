import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A directory of files, links and stranger things, made for one test.
struct Sample {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  var path: FilePath { directory.path }

  func callAsFunction(_ name: String) -> FilePath { directory(name) }

  /// Makes a file, and the directories above it.
  @discardableResult
  func file(_ name: String, _ text: String = "") throws -> FilePath {
    try parents(of: name)
    let path = path.pushing(FilePath(name))
    try OutputFile.create(path, holding: Array(text.utf8), durability: .buffered)
    return path
  }

  @discardableResult
  func folder(_ name: String) throws -> FilePath {
    try OutputDirectory.createAll(name.split(separator: "/").map(String.init), below: path)
  }

  /// Makes a symbolic link with any text as its target.
  func link(_ name: String, to target: String) throws {
    try parents(of: name)
    try Self.check(symlink(target, path.string + "/" + name))
  }

  func pipe(_ name: String) throws {
    try Self.check(mkfifo(path.string + "/" + name, 0o666))
  }

  /// Leaves a socket's name behind.
  func socket(_ name: String) throws {
    #if canImport(Glibc)
      let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = Darwin.socket(AF_UNIX, SOCK_STREAM, 0)
    #endif
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      bytes.copyBytes(from: (path.string + "/" + name).utf8.prefix(bytes.count - 1))
    }
    try Self.check(
      withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      })
  }

  func handle(
    _ name: String = "", symlinks: SymlinkPolicy = .inside
  ) throws(CoppiceError) -> DirectoryHandle {
    try DirectoryHandle(
      opening: name.isEmpty ? path : path.pushing(FilePath(name)), symlinks: symlinks)
  }

  /// All names below, hidden ones too, as the system has them.
  func names(_ name: String = "") throws -> [String] {
    try handle(name).entries().map(\.name)
  }

  /// The text of a file that a test reads without the code under test.
  static func text(_ path: FilePath) throws -> String {
    let descriptor = try FileDescriptor.open(path, .readOnly)
    return try descriptor.closeAfter {
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
      return String(decoding: buffer[..<count], as: UTF8.self)
    }
  }

  private func parents(of name: String) throws {
    let parts = name.split(separator: "/").map(String.init).dropLast()
    _ = try OutputDirectory.createAll(parts, below: path)
  }

  static func check(_ status: Int32) throws {
    guard status == 0 else { throw Errno(rawValue: errno) }
  }
}

extension DirectoryHandle {
  /// The text of a file below, through the code under test.
  func text(_ relative: String) throws(CoppiceError) -> String {
    String(decoding: try allBytes(of: relative, limit: 1 << 16), as: UTF8.self)
  }
}
