/// A checkpointable with its name; a stored one is opened on first use.
///
/// Listing a checkpoint makes these without reading their files, so that a damaged one doesn't hide
/// the others.
public struct NamedCheckpointable: Sendable {
  /// The name, unique among its siblings.
  public var name: String

  private let content: DeferredCheckpointable

  /// Makes a named checkpointable from content in memory.
  public init(_ name: String, _ value: Checkpointable) {
    self.name = name
    content = DeferredCheckpointable(OpenedCheckpointable(value))
  }

  /// Makes a named checkpointable that is opened on first use.
  ///
  /// - Parameters:
  ///   - kind: Returns the kind, as far as names and records show it.
  ///   - fault: Returns a fault that can be found without opening: from records and the presence of
  ///     files.
  ///   - open: Opens the checkpointable; called again if it threw.
  package init(
    _ name: String, kind: @escaping @Sendable () -> Checkpointable.Kind?,
    fault: @escaping @Sendable () throws(CoppiceError) -> CoppiceError? = { nil },
    open: @escaping @Sendable () throws(CoppiceError) -> OpenedCheckpointable
  ) {
    self.name = name
    content = DeferredCheckpointable(kind: kind, fault: fault, open: open)
  }

  /// The kind, if it is known without opening.
  public var kind: Checkpointable.Kind? { content.kind }

  /// The content; the first access opens it, and the result is kept.
  ///
  /// - Throws: The fault of the checkpointable; the errors of the format's reader.
  public var value: Checkpointable {
    get throws(CoppiceError) {
      let opened = try content.open()
      if let fault = opened.fault { throw fault }
      return opened.value
    }
  }

  /// The content as far as it can be listed, with the fault that prevents loading it, if there is one.
  ///
  /// - Throws: The fault, if nothing can be listed.
  public var listed: (value: Checkpointable, fault: CoppiceError?) {
    get throws(CoppiceError) {
      let opened = try content.open()
      return (opened.value, opened.fault)
    }
  }

  /// Returns the checkpointable with its content changed by a closure after opening.
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

  /// Returns a fault that can be found without opening: from records and the presence of files.
  ///
  /// - Throws: `io.*`.
  package func knownFault() throws(CoppiceError) -> CoppiceError? { try content.knownFault() }

  /// The warnings of the content; empty until it is opened.
  public var warnings: [CoppiceError] { content.opened?.allWarnings ?? [] }
}

/// The content of a checkpointable, and the findings of opening it.
package struct OpenedCheckpointable: Sendable {
  package var value: Checkpointable
  /// The warnings of opening it.
  package var warnings: [CoppiceError] = []
  /// Returns the warnings of what has been read since.
  package var laterWarnings: @Sendable () -> [CoppiceError] = { [] }
  /// A fault that prevents loading the content, but not listing it.
  package var fault: CoppiceError?

  package init(_ value: Checkpointable) { self.value = value }

  /// The warnings, including those of a composite's items.
  var allWarnings: [CoppiceError] {
    guard case .composite(let items) = value else { return warnings + laterWarnings() }
    return warnings + items.flatMap(\.warnings)
  }
}
