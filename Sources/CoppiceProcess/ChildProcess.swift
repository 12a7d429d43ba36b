package import CoppiceModel
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A child process whose output is read to its end.
package struct ChildProcess: ~Copyable {
  /// The way in which a child ended.
  package enum Outcome {
    case exited(status: Int32, output: [UInt8])
    case killed(signal: Int32)
    /// `endAll` ended all children.
    case cancelled
    case tooSlow
    case tooMuch
  }

  private let child: SpawnedChild
  private let output: Int32

  /// Ends all children at once, and prevents new ones: this process is about to end.
  package static func endAll() { SpawnedChild.endAll() }

  /// Starts an executable without input and with nothing of this process's surroundings.
  ///
  /// - Throws: An error of the given code when it can't be started; `operation.cancelled` after
  ///   `endAll`.
  package init(
    _ executable: FilePath, arguments: [[UInt8]], failure code: CoppiceError.Code
  ) throws(CoppiceError) {
    let (reading, writing) = try Descriptors.pipe(failure: code)
    defer { close(writing) }
    do throws(CoppiceError) {
      child = try SpawnedChild(
        executable, arguments: arguments, inheriting: .nothing, input: nil, output: writing,
        failure: code)
    } catch {
      close(reading)
      throw error
    }
    output = reading
  }

  /// Reads the child's output until it ends, and its status; kills it at the limit or deadline.
  package consuming func output(limit: Int, deadline: Deadline) -> Outcome {
    var bytes: [UInt8] = []
    let failure = read(into: &bytes, limit: limit, deadline: deadline)
    close(output)
    if let failure {
      child.end()
      return failure
    }
    guard let status = child.status(deadline: deadline) else {
      child.end()
      return .tooSlow
    }
    return Outcome(status: status, output: bytes)
  }

  private func read(into bytes: inout [UInt8], limit: Int, deadline: Deadline) -> Outcome? {
    var buffer = Array(repeating: UInt8(0), count: 1 << 16)
    while true {
      var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      let ready = unsafe poll(&waiting, 1, deadline.millisecondsLeft)
      if ready < 0 && errno == EINTR { continue }
      guard ready > 0 else { return .tooSlow }
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Descriptors.read(output, $0)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return nil }
      guard count <= limit - bytes.count else { return .tooMuch }
      bytes += buffer[..<count]
    }
  }
}

extension ChildProcess.Outcome {
  /// Makes the outcome of a status that `waitpid` gave.
  init(status: Int32, output: [UInt8]) {
    let signal = status & 0x7F
    self =
      if signal == 0 {
        .exited(status: (status >> 8) & 0xFF, output: output)
      } else {
        SpawnedChild.areEnded ? .cancelled : .killed(signal: signal)
      }
  }
}
