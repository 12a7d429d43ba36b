#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension NDArray: Equatable {
  /// Arrays are equal bit for bit: element type, shape and bytes.
  ///
  /// So a NaN is equal to itself and 0.0 isn't equal to -0.0.
  public static func == (left: NDArray, right: NDArray) -> Bool {
    guard left.dtype == right.dtype, left.shape == right.shape else { return false }
    guard left.storage !== right.storage else { return true }
    return left.withBytes { a in
      right.withBytes { b in
        unsafe a.withUnsafeBytes { a in
          unsafe b.withUnsafeBytes { b in
            guard let first = a.baseAddress, let second = b.baseAddress else { return true }
            return unsafe memcmp(first, second, a.count) == 0
          }
        }
      }
    }
  }
}
