import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A notice that a cluster's scheduler will stop the process soon.
///
/// `SaveDecisionPolicy.preemption` saves once the notice was given.
public final class PreemptionNotice: Sendable {
  private let isTold = Atomic<Bool>(false)
  private let signal: Int32?

  /// Makes a notice that the program gives itself by calling `give()`.
  public init() { signal = nil }

  /// Makes a notice that is given when the process receives a signal.
  ///
  /// From now on the signal no longer ends the process: the program has to save and end itself.
  ///
  /// - Parameter signal: The signal's number, from 1 to 63; schedulers send SIGTERM.
  public init(onSignal signal: Int32) {
    self.signal = signal
    guard (1...63).contains(signal) else { return }
    // Initialized here, so that the signal handler only touches an atomic.
    _ = Self.received.load(ordering: .relaxed)
    var action = sigaction()
    #if canImport(Glibc)
      unsafe action.__sigaction_handler.sa_handler = Self.note
    #else
      unsafe action.__sigaction_u.__sa_handler = Self.note
    #endif
    action.sa_flags = SA_RESTART
    unsafe sigaction(signal, &action, nil)
  }

  /// Gives the notice.
  public func give() { isTold.store(true, ordering: .relaxed) }

  /// Whether the notice was given.
  public var isGiven: Bool {
    if isTold.load(ordering: .relaxed) { return true }
    guard let signal else { return false }
    return Self.received.load(ordering: .relaxed) & (1 << UInt64(clamping: signal)) != 0
  }

  /// The signals received so far, one bit for each number.
  private static let received = Atomic<UInt64>(0)

  private static let note: @convention(c) (Int32) -> Void = { signal in
    PreemptionNotice.received.bitwiseOr(1 << UInt64(clamping: signal), ordering: .relaxed)
  }
}
