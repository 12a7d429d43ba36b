import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

#if os(Linux)
  /// A full disk or a file size limit is detected before the data are written.
  struct FullDiskTests {
    private let directory: TemporaryDirectory

    /// Targets, each with what chooses its format.
    private static let targets = [
      "out", "out.npz", "out.safetensors", "out.msgpack", "out.h5", "out.pt",
      "--to orbax --compress none out",
    ]

    /// The file that numpy.save makes of 4 MiB that don't compress.
    private static let file: [UInt8] = {
      let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (4194304,), }"
      let text = header.utf8 + [UInt8](repeating: 0x20, count: 117 - header.utf8.count) + [10]
      var random = SeededGenerator(seed: 1)
      let words = (0..<(4 << 17)).map { _ in random.next() }
      return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + text + words.span.bytes.copied
    }()

    init() throws {
      directory = try TemporaryDirectory()
      try writeFile(directory("m.npy"), Self.file)
    }

    private func convert(
      to target: String, before command: String
    ) throws -> (status: Int32, said: String) {
      let path = directory.path.string
      let result = ShellCommand.script(
        """
        mkdir '\(path)/d' && cd '\(path)/d' && \(command) &&
        '\(Tool.path.string)' convert ../m.npy \(target) 2> '\(path)/stderr'; echo $?; ls -A .
        """)
      let lines = result.output.split(separator: "\n")
      #expect(lines.count == 1, "left: \(lines.dropFirst())")
      return (Int32(lines.first ?? "") ?? -1, try Specification.text(of: directory("stderr")))
    }

    @Test(.enabled(if: Tool.isBuilt), arguments: targets)
    func aFileThatMayNotGrowIsAnError(_ target: String) throws {
      let (status, said) = try convert(to: target, before: "ulimit -f 1000")
      #expect(status == 2)
      #expect(said.split(separator: "\n").last?.contains(" [io.") == true, "\(said)")
      #expect(said.contains("File too large"))
    }

    /// At each number of descriptors, something else fails first.
    @Test(.enabled(if: Tool.isBuilt), arguments: 8...20)
    func fewDescriptorsLeaveNothing(_ count: Int) throws {
      let path = directory.path.string
      let result = ShellCommand.script(
        """
        mkdir '\(path)/d' && cd '\(path)/d' && ulimit -n \(count) &&
        '\(Tool.path.string)' convert ../m.npy out 2>/dev/null; echo $?; ls -A .
        """)
      #expect(["2\n", "0\nout\n"].contains(result.output), "\(result.output)")
    }

    private static let canMount =
      ShellCommand.script("unshare -m mount -t tmpfs none /mnt 2>/dev/null").status == 0

    @Test(.enabled(if: Tool.isBuilt && canMount), arguments: targets + ["--to orbax out"])
    func aFullDiskIsAnError(_ target: String) throws {
      let path = directory.path.string
      let result = ShellCommand.script(
        """
        mkdir '\(path)/d' && cd '\(path)' && unshare -m sh -c '
        mount -t tmpfs -o size=2m none d && "\(Tool.path.string)" convert m.npy "$@" 2> stderr
        echo $?; ls -A d' x \(target.replacing("out", with: "d/out"))
        """)
      let said = try Specification.text(of: directory("stderr"))
      #expect(result.output == "2\n", "\(result.output)")
      #expect(said.split(separator: "\n").last?.hasSuffix(" [io.no-space]") == true, "\(said)")
      // Data that are compressed while writing are an exception: their size isn't known in advance.
      let isKnown = target != "--to orbax out"
      #expect((said.contains("no room for") || said.contains("can't reserve")) == isKnown)
    }
  }
#endif
