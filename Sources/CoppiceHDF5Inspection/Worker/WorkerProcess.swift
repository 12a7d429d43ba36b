import CoppiceJSON
import CoppiceModel
import CoppiceProcess
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The process that parses a file for this one.
enum WorkerProcess {
  /// Describes a file with a worker; this process itself opens no HDF5 file.
  static func outline(
    of path: FilePath, executable: FilePath, limits: OutlineLimits, workerLimits: WorkerLimits
  ) throws(CoppiceError) -> FileOutline {
    let arguments = WorkerArguments(
      limits: limits, workerLimits: workerLimits, path: path.bytes)
    let child: ChildProcess
    do {
      child = try ChildProcess(
        executable, arguments: arguments.arguments, failure: .ioHDF5Worker)
    } catch {
      guard error.code == .ioHDF5Worker else { throw error }
      var error = error
      error.message += "; it parses HDF5 files, and belongs beside the tool"
      throw error
    }
    let deadline = Deadline(seconds: workerLimits.seconds)
    let outcome = child.output(limit: workerLimits.outputBytes, deadline: deadline)
    switch outcome {
    case .exited(status: 0, let output):
      do {
        var readLimits = ReadLimits.standard
        readLimits.documentBytes = workerLimits.outputBytes
        return try WorkerAnswer.outline(output, limits: readLimits)
      } catch {
        guard error.code.rawValue.hasPrefix("json.") else { throw error }
        throw died("gave an invalid answer (\(error.message))", error)
      }
    case .exited(let status, _): throw died("ended with status \(status)")
    case .cancelled: throw .cancelled
    case .killed(let signal): throw died("was ended by signal \(signal)\(cause(of: signal))")
    case .tooSlow:
      // The processor has a limit of its own, so a sound file on a slow disk may be the reason.
      throw CoppiceError(
        .hdf5WorkerDied,
        "the process that reads the file took more than \(workerLimits.seconds) seconds: the disk is slow, or the "
          + "file is damaged or hostile; try it again, from a copy on a local disk")
    case .tooMuch: throw died("wrote more than \(workerLimits.outputBytes) bytes")
    }
  }

  private static func cause(of signal: Int32) -> String {
    switch signal {
    case SIGXCPU: ", out of processor time"
    case SIGSEGV, SIGBUS, SIGABRT, SIGFPE: ", a crash inside libhdf5"
    case SIGILL, SIGTRAP: ", most likely out of memory"
    default: ""
    }
  }

  private static func died(_ how: String, _ cause: CoppiceError? = nil) -> CoppiceError {
    CoppiceError(
      .hdf5WorkerDied,
      "the process that reads the file \(how); the file is damaged or hostile; save it again with the program that made it",
      cause: cause.map { .other($0) })
  }
}
