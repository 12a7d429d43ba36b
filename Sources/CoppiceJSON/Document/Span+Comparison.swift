#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension Span<UInt8> {
  /// Returns whether two texts have the same bytes.
  @inline(__always)
  func isEqual(to other: Span<UInt8>) -> Bool {
    count == other.count && order(to: other) == 0
  }

  /// Returns whether this text comes first in the order of bytes.
  func precedes(_ other: Span<UInt8>) -> Bool {
    let order = order(to: other)
    return order == 0 ? count < other.count : order < 0
  }

  /// Compares the bytes up to the shorter text's length.
  @inline(__always)
  private func order(to other: Span<UInt8>) -> Int32 {
    unsafe withUnsafeBufferPointer { left in
      unsafe other.withUnsafeBufferPointer { right in
        guard let from = left.baseAddress, let to = right.baseAddress else {
          return 0
        }
        return unsafe memcmp(from, to, min(left.count, right.count))
      }
    }
  }
}
