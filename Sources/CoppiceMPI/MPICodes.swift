#if MPI
  public import CoppiceModel

  extension CoppiceError.Code {
    /// MPI can't be used here, or a call of it failed.
    public static let operationMPI = Self(rawValue: "operation.mpi")
  }
#endif
