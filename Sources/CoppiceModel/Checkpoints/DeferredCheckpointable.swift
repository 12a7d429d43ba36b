import Synchronization

/// The content of a checkpointable that is opened once, on first use.
final class DeferredCheckpointable: Sendable {
  private let state: Mutex<OpenedCheckpointable?>
  private let look: @Sendable () -> Checkpointable.Kind?
  private let check: @Sendable () throws(CoppiceError) -> CoppiceError?
  private let read: @Sendable () throws(CoppiceError) -> OpenedCheckpointable

  init(_ opened: OpenedCheckpointable) {
    state = Mutex(opened)
    look = { nil }
    check = { nil }
    read = { opened }
  }

  init(
    kind: @escaping @Sendable () -> Checkpointable.Kind?,
    fault: @escaping @Sendable () throws(CoppiceError) -> CoppiceError?,
    open: @escaping @Sendable () throws(CoppiceError) -> OpenedCheckpointable
  ) {
    state = Mutex(nil)
    look = kind
    check = fault
    read = open
  }

  var opened: OpenedCheckpointable? { state.withLock(\.self) }

  var kind: Checkpointable.Kind? { opened?.value.kind ?? look() }

  func knownFault() throws(CoppiceError) -> CoppiceError? {
    if let opened { return opened.fault }
    return try check()
  }

  /// Returns the content; concurrent callers wait for a single opening.
  func open() throws(CoppiceError) -> OpenedCheckpointable {
    try state.withLock { (state) throws(CoppiceError) in
      if let state { return state }
      let opened = try read()
      state = opened
      return opened
    }
  }
}
