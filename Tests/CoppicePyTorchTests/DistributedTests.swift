import CoppiceFiles
import CoppiceModel
import CoppicePyTorch
import CoppiceTestSupport
import SystemPackage
import Testing

/// Checkpoints of `torch.distributed.checkpoint` are refused by name, with what to do.
struct DistributedTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private static let whole = Specification.package.appending("Tests/Fixtures/PyTorch/protocol-2.pt")

  private func refusal(_ name: String) -> CoppiceError? {
    do throws(CoppiceError) {
      try DistributedCheckpoint.refuse(try InputFile(opening: directory(name)))
      return nil
    } catch {
      return error
    }
  }

  private func expectAdvice(_ error: CoppiceError?) {
    #expect(error?.code.rawValue == "pytorch.distributed")
    #expect(
      error?.message.contains(
        "python -m torch.distributed.checkpoint.format_utils dcp_to_torch "
          + "\(directory.path.string) FILE") == true, "\(error?.message ?? "")")
  }

  /// A shard that holds one tensor is a whole zip archive, and one may be safetensors.
  @Test func aShardIsKnownByItsName() throws {
    try writeFile(directory("__0_0.distcp"), try readFile(Self.whole))
    try writeFile(directory("__1_0.distcp"), [2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8))
    for name in ["__0_0.distcp", "__1_0.distcp"] {
      let error = refusal(name)
      expectAdvice(error)
      #expect(error?.message.hasPrefix("this is one shard of a PyTorch distributed") == true)
    }
  }

  @Test func severalArchivesAreAShardWhereMetadataLieBeside() throws {
    let bytes = try readFile(Self.whole)
    try writeFile(directory("shard.bin"), bytes + bytes)
    try writeFile(directory("m.pt"), bytes)
    #expect(refusal("shard.bin") == nil)
    let file = try InputFile(opening: directory("shard.bin"))
    #expect(try PyTorchFormat.recognizes(file))
    #expect(code { _ = try PyTorchFormat.open(file) } == "zip.concatenated")
    try writeFile(directory(".metadata"), [0x80, 4, 0x4E, 0x2E])
    expectAdvice(refusal("shard.bin"))
    // A file that doesn't belong to the checkpoint.
    #expect(refusal("m.pt") == nil)
  }

  @Test func aDirectoryOfShardsIsKnownByThem() throws {
    let handle = try DirectoryHandle(opening: directory.path)
    try DistributedCheckpoint.refuse(handle)
    try writeFile(directory("__0_0.distcp"), [])
    do throws(CoppiceError) {
      try DistributedCheckpoint.refuse(handle)
      Issue.record("not refused")
    } catch {
      expectAdvice(error)
    }
  }
}
