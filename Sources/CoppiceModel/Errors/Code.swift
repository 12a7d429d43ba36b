extension CoppiceError {
  /// The stable name of what is wrong: `area.fault`.
  ///
  /// Each module adds its own codes in an extension; the specification has the table.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The name itself.
    public let rawValue: String

    /// Makes a code of its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Tells whether the fault lies in the input rather than in the system, the call or the user's wish.
    ///
    /// The tool exits with 1 for these and with 2 for all others.
    public var isInputFault: Bool {
      !["io.", "usage.", "operation.", "limit.memory"].contains { rawValue.hasPrefix($0) }
    }
  }
}

extension CoppiceError.Code {
  /// The number of bytes isn't that of the shape and type.
  public static let modelByteCount = Self(rawValue: "model.byte-count")
  /// A value can't be expressed in the type asked for, in the cast mode asked for.
  public static let castOutOfRange = Self(rawValue: "cast.out-of-range")
  /// There is no cast between these types in the mode asked for.
  public static let castUnsupported = Self(rawValue: "cast.unsupported")
  /// A name or step that the checkpoint doesn't have.
  public static let usageNoSuchPart = Self(rawValue: "usage.no-such-part")
  /// A choice is needed that was not made, or one was made that doesn't apply.
  public static let usageChoice = Self(rawValue: "usage.choice")
  /// A path of a tree that is not there, or can't be moved.
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
