import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Preparations of the machine, without which measurements mean little.
package enum Machine {
  /// Touches memory and frees it again.
  ///
  /// On virtual machines free memory may not be backed, and the first touch would cost more than
  /// the measured work. Pages of 4 KiB come first, which use up the small free blocks, then huge
  /// pages.
  package static func warm(_ bytes: Int) {
    for isHuge in [false, true] {
      let count = bytes & ~((4 << 20) - 1)
      guard count > 0,
        let memory = mmap(
          nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
        memory != MAP_FAILED
      else { return }
      #if os(Linux)
        madvise(memory, count, isHuge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE)
      #endif
      let address = UInt(bitPattern: memory)
      DispatchQueue.concurrentPerform(iterations: 2) { half in
        guard let start = UnsafeMutableRawPointer(bitPattern: address) else { return }
        for offset in stride(from: half * (count / 2), to: (half + 1) * (count / 2), by: 4096) {
          start.storeBytes(of: 1, toByteOffset: offset, as: UInt8.self)
        }
      }
      munmap(memory, count)
    }
  }

  package static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The seconds of processor time that this process has taken.
  package static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Resets the peak memory.
  package static func resetPeak() {
    let file = open("/proc/self/clear_refs", O_WRONLY)
    guard file >= 0 else { return }
    _ = write(file, "5", 1)
    close(file)
  }

  /// A line of `/proc/self/status`, in MiB.
  package static func memory(_ key: String) -> Double {
    guard let text = contents("/proc/self/status") else { return 0 }
    for line in text.split(separator: "\n") where line.hasPrefix(key) {
      let number = line.dropFirst(key.count).split(whereSeparator: { $0 == " " || $0 == "\t" })
      return (number.first.flatMap { Double($0) } ?? 0) / 1024
    }
    return 0
  }

  private static func contents(_ path: String) -> String? {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let count = read(file, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}

/// Files on disk, before and after what is measured.
package enum Disk {
  /// The paths of all files below a directory, and of the directories.
  package static func list(_ path: String) -> (files: [String], directories: [String]) {
    var found: (files: [String], directories: [String]) = ([], [path])
    guard let stream = opendir(path) else { return found }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name == "." || name == ".." { continue }
      var status = stat()
      lstat(path + "/" + name, &status)
      if status.st_mode & S_IFMT == S_IFDIR {
        let inner = list(path + "/" + name)
        found.files += inner.files
        found.directories += inner.directories
      } else {
        found.files.append(path + "/" + name)
      }
    }
    return found
  }

  package static func byteCount(_ files: [String]) -> Int {
    files.reduce(0) { sum, file in
      var status = stat()
      lstat(file, &status)
      return sum + Int(status.st_size)
    }
  }

  package static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    let found = list(path)
    for file in found.files { unlink(file) }
    for directory in found.directories.reversed() { rmdir(directory) }
  }

  /// Makes an empty directory, and deletes an old one.
  package static func makeFresh(_ path: String) {
    remove(path)
    var parts = ""
    for part in path.split(separator: "/") {
      parts += "/" + part
      mkdir(parts, 0o777)
    }
  }

  /// Waits for the disk: a virtual one is slower for a while after much work.
  package static func rest() {
    sync()
    usleep(2_000_000)
  }

  /// Drops files from the page cache.
  package static func drop(_ path: String) {
    sync()
    #if os(Linux)
      for file in list(path).files {
        let descriptor = open(file, O_RDONLY)
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
        close(descriptor)
      }
    #endif
  }
}
