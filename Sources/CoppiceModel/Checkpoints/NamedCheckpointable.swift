/// A checkpointable with its name: one that is stored is opened when it is first asked for.
///
/// Listing a checkpoint makes these without touching their files, so that a damaged one hides no other.
public struct NamedCheckpointable: Sendable {
  /// The name, unique among its siblings.
  public var name: String

  private let content: DeferredCheckpointable

  /// Makes a named checkpointable of content in memory.
  public init(_ name: String, _ value: Checkpointable) {
    self.name = name
    content = DeferredCheckpointable(OpenedCheckpointable(value))
  }

  /// Makes a named checkpointable that is opened when it is first asked for.
  ///
  /// - Parameters:
  ///   - kind: The kind, as far as names and records tell it.
  ///   - fault: Returns what is known to be wrong without opening: from records and the presence of files.
  ///   - open: Opens the checkpointable; called again after it threw.
  package init(
    _ name: String, kind: @escaping @Sendable () -> Checkpointable.Kind?,
    fault: @escaping @Sendable () throws(CoppiceError) -> CoppiceError? = { nil },
    open: @escaping @Sendable () throws(CoppiceError) -> OpenedCheckpointable
  ) {
    self.name = name
    content = DeferredCheckpointable(kind: kind, fault: fault, open: open)
  }

  /// The kind, as far as it is known without opening.
  public var kind: Checkpointable.Kind? { content.kind }

  /// The content; the first use opens it, and success is kept.
  ///
  /// - Throws: The fault of the checkpointable: what the format's reader throws.
  public var value: Checkpointable {
    get throws(CoppiceError) {
      let opened = try content.open()
      if let fault = opened.fault { throw fault }
      return opened.value
    }
  }

  /// The content as far as it can be listed, also where a fault keeps it from being loaded.
  ///
  /// - Throws: The fault, where nothing can be listed.
  package var listed: OpenedCheckpointable {
    get throws(CoppiceError) { try content.open() }
  }

  /// Returns the same checkpointable with its content changed when it is opened.
  package func mapping(
    _ change: @escaping @Sendable (Checkpointable) -> Checkpointable
  ) -> NamedCheckpointable {
    let content = content
    return NamedCheckpointable(name) {
      content.kind
    } fault: { () throws(CoppiceError) in
      try content.knownFault()
    } open: { () throws(CoppiceError) in
      var opened = try content.open()
      opened.value = change(opened.value)
      return opened
    }
  }

  /// Returns what is known to be wrong without opening: from records and the presence of files.
  ///
  /// - Throws: `io.*`.
  package func knownFault() throws(CoppiceError) -> CoppiceError? { try content.knownFault() }

  /// What was odd yet tolerated in the content; empty before it was opened.
  public var warnings: [CoppiceError] { content.opened?.allWarnings ?? [] }
}

/// The content of a checkpointable, and what was found while it was opened.
package struct OpenedCheckpointable: Sendable {
  package var value: Checkpointable
  /// What was odd yet tolerated.
  package var warnings: [CoppiceError] = []
  /// A fault that keeps the content from being loaded, though not from being listed.
  package var fault: CoppiceError?

  package init(_ value: Checkpointable) { self.value = value }

  /// The warnings, with those of the items of a composite.
  var allWarnings: [CoppiceError] {
    guard case .composite(let items) = value else { return warnings }
    return warnings + items.flatMap(\.warnings)
  }
}
