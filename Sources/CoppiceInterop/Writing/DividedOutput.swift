import CoppiceCore
import CoppiceModel
import CoppiceOrbax
import SystemPackage

/// The writing of one checkpoint by all ranks of a group, each of which writes a share.
///
/// Ranks exchange messages, of which only the writer knows the content.
protocol DividedOutput: AnyObject, Sendable {
  /// The description for rank 0, which is the same on all ranks.
  var description: [UInt8] { get }

  /// Plans the shares and makes the directories, on rank 0; returns the plan for the others.
  func plan(in directory: FilePath) throws(CoppiceError) -> [UInt8]

  /// Writes the share of this rank; returns it for rank 0, and what the next rank has to know to look at its files.
  func write(
    _ plan: [UInt8], into directory: FilePath, monitor: OperationMonitor
  ) throws(CoppiceError) -> (share: [UInt8], files: [UInt8])

  /// Checks that the files of another rank are there.
  func check(_ files: [UInt8], in directory: FilePath) throws(CoppiceError)

  /// Completes the checkpoint, on rank 0, when all shares are written.
  func finish(_ shares: [[UInt8]], in directory: FilePath) throws(CoppiceError)
}

extension GroupCheckpointWriter: DividedOutput {}
extension OrbaxGroupWriter: DividedOutput {}
