import CoppiceModel
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension DirectoryHandle {
  /// Opens what a relative path names, step by step, so that each link is seen and judged.
  func resolve(
    _ relative: String, options: FileDescriptor.OpenOptions
  ) throws(CoppiceError) -> FileDescriptor {
    var pending: [String]
    do {
      pending = Array(try RelativePath(checking: relative).components.reversed())
    } catch {
      throw error.located(file: displayName(""))
    }
    if pending.isEmpty { pending = ["."] }
    // The directories above the current one, so that a link's `..` can be followed inside.
    var stack: [FileDescriptor] = []
    defer { for directory in stack { try? directory.close() } }
    var linksLeft = Self.mostLinks
    while let name = pending.popLast() {
      if name == ".." {
        guard let last = stack.popLast() else { throw outside(relative) }
        try? last.close()
        continue
      }
      let current = stack.last ?? descriptor
      let isLast = pending.isEmpty
      let step = isLast ? options : [.directory, .closeOnExec]
      let opened = Self.openStep(name, in: current, options: step.union(.noFollow))
      switch opened {
      case .success(let next):
        if isLast { return next }
        stack.append(next)
      case .failure(let errno):
        guard let target = Self.linkTarget(name, in: current) else {
          let isLinked = linksLeft < Self.mostLinks
          guard !isLinked || errno != .noSuchFileOrDirectory else { throw leadsNowhere(relative) }
          throw failure(errno, relative)
        }
        linksLeft -= 1
        guard linksLeft > 0 else {
          throw CoppiceError(
            .fileSymlink, "symbolic links lead round in a circle; copy the files themselves",
            at: .init(file: displayName(relative)))
        }
        if policy == .anywhere || isCacheLink(target, at: stack.count) {
          return try follow(name, in: current, rest: pending, options: options, relative)
        }
        guard !target.hasPrefix("/") else { throw outside(relative) }
        let steps = target.utf8.split(separator: 0x2F).map { String($0) ?? "" }
        pending.append(contentsOf: steps.filter { $0 != "." }.reversed())
        if pending.isEmpty { pending = ["."] }
      }
    }
    // A link that ended in `..`: the directory that it led to.
    let current = stack.last ?? descriptor
    switch Self.openStep(".", in: current, options: options) {
    case .success(let found): return found
    case .failure(let errno): throw failure(errno, relative)
    }
  }

  /// As many links as Linux follows.
  private static let mostLinks = 40

  private func leadsNowhere(_ relative: String) -> CoppiceError {
    CoppiceError(
      .fileMissing,
      "a symbolic link leads to what is not there; the checkpoint is incomplete, so copy it again",
      at: .init(file: displayName(relative)))
  }

  private func follow(
    _ name: String, in directory: FileDescriptor, rest: [String],
    options: FileDescriptor.OpenOptions, _ relative: String
  ) throws(CoppiceError) -> FileDescriptor {
    let path = ([name] + rest.reversed()).joined(separator: "/")
    switch Self.openStep(path, in: directory, options: options) {
    case .success(let found): return found
    case .failure(let errno): throw failure(errno, relative)
    }
  }

  /// Whether a link is one that Hugging Face's cache makes: `snapshots/<revision>/<file>` points to
  /// `../../blobs/<hash>` beside `snapshots`.
  private func isCacheLink(_ target: String, at depth: Int) -> Bool {
    let parts = target.split(separator: "/", omittingEmptySubsequences: false)
    let ups = parts.prefix { $0 == ".." }.count
    guard ups >= 2, parts.count == ups + 2, parts[ups] == "blobs",
      parts[ups + 1].utf8.allSatisfy({ byte in
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
      }), !parts[ups + 1].isEmpty
    else { return false }
    // The checkpoint is the revision's directory: two levels up from it, and one more a level down.
    let above = path.lexicallyNormalized().components.suffix(2)
    return ups == depth + 2 && above.first?.string == "snapshots"
  }

  private func outside(_ relative: String) -> CoppiceError {
    CoppiceError(
      .fileSymlink,
      "a symbolic link leads out of the checkpoint; give --follow-symlinks if you trust it",
      at: .init(file: displayName(relative)))
  }

  private func failure(_ errno: Errno, _ relative: String) -> CoppiceError {
    let name = displayName(relative)
    switch errno {
    case .noSuchFileOrDirectory:
      return CoppiceError(
        .fileMissing, "the file is not there; the checkpoint is incomplete, so copy it again",
        at: .init(file: name))
    case .notDirectory:
      return CoppiceError(
        .fileKind, "a file lies where a directory is needed; copy the checkpoint again",
        at: .init(file: name))
    default: return .system(errno, "open the file", file: name)
    }
  }

  private static func openStep(
    _ name: String, in directory: FileDescriptor, options: FileDescriptor.OpenOptions
  ) -> Result<FileDescriptor, Errno> {
    let opened = unsafe name.withCString { text in
      unsafe openat(directory.rawValue, text, O_RDONLY | options.rawValue)
    }
    return opened >= 0
      ? .success(FileDescriptor(rawValue: opened)) : .failure(Errno(rawValue: errno))
  }

  /// The text of a symbolic link, or `nil` when the name is none.
  static func linkTarget(_ name: String, in directory: FileDescriptor) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe name.withCString { text in
      unsafe buffer.withUnsafeMutableBytes { bytes in
        guard let start = bytes.baseAddress else { return 0 }
        return unsafe readlinkat(
          directory.rawValue, text, start.assumingMemoryBound(to: CChar.self), bytes.count)
      }
    }
    guard count > 0 else { return nil }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }
}
