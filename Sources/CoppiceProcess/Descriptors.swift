import CoppiceModel
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The descriptors by which this process and a child talk.
enum Descriptors {
  #if canImport(Glibc)
    static func read(
      _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
      unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    }
  #elseif canImport(Darwin)
    static func read(
      _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
      unsafe Darwin.read(descriptor, buffer.baseAddress, buffer.count)
    }
  #endif

  /// Makes a pipe that no other child inherits.
  static func pipe(
    failure code: CoppiceError.Code
  ) throws(CoppiceError) -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    #if os(Linux)
      // A socket pair is closed on exec from the start, where a pipe takes a second call.
      let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
      let status = unsafe socketpair(AF_UNIX, Int32(bitPattern: kind), 0, &ends)
    #else
      let status = unsafe Darwin.pipe(&ends)
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    #endif
    guard status == 0 else {
      throw CoppiceError(
        code, "can't make a pipe: \(Errno(rawValue: errno))",
        cause: .system(errno: errno))
    }
    return (ends[0], ends[1])
  }

  /// Makes two connected descriptors, each for reading and writing, that no other child inherits.
  static func pair(
    failure code: CoppiceError.Code
  ) throws(CoppiceError) -> (own: Int32, child: Int32) {
    var ends: [Int32] = [-1, -1]
    #if os(Linux)
      let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
      let status = unsafe socketpair(AF_UNIX, Int32(bitPattern: kind), 0, &ends)
    #else
      let status = unsafe socketpair(AF_UNIX, SOCK_STREAM, 0, &ends)
      for end in ends {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        // Writing to a child that has ended is an error and no signal; Linux has a flag of `send`.
        var isOn: Int32 = 1
        _ = unsafe setsockopt(
          end, SOL_SOCKET, SO_NOSIGPIPE, &isOn, socklen_t(MemoryLayout<Int32>.size))
      }
    #endif
    guard status == 0 else {
      throw CoppiceError(
        code, "can't make a pair of sockets: \(Errno(rawValue: errno))",
        cause: .system(errno: errno))
    }
    return (ends[0], ends[1])
  }

  /// Sends bytes as far as the other end takes them at once; returns their number, or -1.
  static func send(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Int {
    #if os(Linux)
      let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
    #else
      let flags = Int32(MSG_DONTWAIT)
    #endif
    return unsafe bytes.withUnsafeBytes { bytes in
      #if canImport(Glibc)
        unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, flags)
      #elseif canImport(Darwin)
        unsafe Darwin.send(descriptor, bytes.baseAddress, bytes.count, flags)
      #endif
    }
  }
}
