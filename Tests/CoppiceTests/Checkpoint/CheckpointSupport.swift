import Coppice
import CoppiceModel
import CoppiceTestSupport
import Testing

/// A tree with one array of float32, whose bytes are given.
func weights(_ values: [Float], named name: String = "w") throws -> Tree<NDArray> {
  let bytes = values.flatMap { value in
    (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) }
  }
  let shape = try #require(Shape([values.count]))
  return .dict([
    .init(.string(name), .leaf(try NDArray(dtype: .float32, shape: shape, bytes: bytes)))
  ])
}

/// The error of an asynchronous call, or `nil` when it returned.
func fault<Result>(
  isolation: isolated (any Actor)? = #isolation,
  of work: () async throws -> Result
) async -> CoppiceError? {
  do {
    _ = try await work()
    return nil
  } catch {
    return error as? CoppiceError
  }
}

extension SaveOptions {
  /// Choices of a save that need not survive a power cut.
  static func quick(_ change: (inout SaveOptions) -> Void = { _ in }) -> SaveOptions {
    var options = SaveOptions()
    options.durability = .buffered
    change(&options)
    return options
  }
}
