extension CoppiceError {
  /// The stable name of a fault: `area.fault`.
  ///
  /// Each module declares its own codes in an extension; the specification has the table of those
  /// of the format.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The name itself.
    public let rawValue: String

    /// Makes a code from its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Whether the fault lies in the input rather than in the system or in the call.
    ///
    /// The tool exits with 1 for these and with 2 for all others.
    public var isInputFault: Bool {
      !["io.", "usage.", "operation.", "limit.memory"].contains { rawValue.hasPrefix($0) }
    }
  }
}

extension CoppiceError.Code {
  /// The byte count doesn't match shape and dtype.
  public static let modelByteCount = Self(rawValue: "model.byte-count")
  /// A value is out of the range of the target dtype in the given cast mode.
  public static let castOutOfRange = Self(rawValue: "cast.out-of-range")
  /// The cast mode has no cast between these dtypes.
  public static let castUnsupported = Self(rawValue: "cast.unsupported")
  /// The checkpoint has no checkpointable of the name, or the run no such step.
  public static let usageNoSuchPart = Self(rawValue: "usage.no-such-part")
  /// A necessary choice is missing, or a given one doesn't apply.
  public static let usageChoice = Self(rawValue: "usage.choice")
  /// A path of a tree doesn't exist or can't be moved.
  public static let usageTreePath = Self(rawValue: "usage.tree-path")
  /// The system has no memory for an array.
  public static let limitMemory = Self(rawValue: "limit.memory")
  /// The operation was cancelled.
  public static let operationCancelled = Self(rawValue: "operation.cancelled")
}

extension CoppiceError {
  package static func outOfMemory(byteCount: Int) -> CoppiceError {
    CoppiceError(.limitMemory, "no memory for an array of \(byteCount) bytes")
  }
}
