import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

#if os(Linux)
  /// Every command ends within a second of a signal, though the worker hangs in a hostile file.
  struct SignalTests {
    private static let hostile = FilePath("Tests/FailCases/HDF5/hang-heap.h5")

    /// Commands for the file itself, and for checkpoints whose array file it is.
    static let lines = [
      "ls TMP/m.h5", "info TMP/m.h5", "dump --json TMP/m.h5", "validate TMP/m.h5",
      "convert TMP/m.h5 TMP/out", "convert TMP/m.h5 TMP/out.npz",
      "diff TMP/m.h5 fixtures/foreign/hdf5/types/input/m.h5", "ls TMP/old", "validate TMP/old",
      "migrate TMP/old", "repair TMP/new",
    ]

    private func prepare(_ directory: TemporaryDirectory) throws {
      let path = directory.path.string
      let script = """
        cd '\(Specification.package.string)' &&
        cp '\(Self.hostile.string)' '\(path)/m.h5' &&
        cp -r fixtures/0/valid/directory/direct/checkpoint '\(path)/old' &&
        cp '\(Self.hostile.string)' '\(path)/old/arrays.h5' &&
        cp -r fixtures/1.0/valid/writer/plain/checkpoint '\(path)/new' &&
        rm '\(path)/new/state/tree.json' &&
        cp '\(Self.hostile.string)' '\(path)/new/state/arrays.h5'
        """
      try #require(ShellCommand.script(script).status == 0)
    }

    /// A function of the shell that prints the running workers that read files of a directory, without zombies.
    private func workersScript(_ directory: TemporaryDirectory) -> String {
      """
      workers() {
        for p in /proc/[0-9]*; do
          read -r name < $p/comm && [ "${name#coppice-hdf5}" != "$name" ] &&
          grep -q '\(directory.path.string)' $p/cmdline && grep -q '^State:.[^Z]' $p/status && echo $p
        done 2> /dev/null
      }

      """
    }

    private func workers(_ directory: TemporaryDirectory) throws -> [String] {
      ShellCommand.script(workersScript(directory) + "workers").output.split(separator: "\n")
        .map(String.init)
    }

    /// Each command is sent one of the two signals.
    @Test(.enabled(if: Tool.isBuilt), arguments: lines.indices)
    func aCommandEndsWithinASecond(_ index: Int) throws {
      let (line, signal) = (Self.lines[index], index % 2 == 0 ? "INT" : "TERM")
      let directory = try TemporaryDirectory()
      try prepare(directory)
      let before = try DirectoryHandle(opening: directory.path).allFiles()
      let words = line.replacing("TMP", with: directory.path.string)
      // A background child measures how long the command took to end, in milliseconds.
      let script =
        workersScript(directory) + """
          cd '\(Specification.package.string)'
          '\(Tool.path.string)' \(words) > '\(directory.path.string)/stdout' \
            2> '\(directory.path.string)/stderr' &
          for i in $(seq 100); do [ -z "$(workers)" ] || break; sleep 0.1; done
          sleep 0.2
          kill -0 $! && echo running
          start=$(date +%s%N)
          kill -\(signal) $!
          wait $!
          echo $? $((($(date +%s%N) - start) / 1000000))
          """
      let lines = ShellCommand.script(script).output.split(separator: "\n")
      try #require(lines.count == 2 && lines[0] == "running", "\(lines)")
      let numbers = lines[1].split(separator: " ").compactMap { Int($0) }
      #expect(numbers.first == 2)
      #expect((numbers.last ?? .max) < 1000)
      let said = try Specification.text(of: directory("stderr"))
      #expect(said.hasSuffix("cancelled; nothing was left behind [operation.cancelled]\n"))
      #expect(said.split(separator: "\n").count == 1, "\(said)")
      #expect(try workers(directory) == [])
      let after = try DirectoryHandle(opening: directory.path).allFiles()
      #expect(Set(after).subtracting(before) == ["stdout", "stderr"])
    }

    @Test(.enabled(if: Tool.isBuilt)) func aToolThatIsKilledLeavesNoWorker() throws {
      let directory = try TemporaryDirectory()
      try prepare(directory)
      let script = """
        '\(Tool.path.string)' ls '\(directory.path.string)/m.h5' > /dev/null 2>&1 &
        for i in $(seq 100); do [ -z "$(workers)" ] || break; sleep 0.1; done
        [ -n "$(workers)" ] && echo running
        kill -KILL $!
        """
      #expect(ShellCommand.script(workersScript(directory) + script).output == "running\n")
      var left = try workers(directory)
      for _ in 0..<20 where !left.isEmpty {
        ShellCommand.script("sleep 0.1")
        left = try workers(directory)
      }
      #expect(left == [])
    }

    /// This command neither waits for a worker nor checks its monitor.
    @Test(.enabled(if: Tool.isBuilt)) func aCommandThatNoticesNothingIsEnded() throws {
      let directory = try TemporaryDirectory()
      // A pipe without a reader is full after 64 KiB.
      let tree = Tree<NDArray>.dict(
        try (0..<600).map { index in
          .init(
            .string("array \(index) " + String(repeating: "x", count: 200)),
            .leaf(try NDArray([Float(index)])))
        })
      let contents = CheckpointContents(
        format: "memory", root: .unnamed(.tree(tree.mapLeaves { _, leaf in ArrayLeaf(leaf) })))
      try CheckpointWriter.write(contents, to: directory("a"))
      let script = """
        mkfifo '\(directory.path.string)/pipe'
        sleep 5 < '\(directory.path.string)/pipe' &
        '\(Tool.path.string)' ls --json '\(directory.path.string)/a' \
          > '\(directory.path.string)/pipe' 2> '\(directory.path.string)/stderr' &
        sleep 2
        start=$(date +%s%N)
        kill -INT $!
        wait $!
        echo $? $((($(date +%s%N) - start) / 1000000))
        """
      let numbers = ShellCommand.script(script).output.split(whereSeparator: \.isWhitespace)
        .compactMap { Int($0) }
      #expect(numbers.first == 2)
      #expect((numbers.last ?? .max) < 1000)
      #expect(
        try Specification.text(of: directory("stderr"))
          == "coppice: cancelled; nothing was left behind [operation.cancelled]\n")
    }
  }
#endif
