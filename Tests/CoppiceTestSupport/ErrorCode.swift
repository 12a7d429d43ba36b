import CoppiceModel

/// The code of the error that a closure throws; `nil` when it throws none.
package func code(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return (error as? CoppiceError)?.code.rawValue ?? "\(error)"
  }
}
