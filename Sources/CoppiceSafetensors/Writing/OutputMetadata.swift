import CoppiceFiles
import CoppiceJSON
import CoppiceModel

/// The metadata of a checkpoint in the form of the format: strings by name.
struct OutputMetadata {
  /// The pairs; `nil` if there are none to write, not even an empty object.
  private(set) var pairs: [Header.Metadata]?
  private(set) var notes: [ConversionNote] = []

  /// Converts the metadata of a checkpoint.
  ///
  /// - Throws: `json.*` if a value can't be written as JSON.
  init(_ contents: CheckpointContents) throws(CoppiceError) {
    switch contents.custom {
    case .object(let members)?:
      var pairs: [Header.Metadata] = []
      for member in members { pairs.append(try pair(member)) }
      self.pairs = pairs
    case nil: break
    case _?: note("custom metadata that are no JSON object are left out")
    }
    if contents.step != nil { note("the step is left out") }
    if contents.metrics != nil { note("the metrics are left out") }
    if contents.initTime != nil || contents.commitTime != nil {
      note("the times of saving are left out")
    }
  }

  private mutating func pair(_ member: JSON.Member) throws(CoppiceError) -> Header.Metadata {
    if case .string(let text) = member.value {
      return Header.Metadata(name: member.name, value: text)
    }
    note("the value of \"\(member.name.printable)\" is no string; its JSON text is written")
    // The encoder ends a document with a line feed, which isn't part of the value.
    let text = try CanonicalJSON.encode(member.value, dialect: .python).dropLast()
    return Header.Metadata(name: member.name, value: String(decoding: text, as: UTF8.self))
  }

  private mutating func note(_ message: String) {
    notes.append(ConversionNote(.metadata, message))
  }
}
