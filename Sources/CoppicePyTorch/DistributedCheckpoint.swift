package import CoppiceFiles
package import CoppiceModel
import CoppiceZip
import SystemPackage

/// Checkpoints of `torch.distributed.checkpoint`: a directory of shards with a pickle as the index.
///
/// This library can't read them. It refuses them by name, since a shard by itself can look like a
/// whole file.
package enum DistributedCheckpoint {
  private static let shardSuffix = ".distcp"
  private static let metadataName = ".metadata"

  /// Refuses a directory of shards; returns for any other directory.
  ///
  /// - Throws: `pytorch.distributed`; `io.*`.
  package static func refuse(_ directory: DirectoryHandle) throws(CoppiceError) {
    let entries = try directory.entries()
    guard entries.contains(where: { $0.name.hasSuffix(shardSuffix) }) else {
      return
    }
    throw unsupported("this is a PyTorch distributed checkpoint (DCP)", directory.path.string)
  }

  /// Refuses a shard, recognised by its name or, if it has several archives, by neighbouring files.
  ///
  /// - Throws: `pytorch.distributed`; `io.*`.
  package static func refuse(_ file: InputFile) throws(CoppiceError) {
    let directory = file.path?.removingLastComponent()
    guard file.name.hasSuffix(shardSuffix) || hasMetadata(directory) && isSeveral(file) else {
      return
    }
    throw unsupported(
      "this is one shard of a PyTorch distributed checkpoint (DCP)", directory?.string ?? "")
  }

  private static func isSeveral(_ file: InputFile) -> Bool {
    do throws(CoppiceError) {
      guard try ZipArchive.recognizes(file) else { return false }
      _ = try ZipArchive(file, name: file.name)
      return false
    } catch {
      return error.code == .zipConcatenated
    }
  }

  private static func hasMetadata(_ directory: FilePath?) -> Bool {
    guard let directory,
      let handle = try? DirectoryHandle(opening: directory.isEmpty ? "." : directory)
    else { return false }
    return (try? handle.hasFile(metadataName)) ?? false
  }

  private static func unsupported(_ what: String, _ directory: String) -> CoppiceError {
    let place = directory.isEmpty ? "." : directory.printable
    return CoppiceError(
      .pytorchDistributed,
      "\(what), which is not read yet; make one file of the directory with torch first: "
        + "python -m torch.distributed.checkpoint.format_utils dcp_to_torch \(place) FILE")
  }
}
