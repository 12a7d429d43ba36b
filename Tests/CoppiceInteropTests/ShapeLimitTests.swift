import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import Testing

/// Shapes of arrays without elements, whose extents a file can say and no document.
struct ShapeLimitTests {
  /// An extent of 2^53 is the first that integers of JSON can't hold exactly.
  @Test(arguments: FormatWriters.all.map(\.name)) func refusesWhatNoDocumentCanState(
    _ format: String
  ) throws {
    let directory = try TemporaryDirectory()
    let writer = try FormatWriters.named(format)
    for (extent, code) in [(1 << 53, "arrays.bad-shape"), ((1 << 53) - 1, nil)] {
      let array = try NDArray(dtype: .uint8, shape: #require(Shape([0, extent])), bytes: [])
      let target = directory("\(extent)" + (writer.nameEndings.first ?? ""))
      let error = failure {
        try Conversion.run(
          .checkpoint(CheckpointContents(.dict([.init("w", .leaf(array))]))), to: target,
          options: ConversionOptions(to: OutputFormat(writer)), monitor: OperationMonitor())
      }
      #expect(error?.code.rawValue == code)
    }
  }
}
