import CoppiceJSON
import CoppiceModel
import CoppiceTestSupport

@testable import CoppiceZarr

/// The small stores that TensorStore and zarr-python wrote.
let stores = StoreFixtures(of: "CoppiceZarrTests")

extension StoreFixtures {
  func store(_ fixture: Case) throws -> any KeyValueStore {
    DirectoryStore(try directory(fixture.store))
  }

  /// Opens the array of a case; a small working memory forces the slow paths.
  func open(_ fixture: Case, workingMemory: Int? = nil) throws -> ZarrArray {
    var limits = ReadLimits()
    if let workingMemory { limits.workingMemory = workingMemory }
    let missing = try fixture.node["missing"]?.string() == "fill"
    return try ZarrArray(
      opening: fixture.array, in: store(fixture), missingChunks: missing ? .areFill : .areErrors,
      limits: limits)
  }
}
