import CoppiceHDF5
import CoppiceJSON
import CoppiceModel

/// An attribute of the root group.
struct OutputAttribute: Sendable {
  enum Value: Sendable {
    case text(String)
    case signed(Int64)
    case unsigned(UInt64)
    case number(Double)
    case truth(Bool)
  }

  var name: String
  var value: Value
}

/// The custom metadata of a checkpoint as attributes of the root group.
struct OutputAttributes {
  private(set) var attributes: [OutputAttribute] = []
  private(set) var notes: [ConversionNote] = []

  init(_ contents: CheckpointContents) throws(CoppiceError) {
    switch contents.custom {
    case .object(let members)?: for member in members { try add(member) }
    case nil: break
    case _?: note("custom metadata that are no JSON object are left out")
    }
    if contents.step != nil { note("the step is left out") }
    if contents.initTime != nil || contents.commitTime != nil {
      note("the times of saving are left out")
    }
  }

  private mutating func add(_ member: JSON.Member) throws(CoppiceError) {
    let name = member.name
    guard !name.isEmpty, !name.utf8.contains(0) else {
      return note("metadata under the name \"\(name.printable)\" are left out")
    }
    switch member.value {
    case .bool(let flag): attributes.append(.init(name: name, value: .truth(flag)))
    case .string(let text) where text.utf8.contains(0):
      note("the value of \"\(name.printable)\" holds a NUL; it is left out")
    case .string(let text): attributes.append(.init(name: name, value: .text(text)))
    case .number(let text):
      if let number = Int64(text) {
        attributes.append(.init(name: name, value: .signed(number)))
      } else if let number = UInt64(text) {
        attributes.append(.init(name: name, value: .unsigned(number)))
      } else if let number = Double(text), number.isFinite, number.description == text {
        attributes.append(.init(name: name, value: .number(number)))
      } else {
        try addText(member)
      }
    case .null, .array, .object: try addText(member)
    }
  }

  private mutating func addText(_ member: JSON.Member) throws(CoppiceError) {
    note("the JSON text of \"\(member.name.printable)\" is written")
    // The encoder ends a document with a line feed, which isn't part of the value.
    let text = try CanonicalJSON.encode(member.value, dialect: .python).dropLast()
    attributes.append(
      .init(name: member.name, value: .text(String(decoding: text, as: UTF8.self))))
  }

  private mutating func note(_ message: String) {
    notes.append(ConversionNote(.metadata, message))
  }
}

extension Group {
  func write(_ attribute: OutputAttribute) throws(HDF5Error) {
    switch attribute.value {
    case .text(let text): try writeAttribute(attribute.name, variableText: text)
    case .signed(let number): try writeAttribute(attribute.name, integer: number)
    case .unsigned(let number): try writeAttribute(attribute.name, integer: number)
    case .number(let number): try writeAttribute(attribute.name, number: number)
    case .truth(let flag):
      try writeAttribute(
        attribute.name, type: .bool(), dimensions: [], bytes: [flag ? 1 : 0])
    }
  }
}
