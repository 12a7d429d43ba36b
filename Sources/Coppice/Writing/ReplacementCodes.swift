package import CoppiceModel

extension CoppiceError.Code {
  /// What lies at the target isn't replaced, whatever was asked for: it is a run, another format's file,
  /// or something that Coppice could not have written.
  package static let operationNotReplaceable = Self(rawValue: "operation.not-replaceable")
  /// The target is the source, around it, or inside a checkpoint.
  package static let usageTarget = Self(rawValue: "usage.target")
}
