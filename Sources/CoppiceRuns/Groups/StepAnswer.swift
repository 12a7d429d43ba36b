import CoppiceModel
import CoppiceProcessGroup

/// Rank 0's decision about a save, as a message.
enum StepAnswer {
  case skip(SkipReason)
  /// The name of the step's directory and the number of the save.
  case save(name: String, number: Int)

  /// Makes the answer to whether a step will be saved.
  init(_ decision: Checkpointer.Decision) {
    switch decision {
    case .skip(let reason): self = .skip(reason)
    case .save(let name, _): self = .save(name: name, number: 0)
    }
  }

  /// Reads the message of rank 0.
  init(_ message: [UInt8]) throws(CoppiceError) {
    var reader = MessageReader(message)
    guard let kind = reader.byte(), let text = reader.field(), let number = reader.integer() else {
      throw RunGroup.malformed
    }
    let words = String(decoding: text, as: UTF8.self)
    self =
      kind == 0
      ? .save(name: words, number: number)
      : .skip(SkipReason(step: number, policy: words, isSaving: kind == 2))
  }

  var message: [UInt8] {
    var writer = MessageWriter()
    switch self {
    case .save(let name, let number):
      writer.write(UInt8(0))
      writer.write(name.utf8)
      writer.write(number)
    case .skip(let reason):
      writer.write(UInt8(reason.isSaving ? 2 : 1))
      writer.write(reason.policy.utf8)
      writer.write(reason.step)
    }
    return writer.bytes
  }
}
