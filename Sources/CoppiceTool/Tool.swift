import Coppice
import CoppiceCommands

#if MPI
  import CoppiceMPI
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@main
struct Tool {
  static func main() async {
    #if MPI
      if MPILauncher.isPresent { await runTogether() }
    #endif
    exit(await runCoppice())
  }

  #if MPI
    /// Runs the tool as one of the processes of mpirun.
    private static func runTogether() async -> Never {
      let group: MPIProcessGroup
      do throws(CoppiceError) {
        group = try await MPIProcessGroup.start()
      } catch {
        exit(failCoppice(error))
      }
      let status = await runCoppice(group: group)
      do throws(CoppiceError) {
        // Rank 0 may do a command's work alone, for as long as that takes.
        try await group.finish(within: .seconds(86_400 * 365))
      } catch {
        // The reason was printed by the command that it stopped.
        await group.leave(status: max(status, 2))
      }
      exit(status)
    }
  #endif
}
