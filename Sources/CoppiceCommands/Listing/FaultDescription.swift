import Coppice

/// An error as JSON.
enum FaultDescription {
  /// Returns the error that ended a command, with the individual faults where it summarises
  /// several.
  static func error(_ error: CoppiceError) -> JSON {
    let error = error.inToolWords
    var members = place(error)
    let faults = error.faults
    if faults.count > 1 {
      members.append(.init("faults", .array(faults.map { .object(place($0)) })))
    }
    return .object(members)
  }

  private static func place(_ error: CoppiceError) -> [JSON.Member] {
    [
      .init("code", .string(error.code.rawValue)), .init("message", .string(error.message)),
      .init("place", .string(error.location.description)),
    ]
  }
}
