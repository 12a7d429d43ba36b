import CoppiceInterop
import CoppiceModel
import Testing

/// The norms of the differences of two checkpoints.
struct DifferenceNormsTests {
  private func compare(_ a: NDArray, _ b: NDArray) throws -> ComparisonResult {
    var options = ComparisonOptions()
    options.measuresNorms = true
    options.ignoresDTypes = true
    return try Comparison.run(
      .checkpoint(CheckpointContents(.leaf(a))), .checkpoint(CheckpointContents(.leaf(b))),
      options: options)
  }

  @Test func normsAreOfTheDifference() throws {
    // numpy.linalg.norm([3, 4]) is 5, that of the difference of 0.5 and 1.2 is 1.3.
    let a = try NDArray([3, 4, 0, .nan, .infinity])
    let b = try NDArray([3.5, 2.8, 0, 1, 7])
    let result = try compare(a, b)
    let norms = try #require(result.differences.first?.elements?.norms)
    #expect((norms.norm - 1.3).magnitude < 1e-15 && norms.reference == 5)
    #expect((norms.largest - 1.2).magnitude < 1e-15 && norms.relative == norms.norm / 5)
    #expect(result.norms == norms && result.changedArrayCount == 1)
    // Half of it in another type.
    let floats = try NDArray([3.5, 2.75, 0, 1, 7] as [Float]).cast(to: .bfloat16)
    let other = try #require(try compare(a, floats).norms)
    #expect(other.norm == (0.25 + 1.25 * 1.25).squareRoot())
  }

  @Test func equalArraysHaveADifferenceOfZero() throws {
    let a = try NDArray((0..<10_000).map(Float.init))
    let result = try compare(a, a)
    #expect(result.isEqual && result.changedArrayCount == 0)
    #expect(result.norms?.norm == 0 && result.norms?.relative == 0)
    // numpy.linalg.norm(numpy.arange(10000))
    #expect(((result.norms?.reference ?? 0) - 577306.967739).magnitude < 1e-5)
  }

  @Test func withoutTheOptionThereAreNone() throws {
    let a = CheckpointContents(.leaf(try NDArray([1.0])))
    #expect(try Comparison.run(.checkpoint(a), .checkpoint(a)).norms == nil)
  }
}
