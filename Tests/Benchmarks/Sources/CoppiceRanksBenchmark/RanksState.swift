#if MPI
  import Coppice

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// Eight float32 arrays, of which each rank holds some rows.
  struct RanksState {
    private static let arrayCount = 8
    private let shape: Shape
    private let mesh: Sharding
    private let rank: Int
    private let rows: ArrayBox
    private let arrays: [NDArray]

    init(byteCount: Int, rank: Int, of count: Int) throws {
      let columns = byteCount >= 1 << 28 ? 8192 : 64
      shape = try Shape([byteCount / Self.arrayCount / 4 / columns, columns]).required
      mesh = Sharding(axisNames: ["x"], axisSizes: [count], partition: [["x"]])
      rows = try mesh.box(of: shape, onDevice: rank)
      self.rank = rank
      arrays = try (0..<Self.arrayCount).map { [rows] index in
        try NDArray(dtype: .float32, shape: rows.shape) { bytes in
          var word = UInt64(1 + index + 100 * rank)
          bytes.withUnsafeMutableBytes { bytes in
            for place in stride(from: 0, to: bytes.count & ~7, by: 8) {
              word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
              bytes.storeBytes(of: word, toByteOffset: place, as: UInt64.self)
            }
          }
        }
      }
    }

    /// The bytes of this rank.
    var byteCount: Int { arrays.reduce(0) { $0 + $1.byteCount } }
    /// The bytes of all ranks.
    var totalBytes: Int { Self.arrayCount * shape.elementCount * 4 }

    var divided: Tree<GlobalArray> {
      get throws {
        try tree { index in
          try GlobalArray(
            dtype: .float32, shape: shape, sharding: mesh, devices: [rank: arrays[index]])
        }
      }
    }

    /// Arrays that are the same on all ranks, with as many bytes together as those of one rank.
    var replicated: Tree<GlobalArray> { tree { GlobalArray(arrays[$0]) } }

    var request: Tree<GlobalRequest> { tree { _ in .sharded(mesh, devices: [rank]) } }
    var everything: Tree<GlobalRequest> { tree { _ in .everything(.asSaved) } }

    private func tree<Leaf>(_ leaf: (Int) throws -> Leaf) rethrows -> Tree<Leaf> {
      .dict([
        .init(
          "params",
          .dict(try arrays.indices.map { .init(.string("w\($0)"), .leaf(try leaf($0))) }))
      ])
    }

    /// Compares the rows of this rank with those that were saved.
    func check(_ loaded: Tree<GlobalArray>) throws {
      for (index, array) in arrays.enumerated() {
        let held = try loaded[leaf: "params/w\(index)"].boxes[0]
        let found = held.box == rows ? held.array : try held.array.slice(rows)
        guard found == array else { throw CoppiceError(.usageChoice, "w\(index) is another array") }
      }
    }

    /// Writes the arrays of this rank one after the other, past the page cache, as a measure of the disk.
    func writeRaw(to path: String) throws {
      var flags = O_WRONLY | O_CREAT | O_TRUNC
      // O_DIRECT, which Swift doesn't import.
      #if os(Linux) && arch(arm64)
        flags |= 0x10000
      #elseif os(Linux)
        flags |= 0x4000
      #endif
      let file = open(path, flags, 0o666)
      guard file >= 0 else { throw CoppiceError(.ioFailed, "can't create \(path)") }
      defer { close(file) }
      var offset = 0
      for array in arrays {
        try array.withBytes { bytes in
          try bytes.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
              let count = pwrite(
                file, bytes.baseAddress.map { $0 + done }, min(bytes.count - done, 8 << 20),
                off_t(offset))
              guard count > 0 else { throw CoppiceError(.ioFailed, "can't write \(path)") }
              (done, offset) = (done + count, offset + count)
            }
          }
        }
      }
      fsync(file)
    }
  }

  extension Optional {
    var required: Wrapped {
      get throws {
        guard let self else { throw CoppiceError(.usageShape, "no shape") }
        return self
      }
    }
  }
#endif
