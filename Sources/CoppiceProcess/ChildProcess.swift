package import CoppiceModel
import Synchronization
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A child process whose output is read to its end.
package struct ChildProcess: ~Copyable {
  /// The surroundings that a child inherits from this process.
  package enum Inheritance: Sendable {
    /// Nothing except the variables that find shared libraries.
    case nothing
    /// The environment and standard error; this child's own children end with it.
    case surroundings
  }

  /// The way in which a child ended.
  package enum Outcome {
    case exited(status: Int32, output: [UInt8])
    case killed(signal: Int32)
    /// `endAll` ended all children.
    case cancelled
    case tooSlow
    case tooMuch
  }

  private let identifier: pid_t
  private let output: Int32

  /// The number by which `kill` ends the child: its identifier, or that of its group, negated.
  private let target: pid_t

  /// The children of this process that it hasn't yet waited for.
  private struct Running {
    /// The number by which `kill` ends each child.
    var targets: [pid_t: pid_t] = [:]
    var areEnded = false
  }

  private static let running = Mutex(Running())

  /// Ends all children at once, and prevents new ones: this process is about to end.
  package static func endAll() {
    running.withLock { running in
      running.areEnded = true
      for target in running.targets.values { kill(target, SIGKILL) }
    }
  }

  /// Starts an executable.
  ///
  /// The child inherits no descriptors that this package opened, since it opens all as
  /// close-on-exec. A worker first closes any others itself.
  ///
  /// - Throws: An error of the given code when it can't be started; `operation.cancelled` after
  ///   `endAll`.
  package init(
    _ executable: FilePath, arguments: [[UInt8]], inheriting inheritance: Inheritance = .nothing,
    failure code: CoppiceError.Code
  ) throws(CoppiceError) {
    let (reading, writing) = try Self.makePipe(failure: code)
    defer { close(writing) }
    let vector = CStrings([executable.bytes] + arguments)
    let environment = CStrings(Self.environment)
    do throws(CoppiceError) {
      (identifier, target) = try Self.running.withLock { (running) throws(CoppiceError) in
        guard !running.areEnded else { throw .cancelled }
        let spawned = unsafe Self.spawn(
          executable, vector.pointers, environment.pointers, inheritance, output: writing)
        guard spawned.error == 0 else {
          throw CoppiceError(
            code, "can't start \(executable.string): \(Errno(rawValue: spawned.error))",
            cause: .system(errno: spawned.error))
        }
        let target = inheritance == .surroundings ? -spawned.identifier : spawned.identifier
        running.targets[spawned.identifier] = target
        return (spawned.identifier, target)
      }
    } catch {
      close(reading)
      throw error
    }
    output = reading
  }

  /// Reads the child's output until it ends, and its status; kills it at the limit or deadline.
  package consuming func output(limit: Int, deadline: Deadline) -> Outcome {
    var bytes: [UInt8] = []
    let failure = read(into: &bytes, limit: limit, deadline: deadline)
    close(output)
    if let failure {
      kill(target, SIGKILL)
      _ = status(deadline: Deadline(seconds: 10))
      return failure
    }
    guard let status = status(deadline: deadline) else {
      kill(target, SIGKILL)
      _ = self.status(deadline: Deadline(seconds: 10))
      return .tooSlow
    }
    let signal = status & 0x7F
    if signal == 0 { return .exited(status: (status >> 8) & 0xFF, output: bytes) }
    return Self.running.withLock { $0.areEnded } ? .cancelled : .killed(signal: signal)
  }

  private func read(into bytes: inout [UInt8], limit: Int, deadline: Deadline) -> Outcome? {
    var buffer = Array(repeating: UInt8(0), count: 1 << 16)
    while true {
      var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      let ready = unsafe poll(&waiting, 1, deadline.millisecondsLeft)
      if ready < 0 && errno == EINTR { continue }
      guard ready > 0 else { return .tooSlow }
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Self.readOnce(output, $0)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return nil }
      guard count <= limit - bytes.count else { return .tooMuch }
      bytes += buffer[..<count]
    }
  }

  /// Waits for the child to end; returns `nil` if the deadline passes first.
  private func status(deadline: Deadline) -> Int32? {
    while true {
      let (ended, status) = Self.running.withLock { running in
        var status: Int32 = 0
        let ended = unsafe waitpid(identifier, &status, WNOHANG)
        // A program that ignores SIGCHLD gets no statuses: only the answer then shows success.
        guard ended < 0 && errno == ECHILD || ended == identifier else { return (ended, status) }
        // The system may give the identifier to another process from now on.
        running.targets[identifier] = nil
        return (identifier, ended < 0 ? 0 : status)
      }
      if ended == identifier { return status }
      guard deadline.millisecondsLeft > 0 else { return nil }
      if ended == 0 { usleep(500) }
    }
  }
}

