#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The launcher of MPI programs that started this process, as its environment tells.
///
/// Knowing it takes no MPI: Open MPI, MPICH and its relatives, PMIx and Slurm are recognised.
public enum MPILauncher {
  /// Whether a launcher started this process.
  public static var isPresent: Bool { rank != nil }

  /// The number of processes that were started together, this one included, if a launcher tells.
  public static var processCount: Int? {
    number("OMPI_COMM_WORLD_SIZE") ?? number("PMI_SIZE")
      ?? (number("PMIX_RANK") == nil ? nil : number("SLURM_STEP_NUM_TASKS"))
  }

  /// The rank of this process, if a launcher tells.
  public static var rank: Int? {
    number("OMPI_COMM_WORLD_RANK") ?? number("PMI_RANK") ?? number("PMIX_RANK")
  }

  private static func number(_ variable: String) -> Int? {
    unsafe getenv(variable).flatMap { unsafe Int(String(cString: $0)) }
  }
}
