import CCoppiceHDF5
import Synchronization

/// The process-wide HDF5 library.
///
/// Many builds of libhdf5 aren't thread-safe, so one lock guards every call. It is held for one C
/// call only: code inside must not take it again, or the process traps.
package enum HDF5Library {
  private struct State {
    var isOpen = false
    var callCount = 0
  }

  private static let lock = Mutex(State())

  /// The calls made so far.
  package static var callCount: Int { lock.withLock(\.callCount) }

  /// Makes one C call under the library lock.
  ///
  /// The closure makes C calls only. It never owns a handle: a `deinit` would take the lock again.
  package static func call<Status: FixedWidthInteger & SignedInteger & Sendable>(
    _ body: () -> Status
  ) throws(HDF5Error) -> Status {
    try lock.withLock { (state) throws(HDF5Error) -> Status in
      prepare(&state)
      let status = body()
      guard status >= 0 else { throw HDF5Error.capture() }
      return status
    }
  }

  /// Makes one C call whose result doesn't indicate success.
  static func value<Value: Sendable>(_ body: () -> Value) -> Value {
    lock.withLock { state in
      prepare(&state)
      // The next call clears any errors that this one leaves on the stack.
      return body()
    }
  }

  /// Makes one C call that returns a value or, on failure, `nil`.
  static func require<Value: Sendable>(_ body: () -> Value?) throws(HDF5Error) -> Value {
    try lock.withLock { (state) throws(HDF5Error) -> Value in
      prepare(&state)
      guard let value = body() else { throw HDF5Error.capture() }
      return value
    }
  }

  private static func prepare(_ state: inout State) {
    state.callCount += 1
    if !state.isOpen {
      _ = H5dont_atexit()
      _ = H5open()
      // Files choose filters; no file may make this process load code.
      _ = H5PLset_loading_state(0)
      state.isOpen = true
    }
    // Automatic printing is a setting of each thread, and tasks move between threads.
    _ = H5Eset_auto2(hid_t(H5E_DEFAULT), nil, nil)
  }
}

extension HDF5Library {
  /// The version of libhdf5 in use.
  static var version: (major: UInt32, minor: UInt32, release: UInt32) {
    var major: UInt32 = 0
    var minor: UInt32 = 0
    var release: UInt32 = 0
    _ = value { unsafe H5get_libversion(&major, &minor, &release) }
    return (major, minor, release)
  }
}

/// The version of libhdf5 in use, such as `1.10.8`.
package var libraryVersion: String {
  let version = HDF5Library.version
  return "\(version.major).\(version.minor).\(version.release)"
}