extension ChildProcess {
  #if canImport(Glibc)
    private static func readOnce(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer)
      -> Int
    {
      unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    }
  #elseif canImport(Darwin)
    private static func readOnce(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer)
      -> Int
    {
      unsafe Darwin.read(descriptor, buffer.baseAddress, buffer.count)
    }
  #endif

  /// Only the variables that find shared libraries, with reports of expected crashes turned off.
  private static var environment: [[UInt8]] {
    [Array("SWIFT_BACKTRACE=enable=no".utf8)]
      + ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"].compactMap { name in
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe Array("\(name)=".utf8)
          + Array(UnsafeRawBufferPointer(start: value, count: strlen(value)))
      }
  }

  /// Makes a pipe that no other child inherits.
  private static func makePipe(
    failure code: CoppiceError.Code
  ) throws(CoppiceError) -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    #if os(Linux)
      // A socket pair is closed on exec from the start, where a pipe takes a second call.
      let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
      let status = unsafe socketpair(AF_UNIX, Int32(bitPattern: kind), 0, &ends)
    #else
      let status = unsafe pipe(&ends)
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    #endif
    guard status == 0 else {
      throw CoppiceError(
        code, "can't make a pipe: \(Errno(rawValue: errno))",
        cause: .system(errno: errno))
    }
    return (ends[0], ends[1])
  }

  private static func spawn(
    _ executable: FilePath, _ arguments: UnsafePointer<UnsafeMutablePointer<CChar>?>,
    _ environment: UnsafePointer<UnsafeMutablePointer<CChar>?>, _ inheritance: Inheritance,
    output: Int32
  ) -> (identifier: pid_t, error: Int32) {
    #if os(Linux)
      var actions = unsafe posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    switch inheritance {
    case .nothing: unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    case .surroundings:
      // A group of its own, so that its children end with it.
      flags |= POSIX_SPAWN_SETPGROUP
      unsafe posix_spawnattr_setpgroup(&attributes, 0)
      #if canImport(Darwin)
        unsafe posix_spawn_file_actions_addinherit_np(&actions, 2)
      #endif
    }
    #if canImport(Darwin)
      flags |= POSIX_SPAWN_CLOEXEC_DEFAULT
    #endif
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    var identifier: pid_t = 0
    let error = unsafe executable.withPlatformString { path in
      switch inheritance {
      case .nothing:
        unsafe posix_spawn(&identifier, path, &actions, &attributes, arguments, environment)
      case .surroundings:
        unsafe posix_spawn(&identifier, path, &actions, &attributes, arguments, environ)
      }
    }
    return (identifier, error)
  }
}

/// A null-terminated list of C strings.
@safe private struct CStrings: ~Copyable {
  private let storage: [UnsafeMutablePointer<CChar>?]
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  init(_ strings: [[UInt8]]) {
    unsafe storage = strings.map { bytes in
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
      for (index, byte) in bytes.enumerated() { unsafe copy[index] = CChar(bitPattern: byte) }
      unsafe copy[bytes.count] = 0
      return unsafe copy
    }
    unsafe pointers = .allocate(capacity: strings.count + 1)
    for index in strings.indices { unsafe pointers[index] = storage[index] }
    unsafe pointers[strings.count] = nil
  }

  deinit {
    for index in unsafe storage.indices { unsafe storage[index]?.deallocate() }
    unsafe pointers.deallocate()
  }
}
