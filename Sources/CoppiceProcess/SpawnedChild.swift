import CoppiceModel
import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A child process that was started and must be waited for.
struct SpawnedChild: Sendable {
  /// The surroundings that a child inherits from this process.
  enum Inheritance: Sendable {
    /// Nothing except the variables that find shared libraries.
    case nothing
    /// The environment and standard error; this child's own children end with it.
    case surroundings
  }

  private let identifier: pid_t

  /// The number by which `kill` ends the child: its identifier, or that of its group, negated.
  private let target: pid_t

  /// The children of this process that it hasn't yet waited for.
  private struct Running {
    /// The number by which `kill` ends each child.
    var targets: [pid_t: pid_t] = [:]
    var areEnded = false
  }

  private static let running = Mutex(Running())

  /// Ends all children at once, and prevents new ones.
  static func endAll() {
    running.withLock { running in
      running.areEnded = true
      for target in running.targets.values { kill(target, SIGKILL) }
    }
  }

  /// Whether `endAll` ended all children.
  static var areEnded: Bool { running.withLock { $0.areEnded } }

  /// Starts an executable.
  ///
  /// The child inherits no descriptors that this package opened, since it opens all as
  /// close-on-exec. A worker first closes any others itself.
  ///
  /// - Parameters:
  ///   - input: The descriptor that becomes standard input; the null device if it is `nil`.
  ///   - output: The descriptor that becomes standard output.
  /// - Throws: An error of the given code when it can't be started; `operation.cancelled` after
  ///   `endAll`.
  init(
    _ executable: FilePath, arguments: [[UInt8]], inheriting inheritance: Inheritance,
    input: Int32?, output: Int32, failure code: CoppiceError.Code
  ) throws(CoppiceError) {
    let vector = CStrings([executable.bytes] + arguments)
    let environment = CStrings(Self.environment)
    (identifier, target) = try Self.running.withLock { (running) throws(CoppiceError) in
      guard !running.areEnded else { throw .cancelled }
      let spawned = unsafe Self.spawn(
        executable, vector.pointers, environment.pointers, inheritance, input: input,
        output: output)
      guard spawned.error == 0 else {
        throw CoppiceError(
          code, "can't start \(executable.string): \(Errno(rawValue: spawned.error))",
          cause: .system(errno: spawned.error))
      }
      let target = inheritance == .surroundings ? -spawned.identifier : spawned.identifier
      running.targets[spawned.identifier] = target
      return (spawned.identifier, target)
    }
  }

  /// Ends the child, and its own children where they belong to its group.
  func end() {
    kill(target, SIGKILL)
    _ = status(deadline: Deadline(seconds: 10))
  }

  /// Waits for the child to end; returns `nil` if the deadline passes first.
  func status(deadline: Deadline) -> Int32? {
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

extension SpawnedChild {
  /// Only the variables that find shared libraries, with reports of expected crashes turned off.
  private static var environment: [[UInt8]] {
    [Array("SWIFT_BACKTRACE=enable=no".utf8)]
      + ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"].compactMap { name in
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe Array("\(name)=".utf8)
          + Array(UnsafeRawBufferPointer(start: value, count: strlen(value)))
      }
  }

  private static func spawn(
    _ executable: FilePath, _ arguments: UnsafePointer<UnsafeMutablePointer<CChar>?>,
    _ environment: UnsafePointer<UnsafeMutablePointer<CChar>?>,
    _ inheritance: Inheritance,
    input: Int32?, output: Int32
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
    if let input {
      unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
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
