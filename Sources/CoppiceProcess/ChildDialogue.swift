package import CoppiceModel
import Synchronization
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A child process that answers each line of its input with one line of output.
///
/// One caller at a time may ask. The child sees the end of its input when the dialogue is released,
/// and is killed if it doesn't end then.
package final class ChildDialogue: Sendable {
  /// The reply to a request.
  package enum Reply {
    /// A line, without its line feed.
    case line([UInt8])
    /// The child printed more than one line, or something before it was asked.
    case unasked
    /// The child ended, or was killed because it took too long or printed too much.
    case ended(ChildProcess.Outcome)
  }

  private let child: SpawnedChild
  private let socket: Int32
  /// Whether the child was waited for: the system may then give its identifier to another process.
  private let isOver = Mutex(false)

  /// Starts an executable with this process's surroundings.
  ///
  /// - Throws: An error of the given code when it can't be started; `operation.cancelled` after
  ///   `ChildProcess.endAll`.
  package init(
    _ executable: FilePath, arguments: [[UInt8]], failure code: CoppiceError.Code
  ) throws(CoppiceError) {
    let (own, other) = try Descriptors.pair(failure: code)
    defer { close(other) }
    do throws(CoppiceError) {
      child = try SpawnedChild(
        executable, arguments: arguments, inheriting: .surroundings, input: other, output: other,
        failure: code)
    } catch {
      close(own)
      throw error
    }
    socket = own
  }

  deinit {
    close(socket)
    guard !isOver.withLock(\.self) else { return }
    // A child that has answered everything only has to leave its loop.
    if child.status(deadline: Deadline(seconds: 2)) == nil { child.end() }
  }

  /// Sends a line and waits for the line of the answer.
  ///
  /// After any reply except a line, the dialogue is of no more use.
  ///
  /// - Parameters:
  ///   - request: The line, without a line feed.
  ///   - limit: The most bytes of the answer.
  package func ask(_ request: [UInt8], limit: Int, deadline: Deadline) -> Reply {
    guard !isReadable else { return endedUnlessReadable(deadline) }
    var rest = (request + [UInt8(ascii: "\n")])[...]
    var answer: [UInt8] = []
    var buffer = Array(repeating: UInt8(0), count: 1 << 16)
    while true {
      let events = rest.isEmpty ? POLLIN : POLLIN | POLLOUT
      var waiting = pollfd(fd: socket, events: Int16(events), revents: 0)
      let ready = unsafe poll(&waiting, 1, deadline.millisecondsLeft)
      if ready < 0 && errno == EINTR { continue }
      guard ready > 0 else { return kill(.tooSlow) }
      if Int32(waiting.revents) & POLLIN != 0 {
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe Descriptors.read(socket, $0) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return .ended(outcome(deadline)) }
        let isEnd = buffer[..<count].contains(UInt8(ascii: "\n"))
        guard count <= limit - answer.count else { return kill(.tooMuch) }
        answer += buffer[..<count]
        guard isEnd else { continue }
        let isOneLine = answer.firstIndex(of: UInt8(ascii: "\n")) == answer.count - 1
        guard isOneLine && rest.isEmpty else { return .unasked }
        answer.removeLast()
        return .line(answer)
      }
      guard !rest.isEmpty, Int32(waiting.revents) & POLLOUT != 0 else {
        return .ended(outcome(deadline))
      }
      let count = Descriptors.send(socket, rest)
      if count > 0 { rest = rest.dropFirst(count) }
      if count < 0 && ![EINTR, EAGAIN].contains(errno) { return .ended(outcome(deadline)) }
    }
  }

  /// Whether there is output, or the end of output, before a request.
  private var isReadable: Bool {
    var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&waiting, 1, 0) > 0
  }

  private func endedUnlessReadable(_ deadline: Deadline) -> Reply {
    var byte: [UInt8] = [0]
    let count = unsafe byte.withUnsafeMutableBytes { unsafe Descriptors.read(socket, $0) }
    return count > 0 ? .unasked : .ended(outcome(deadline))
  }

  private func outcome(_ deadline: Deadline) -> ChildProcess.Outcome {
    isOver.withLock { $0 = true }
    // Its output has ended, so that the child itself is about to.
    guard let status = child.status(deadline: deadline) else {
      child.end()
      return .tooSlow
    }
    return ChildProcess.Outcome(status: status, output: [])
  }

  private func kill(_ outcome: ChildProcess.Outcome) -> Reply {
    isOver.withLock { $0 = true }
    child.end()
    return .ended(outcome)
  }
}
