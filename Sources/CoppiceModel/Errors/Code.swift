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

extension CoppiceError {
  package static func outOfMemory(byteCount: Int) -> CoppiceError {
    CoppiceError(.limitMemory, "no memory for an array of \(byteCount) bytes")
  }
}
