import CoppiceModel

/// A fault as JSON.
enum FaultDescription {
  static func json(_ fault: LeafFault) -> JSON { json(fault.error, kind: fault.kind) }

  static func json(_ error: CoppiceError, kind: LeafFault.Kind = .damaged) -> JSON {
    .object([
      .init("kind", .string(kind.rawValue)), .init("code", .string(error.code.rawValue)),
      .init("message", .string(error.message)),
    ])
  }
}
