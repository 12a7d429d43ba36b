import Coppice

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The arrays of a workload in memory.
struct SourceData {
  let workload: Workload
  let tree: Tree<NDArray>
  private let arrays: [String: NDArray]

  struct NoData: Error { var path: String }

  /// Reads the workload's data file; workloads without one have a pattern.
  init(_ workload: Workload) throws {
    self.workload = workload
    let path = "/dev/shm/peerbench_\(workload.name).bin"
    let file = open(path, O_RDONLY)
    defer { close(file) }
    if file < 0, workload.name.hasPrefix("W") { throw NoData(path: path) }
    var arrays: [String: NDArray] = [:]
    tree = try workload.tree { leaf, index in
      guard let shape = Shape(leaf.shape) else { throw NoData(path: path) }
      let array = try NDArray(dtype: leaf.dtype, shape: shape) { bytes in
        bytes.withUnsafeMutableBytes { bytes in
          var done = 0
          while file >= 0, done < bytes.count, let base = bytes.baseAddress {
            let count = pread(file, base + done, bytes.count - done, off_t(leaf.offset + done))
            guard count > 0 else { return }
            done += count
          }
          guard file < 0 else { return }
          for place in stride(from: 0, to: bytes.count - 7, by: 8) {
            let word = UInt64(truncatingIfNeeded: index &* 0x9E37_79B9 &+ place)
            bytes.storeBytes(
              of: word &* 0x2545_F491_4F6C_DD1D, toByteOffset: place, as: UInt64.self)
          }
        }
      }
      arrays[leaf.path.joined(separator: "/")] = array
      return array
    }
    self.arrays = arrays
  }

  /// Returns whether an array at a path equals the saved one.
  func hasSame(_ array: NDArray, at path: TreePath) -> Bool {
    let names = path.components.map { component in
      if case .key(.string(let name)) = component { name } else { "" }
    }
    guard let original = arrays[names.joined(separator: "/")] else { return false }
    return original.dtype == array.dtype && original.shape == array.shape
      && Self.equal(original, array, array.byteCount)
  }

  /// Returns whether an array equals the requested rows.
  func hasSamePart(_ array: NDArray) -> Bool {
    let leaf = workload.leaves[workload.part.leaf]
    guard let original = arrays[leaf.path.joined(separator: "/")] else { return false }
    return array.byteCount == workload.partBytes && Self.equal(original, array, array.byteCount)
  }

  private static func equal(_ left: NDArray, _ right: NDArray, _ count: Int) -> Bool {
    left.withBytes { left in
      right.withBytes { right in
        left.withUnsafeBytes { left in
          right.withUnsafeBytes { right in
            guard let one = left.baseAddress, let other = right.baseAddress else { return true }
            return memcmp(one, other, count) == 0
          }
        }
      }
    }
  }
}
