import CoppiceModel

/// The code of the error that a closure throws; `nil` when it throws none.
func code(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return (error as? CoppiceError)?.code.rawValue ?? "\(error)"
  }
}

/// The error that a closure throws.
func failure(_ body: () throws -> Void) -> CoppiceError? {
  do {
    try body()
    return nil
  } catch {
    return error as? CoppiceError
  }
}
