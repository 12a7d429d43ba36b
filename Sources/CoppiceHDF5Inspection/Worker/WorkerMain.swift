import CCoppicePlatform
import CoppiceHDF5
import CoppiceModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The main program of the worker, which limits itself and then describes one file.
package enum WorkerMain {
  /// Reads the command line, writes the answer to the output, and ends the process.
  package static func run() -> Never {
    let arguments = CommandLine.rawArguments
    guard let arguments = WorkerArguments(Array(arguments.dropFirst())) else {
      write(Array("coppice-hdf5-worker is started by coppice, not by people\n".utf8), to: 2)
      _exit(64)
    }
    #if os(Linux)
      closefrom(3)
    #endif
    cplatform_confine_worker()
    // The parent may have ended before the worker was set up to end with it.
    guard isAwaited else { _exit(70) }
    limitProcess(arguments.workerLimits)
    var answer = WorkerAnswer.json(outcome(arguments))
    if answer.count > arguments.workerLimits.outputBytes {
      answer = WorkerAnswer.json(
        .failure(
          CoppiceError(
            .hdf5Limit,
            "its outline takes more than \(arguments.workerLimits.outputBytes) bytes; the file is refused"
          )))
    }
    write(answer, to: 1)
    _exit(0)
  }

  /// Whether a process reads the answer.
  private static var isAwaited: Bool {
    var output = pollfd(fd: 1, events: 0, revents: 0)
    return unsafe poll(&output, 1, 0) == 0
  }

  private static func outcome(
    _ arguments: WorkerArguments
  ) -> Result<FileOutline, CoppiceError> {
    Result { () throws(CoppiceError) -> FileOutline in
      let file = try FileOutline.openForOutline(arguments.path)
      // From here on the process can open nothing else, whatever the file says.
      forbidOpening()
      return try OutlineScanner.scan(file, limits: arguments.limits)
    }
  }

  private static func limitProcess(_ limits: WorkerLimits) {
    limit(RLIMIT_AS, to: limits.memoryBytes)
    // At the lower of the two limits, the system sends the signal that names the reason.
    limit(RLIMIT_CPU, to: limits.processorSeconds, atMost: limits.processorSeconds &+ 1)
    limit(RLIMIT_FSIZE, to: 0)
    limit(RLIMIT_CORE, to: 0)
  }

  /// Makes every further `open` fail, because no descriptor is left.
  private static func forbidOpening() {
    let next = unsafe open("/dev/null", O_RDONLY)
    guard next >= 0 else { return }
    close(next)
    limit(RLIMIT_NOFILE, to: Int(next))
  }

  #if canImport(Glibc)
    private static func limit(
      _ resource: __rlimit_resource, to value: Int, atMost maximum: Int? = nil
    ) {
      limit(Int32(bitPattern: resource.rawValue), to: value, atMost: maximum)
    }
  #endif

  /// Lowers a limit permanently; a limit that is already lower stays.
  private static func limit(_ resource: Int32, to value: Int, atMost maximum: Int? = nil) {
    var limit = rlimit()
    guard unsafe getrlimit(resource, &limit) == 0 else { return }
    limit.rlim_max = min(limit.rlim_max, rlim_t(clamping: maximum ?? value))
    limit.rlim_cur = min(limit.rlim_cur, rlim_t(clamping: value), limit.rlim_max)
    _ = unsafe setrlimit(resource, &limit)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe writeOnce(descriptor, UnsafeRawBufferPointer(rebasing: buffer[done...]))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { _exit(74) }
      done += count
    }
  }

  private static func writeOnce(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
    #elseif canImport(Darwin)
      unsafe Darwin.write(descriptor, buffer.baseAddress, buffer.count)
    #endif
  }
}

extension CommandLine {
  /// The arguments' bytes: paths need not be UTF-8.
  fileprivate static var rawArguments: [[UInt8]] {
    (0..<Int(argc)).compactMap { index in
      guard let argument = unsafe unsafeArgv[index] else { return nil }
      return unsafe Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
    }
  }
}
