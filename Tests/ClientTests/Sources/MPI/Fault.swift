#if MPI
  import Coppice

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// A way in which a rank fails.
  struct Fault: Sendable {
    let kind: String
    let rank: Int
    /// The longest time that the other ranks wait.
    let limit: Duration

    init(_ kind: String, rank: String, limit: String) throws {
      guard let rank = Int(rank), let seconds = Double(limit) else {
        throw Exercise.Failure(text: "no rank or no limit: \(rank), \(limit)")
      }
      self.kind = kind
      self.rank = rank
      self.limit = .seconds(seconds)
    }

    /// Fails.
    ///
    /// Returns where the rank does the rest too late, or where files can't grow from now on. `space` does nothing:
    /// the file system is too small.
    ///
    /// - Parameter directory: A directory of the file system that `fill` fills.
    func happen(in directory: FilePath? = nil) throws(CoppiceError) {
      switch kind {
      case "exit": _exit(3)
      case "kill": kill(getpid(), SIGKILL)
      case "stop":
        kill(getpid(), SIGSTOP)
        // The signal may reach another thread first, and this one must not go on meanwhile.
        usleep(500_000)
      case "late": usleep(UInt32(limit.components.seconds) * 4_000_000)
      case "fill":
        guard let directory else { return }
        let file = open(directory.appending("filler").string, O_WRONLY | O_CREAT, 0o600)
        let bytes = [UInt8](repeating: 1, count: 4096)
        for count in [4096, 1] {
          while bytes.withUnsafeBytes({ write(file, $0.baseAddress, count) }) == count {}
        }
        close(file)
      case "throw": throw CoppiceError(.ioNoSpace, "the disk is full")
      case "limit":
        // A write beyond the limit then fails, instead of ending the process.
        signal(SIGXFSZ, SIG_IGN)
        #if canImport(Glibc)
          let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
        #else
          let resource = RLIMIT_FSIZE
        #endif
        var most = rlimit()
        guard getrlimit(resource, &most) == 0 else { return }
        most.rlim_cur = 1 << 20
        setrlimit(resource, &most)
      default: break
      }
    }
  }
#endif
