import Coppice
import CoppiceModel
import CoppiceTestSupport
import Testing

/// Padding and cutting happen at the end of each dimension, and only when allowed.
struct ResizingTests {
  private func load(
    _ array: NDArray, as asked: AbstractArray, _ resizing: TreeLoadOptions.Resizing
  ) throws -> NDArray {
    var options = TreeLoadOptions()
    options.resizing = resizing
    let loaded = try TreeLoader.load(
      Tree<NDArray>.leaf(array).saved, as: .leaf(.array(asked)), options: options)
    guard case .leaf(let result) = loaded else { throw CoppiceError(.structureMismatch, "no leaf") }
    return result
  }

  private func reasons(
    _ array: NDArray, _ asked: Shape, _ resizing: TreeLoadOptions.Resizing
  ) throws -> [StructureReport.Mismatch.Reason] {
    var options = TreeLoadOptions()
    options.resizing = resizing
    return try TreeLoader.compare(
      Tree<NDArray>.leaf(array).saved, with: .leaf(.array(AbstractArray(shape: asked))),
      options: options
    ).mismatched.map(\.reason)
  }

  @Test func zerosFillUpAtTheEnd() throws {
    // Orbax's result for a saved (4, 2) and an asked (5, 2).
    let longer = try load(
      try counting(4, 2), as: AbstractArray(shape: shape(5, 2)), .pad())
    #expect(longer.floats == [0, 1, 2, 3, 4, 5, 6, 7, 0, 0])
    let wider = try load(try counting(2, 2), as: AbstractArray(shape: shape(2, 3)), .pad(with: -1))
    #expect(wider.floats == [0, 1, -1, 2, 3, -1])
  }

  @Test func theEndIsCut() throws {
    let cut = try load(
      try counting(3, 3), as: AbstractArray(shape: shape(2, 2)), .truncate)
    #expect(cut.floats == [0, 1, 3, 4])
    let none = try load(try counting(3, 3), as: AbstractArray(shape: shape(0, 3)), .truncate)
    #expect(none.floats.isEmpty)
  }

  @Test func oneSideMayGrowWhileTheOtherShrinks() throws {
    let both = try load(
      try counting(2, 3), as: AbstractArray(shape: shape(3, 2)), .padAndTruncate(with: 9))
    #expect(both.floats == [0, 1, 3, 4, 9, 9])
  }

  @Test func theBoxIsOneOfTheNewShape() throws {
    let part = AbstractArray.Region.box(box([1, 1], [2, 2]))
    let array = try load(
      try counting(2, 3), as: AbstractArray(shape: shape(4, 4), region: part), .pad(with: 7))
    #expect(array.floats == [4, 5, 7, 7])
  }

  @Test func theFillIsAnElementOfTheTypeAskedFor() throws {
    let asked = AbstractArray(dtype: .float16, shape: shape(3))
    let array = try load(try counting(2), as: asked, .pad(with: 0.5))
    // 0, 1 and 0.5 in float16.
    #expect(array.bytes == [0, 0, 0x00, 0x3C, 0x00, 0x38])
    let integers = try integers(.int8, [1, 2])
    #expect(try reasons(integers, shape(3), .pad(with: 0.5)) == [.dtype])
    #expect(try reasons(integers, shape(3), .pad(with: 200)) == [.dtype])
    #expect(try reasons(integers, shape(3), .pad(with: -1)) == [])
  }

  @Test func whatIsNotAllowedIsRefused() throws {
    let array = try counting(2, 3)
    #expect(try reasons(array, shape(2, 3), .refuse) == [])
    #expect(try reasons(array, shape(2, 4), .refuse) == [.shape])
    #expect(try reasons(array, shape(2, 2), .refuse) == [.shape])
    #expect(try reasons(array, shape(2, 2), .pad()) == [.shape])
    #expect(try reasons(array, shape(2, 4), .truncate) == [.shape])
    #expect(try reasons(array, shape(3, 2), .truncate) == [.shape])
    // The number of dimensions never changes.
    #expect(try reasons(array, shape(6), .padAndTruncate()) == [.shape])
    #expect(try reasons(array, shape(2, 3, 1), .padAndTruncate()) == [.shape])
  }
}
