import CoppiceModel
import CoppiceProcessGroup
import Testing

/// A limit that no passing test reaches.
let ample = Duration.seconds(60)

/// Runs ranks that all must succeed, and returns their values.
func onRanks<Value: Sendable>(
  _ count: Int, _ body: @escaping @Sendable (LocalProcessGroup) async throws -> Value
) async throws -> [Value] {
  try await LocalProcessGroup.run(count: count, body).map { try $0.get() }
}

/// Runs ranks, and returns the error of each; `nil` for success.
func errors<Value: Sendable>(
  ofRanks count: Int, _ body: @escaping @Sendable (LocalProcessGroup) async throws -> Value
) async throws -> [CoppiceError?] {
  try await LocalProcessGroup.run(count: count, body).map { result in
    switch result {
    case .success: nil
    case .failure(let error): try #require(error as? CoppiceError)
    }
  }
}

/// A rank's own failure in these tests.
struct Mishap: Error {}
