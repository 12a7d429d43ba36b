import CoppiceModel

/// The error that a closure throws.
func failure(_ body: () throws -> Void) -> CoppiceError? {
  do {
    try body()
    return nil
  } catch {
    return error as? CoppiceError
  }
}
