public import Coppice
import CoppiceCore
import CoppiceFiles
import SystemPackage

extension CheckpointReport {
  /// Checks that a page may be written to a path: outside of checkpoints, and over nothing but an earlier page.
  ///
  /// `write(to:replacing:)` checks as well; a page may take long to make, so callers ask before.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - addresses: The addresses of what the page will show.
  ///   - replacing: Whether an earlier page of that name is replaced.
  /// - Throws: `operation.exists`, `operation.not-replaceable`; `usage.target`, `usage.path`; `io.*`.
  public static func checkTarget(
    _ path: some FilePathConvertible, of addresses: [String], replacing: Bool
  ) throws(CoppiceError) {
    let target = path.filePath
    for address in addresses {
      try Replacement.checkPlace(target, source: CheckpointAddress(address).path)
    }
    guard StagedOutput.exists(target) else { return }
    guard replacing else { throw StagedOutput.alreadyExists(target) }
    if FileIdentity(of: target, followsLink: false)?.kind == .symbolicLink {
      throw Replacement.refusal(
        of: "this symbolic link", at: target, "give the path that it leads to instead")
    }
    guard try isPage(target) else {
      throw Replacement.refusal(of: "this", at: target, "it is no page of a report")
    }
  }

  /// Returns whether a path is that of a page.
  private static func isPage(_ path: FilePath) throws(CoppiceError) -> Bool {
    guard FileIdentity(of: path)?.kind == .file else { return false }
    let file = try InputFile(opening: path)
    let start = try file.bytes(at: 0, count: min(512, file.byteCount))
    return String(decoding: start, as: UTF8.self).contains(ReportPage.mark)
  }
}
