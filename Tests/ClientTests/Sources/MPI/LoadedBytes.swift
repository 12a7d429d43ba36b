#if MPI
  import Coppice
  import CoppiceMPI

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// The bytes that each rank reads of an array that all ranks have saved: those of its box, and documents.
  enum LoadedBytes {
    private static let total = 64 << 20
    /// The documents and indexes, and what MPI reads of its own.
    private static let slack = 256 << 10

    static func run(_ path: String, _ group: MPIProcessGroup) async throws {
      let shape = Shape([4096, total / 4096 / 4])!
      let mesh = Sharding(axisNames: ["x"], axisSizes: [group.count], partition: [["x"]])
      let box = try mesh.box(of: shape, onDevice: group.rank)
      let array = try GlobalArray(
        dtype: .float32, shape: shape, sharding: mesh,
        devices: [group.rank: try NDArray.full(Float(group.rank), shape: box.shape)])
      try await Checkpoint.save(["w": .leaf(array)], to: path, group: group)

      try await check("its box", total / group.count) {
        let tree = try await Checkpoint.load(
          from: path, as: ["w": .leaf(.sharded(mesh, devices: [group.rank]))], group: group)
        guard try tree[leaf: "w"].boxes[0].array == array.boxes[0].array else {
          throw Exercise.Failure(text: "wrong: w")
        }
      }
      try await check("everything", total) {
        _ = try await Checkpoint.load(from: path, replicated: .byEach, group: group)
      }
      // One array: the rank in the middle reads it.
      try await check("a broadcast", group.rank == group.count / 2 ? total : 0) {
        let tree = try await Checkpoint.load(from: path, replicated: .broadcast, group: group)
        guard try tree[leaf: "w"].slice(box) == array.boxes[0].array else {
          throw Exercise.Failure(text: "wrong: broadcast w")
        }
      }
      MPIProgram.say("rank \(group.rank) has read its bytes")
    }

    private static func check(
      _ name: String, _ wanted: Int, _ load: () async throws -> Void
    ) async throws {
      let before = bytesRead()
      try await load()
      let count = bytesRead() - before
      guard count >= wanted || before == 0, count <= wanted + slack else {
        throw Exercise.Failure(text: "\(name): \(count) bytes read instead of \(wanted)")
      }
    }

    /// The bytes that this process has read so far; 0 where the system doesn't tell.
    private static func bytesRead() -> Int {
      let file = open("/proc/self/io", O_RDONLY)
      guard file >= 0 else { return 0 }
      defer { close(file) }
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = max(read(file, &bytes, bytes.count), 0)
      let words = String(decoding: bytes[..<count], as: UTF8.self).split { $0 == " " || $0 == "\n" }
      return words.firstIndex(of: "rchar:").flatMap { Int(words[$0 + 1]) } ?? 0
    }
  }
#endif
