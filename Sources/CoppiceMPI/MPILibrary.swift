#if MPI
  internal import CCoppiceMPI
  import CoppiceModel

  /// The MPI library of the process: its beginning, its end, its texts.
  ///
  /// All calls are made on one thread.
  enum MPILibrary {
    /// A communicator, and this process's place in it.
    struct World {
      let communicator: cmpi_communicator
      let rank: Int
      let count: Int
      /// Whether this library initialized MPI, and so has to finalize it.
      let isOwner: Bool

      /// Gives the communicator back, and finalizes MPI where this library initialized it.
      func close() throws(CoppiceError) {
        try check(cmpi_close(communicator), "MPI_Comm_free")
        if isOwner { try check(cmpi_finalize(), "MPI_Finalize") }
      }
    }

    /// Initializes MPI, unless the program has done so, and duplicates the communicator of all processes.
    ///
    /// - Throws: `operation.mpi`.
    static func open() throws(CoppiceError) -> World {
      var (isInitialized, isFinalized): (Int32, Int32) = (0, 0)
      try check(unsafe cmpi_is_initialized(&isInitialized, &isFinalized), "MPI_Initialized")
      guard isFinalized == 0 else {
        throw CoppiceError(.operationMPI, "MPI was finalized, and can't be started a second time")
      }
      var level: Int32 = 0
      if isInitialized == 0 {
        try check(unsafe cmpi_initialize(&level), "MPI_Init_thread")
        // One thread makes all calls, so that the lowest level with threads is enough.
        try require(level >= cmpi_thread_funneled(), "MPI_THREAD_FUNNELED")
      } else {
        try check(unsafe cmpi_query_thread(&level), "MPI_Query_thread")
        try require(level >= cmpi_thread_multiple(), "MPI_THREAD_MULTIPLE")
      }
      var communicator: cmpi_communicator = 0
      var (rank, count): (Int32, Int32) = (0, 0)
      try check(unsafe cmpi_open(&communicator, &rank, &count), "MPI_Comm_dup")
      return World(
        communicator: communicator, rank: Int(rank), count: Int(count), isOwner: isInitialized == 0)
    }

    private static func require(_ isEnough: Bool, _ level: String) throws(CoppiceError) {
      guard !isEnough else { return }
      throw CoppiceError(
        .operationMPI,
        "\(name) doesn't give \(level), which is needed here; initialize MPI by MPI_Init_thread "
          + "with MPI_THREAD_MULTIPLE, or use a build of it that has threads")
    }

    /// Refuses a code of failure.
    static func check(_ code: Int32, _ function: String) throws(CoppiceError) {
      guard code != 0 else { return }
      let message = unsafe text { unsafe cmpi_describe(code, $0) }
      throw CoppiceError(.operationMPI, "\(function) failed: \(message)")
    }

    /// The library's name and version, such as `Open MPI v4.1.4`.
    static var name: String {
      // Open MPI's goes on with its package after a comma, MPICH's with the release date on the next line.
      let whole = unsafe text { unsafe cmpi_library($0) }
      return whole.split(whereSeparator: { $0 == "," || $0.isNewline }).first
        .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") } ?? "MPI"
    }

    private static func text(_ write: (UnsafeMutablePointer<CChar>) -> Void) -> String {
      unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: cmpi_text_size) { buffer in
        guard let start = buffer.baseAddress else { return "" }
        unsafe write(start)
        return unsafe String(cString: start)
      }
    }
  }
#endif
