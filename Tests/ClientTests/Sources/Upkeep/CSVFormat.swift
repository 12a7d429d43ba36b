import CoppiceInterop
import Foundation

/// Files of comma-separated numbers, each of one array of two dimensions.
struct CSVFormat: FormatReader, FormatWriter {
  let name = "csv"
  let abilities = FormatAbilities([], dtypes: [.float64])

  func open(_ path: FilePath, options: OpenOptions) throws(CoppiceError) -> CheckpointInput? {
    guard path.extension == "csv" else { return nil }
    guard let text = try? String(contentsOfFile: path.string, encoding: .utf8) else {
      throw CoppiceError(.ioFailed, "can't read the file as text", at: .init(file: path.string))
    }
    let rows = text.split(separator: "\n").map { row in
      row.split(separator: ",").map { Double($0) ?? .nan }
    }
    let array = ArrayLeaf(try NDArray(rows))
    return .checkpoint(CheckpointContents(format: name, root: .unnamed(.tree(.leaf(array)))))
  }

  func plan(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> OutputPlan {
    let array = try onlyArray(of: contents).source
    let planned = PlannedArray(path: "", dtype: .float64, shape: array.shape)
    let notes = [ConversionNote(.dtype, "the file doesn't tell that these were \(array.dtype)")]
    return OutputPlan(
      isDirectory: false, leaves: [planned], files: [PlannedFile("")],
      notes: array.dtype == .float64 ? [] : notes
    ) { (path, monitor) throws(CoppiceError) in
      monitor.expect(bytes: planned.byteCount)
      let rows = try array.load().cast(to: .float64).nested(as: [[Double]].self)
      let lines = rows.map { row in row.map { "\($0)" }.joined(separator: ",") + "\n" }
      do {
        try lines.joined().write(toFile: path.string, atomically: false, encoding: .utf8)
      } catch {
        throw CoppiceError(.ioFailed, "can't write the file", cause: .other(error))
      }
      try monitor.advance(bytes: planned.byteCount)
    }
  }

  private func onlyArray(of contents: CheckpointContents) throws(CoppiceError) -> ArrayLeaf {
    let content: Checkpointable? =
      switch contents.root {
      case .unnamed(let content): content
      case .named(let items): items.count == 1 ? try items[0].value : nil
      }
    guard case .tree(.leaf(let array))? = content else {
      throw CoppiceError(.usageChoice, "csv holds one array; name it")
    }
    return array
  }
}
