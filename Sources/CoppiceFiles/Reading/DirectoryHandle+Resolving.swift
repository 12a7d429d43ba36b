import CoppiceModel
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension DirectoryHandle {
  /// A path's open target, and the directories above it, from the checkpoint's own down.
  typealias Resolved = (descriptor: FileDescriptor, above: [OwnedDescriptor])

  /// Opens a relative path component by component, so that each symbolic link can be checked.
  func resolve(
    _ relative: String, options: FileDescriptor.OpenOptions
  ) throws(CoppiceError) -> Resolved {
    var pending: [String]
    do {
      pending = Array(try RelativePath(checking: relative).components.reversed())
    } catch {
      throw error.located(file: displayName(""))
    }
    // The open directories down to the current one, so that `..` in a link can be followed without leaving
    // the checkpoint.
    var stack = ancestors + [owned]
    var linksLeft = Self.mostLinks
    while let name = pending.popLast() {
      if name == ".." {
        guard stack.count > floor + 1 else { throw outside(relative) }
        stack.removeLast()
        continue
      }
      let current = (stack.last ?? owned).value
      let isLast = pending.isEmpty
      let step = isLast ? options : [.directory, .closeOnExec]
      let opened = Self.openStep(name, in: current, options: step.union(.noFollow))
      switch opened {
      case .success(let next):
        if isLast { return (next, stack) }
        stack.append(OwnedDescriptor(next))
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
        if policy == .anywhere {
          return (try follow(name, in: current, rest: pending, options: options, relative), stack)
        }
        if isLast, let hash = cachedBlob(target, at: stack.count - 1) {
          return (try openBlob(hash, from: current, up: stack.count + 1, options, relative), stack)
        }
        guard target.utf8.first != 0x2F else { throw outside(relative) }
        let steps = target.utf8.split(separator: 0x2F).map { String($0) ?? "" }
        pending.append(contentsOf: steps.filter { $0 != "." }.reversed())
      }
    }
    // The path is empty, or a link ended in `..` or `.`: open the directory it led to.
    switch Self.openStep(".", in: (stack.last ?? owned).value, options: options) {
    case .success(let found): return (found, stack.dropLast())
    case .failure(let errno): throw failure(errno, relative)
    }
  }

  /// The limit on symbolic links in one path: the same as Linux's.
  private static let mostLinks = 40

  private func leadsNowhere(_ relative: String) -> CoppiceError {
    CoppiceError(
      .fileMissing,
      "the target of a symbolic link is missing; the checkpoint is incomplete, so copy it again",
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

  /// Returns the blob's name when a link has the form that Hugging Face's cache makes:
  /// `snapshots/<revision>/<file>` points to `../../blobs/<hash>` beside `snapshots`.
  private func cachedBlob(_ target: String, at depth: Int) -> String? {
    let parts = target.split(separator: "/", omittingEmptySubsequences: false)
    let ups = parts.prefix { $0 == ".." }.count
    guard ups >= 2, parts.count == ups + 2, parts[ups] == "blobs",
      parts[ups + 1].utf8.allSatisfy({ byte in
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
      }), !parts[ups + 1].isEmpty
    else { return nil }
    // The checkpoint is the revision's directory: `blobs` lies two levels up from it, and one more
    // for each level below it.
    let above = path.lexicallyNormalized().components.suffix(2)
    guard ups == depth + 2, above.first?.string == "snapshots" else { return nil }
    return String(parts[ups + 1])
  }

  /// Opens a blob of the cache; a blob that is itself a symbolic link is refused.
  private func openBlob(
    _ hash: String, from directory: FileDescriptor, up count: Int,
    _ options: FileDescriptor.OpenOptions, _ relative: String
  ) throws(CoppiceError) -> FileDescriptor {
    guard !options.contains(.directory) else { throw outside(relative) }
    var current: OwnedDescriptor?
    for name in Array(repeating: "..", count: count) + ["blobs", hash] {
      let isLast = name == hash
      let opened = Self.openStep(
        name, in: current?.value ?? directory,
        options: (isLast ? options : [.directory, .closeOnExec]).union(.noFollow))
      switch opened {
      case .success(let next):
        if isLast { return next }
        current = OwnedDescriptor(next)
      case .failure(.noSuchFileOrDirectory): throw leadsNowhere(relative)
      case .failure: throw outside(relative)
      }
    }
    throw outside(relative)
  }

  private func outside(_ relative: String) -> CoppiceError {
    CoppiceError(
      .fileSymlink,
      "a symbolic link leads out of the checkpoint; set `followsSymlinks` if you trust it",
      at: .init(file: displayName(relative)))
  }

  private func failure(_ errno: Errno, _ relative: String) -> CoppiceError {
    let name = displayName(relative)
    switch errno {
    // No file can have a name that is too long.
    case .noSuchFileOrDirectory, .fileNameTooLong:
      return CoppiceError(
        .fileMissing, "the file is not there; the checkpoint is incomplete, so copy it again",
        at: .init(file: name))
    case .notDirectory:
      return CoppiceError(
        .fileKind, "a file lies where a directory is needed; copy the checkpoint again",
        at: .init(file: name))
    case .noSuchAddressOrDevice: return .noRegularFile(name, errno)
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

  /// Returns the target of a symbolic link, or `nil` when the name isn't a link.
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
