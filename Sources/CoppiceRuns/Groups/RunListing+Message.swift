import CoppiceCore
import CoppiceModel
import CoppiceProcessGroup

/// The messages in which rank 0 tells the others what the run consists of.
extension RunListing {
  /// Returns what has changed since an earlier listing, as a message.
  ///
  /// Steps of a run of another format are not sent: each rank lists them.
  func changes(since earlier: RunListing) -> [UInt8] {
    var writer = MessageWriter()
    writer.write(UInt8(foreign == nil ? 0 : 1))
    writer.write(metadata?.text)
    writer.write(UInt8(isMarked ? 1 : 0))
    writer.write(integers: hidden.sorted())
    writer.write(warnings.count)
    for warning in warnings { writer.write(warning.messageBytes) }
    guard foreign == nil else { return writer.bytes }
    writer.write(
      integers: earlier.infos.filter { self[$0.step] == nil }.map(\.step))
    let new = infos.filter { info in earlier[info.step].map { !$0.isSame(as: info) } ?? true }
    writer.write(new.count)
    for info in new { info.write(to: &writer) }
    return writer.bytes
  }

  /// Applies the changes in a message.
  ///
  /// - Returns: Whether the run has another format, so that this rank lists the steps.
  mutating func apply(_ message: [UInt8]) throws(CoppiceError) -> Bool {
    var reader = MessageReader(message)
    guard let isForeign = reader.byte(), let metadata = reader.text(),
      let isMarked = reader.byte(), let hidden = reader.integers(),
      let warningCount = reader.integer()
    else { throw RunGroup.malformed }
    self.metadata = try metadata.map { (text) throws(CoppiceError) in try JSON(parsing: text) }
    self.isMarked = isMarked == 1
    self.hidden = Set(hidden)
    warnings = []
    for _ in 0..<warningCount {
      guard let warning = reader.field().flatMap({ CoppiceError(messageBytes: $0) }) else {
        throw RunGroup.malformed
      }
      warnings.append(warning)
    }
    guard isForeign == 0 else { return true }
    guard let removed = reader.integers(), let newCount = reader.integer() else {
      throw RunGroup.malformed
    }
    for step in removed { remove(step) }
    for _ in 0..<newCount { insert(try CheckpointInfo(from: &reader)) }
    return false
  }
}

extension CheckpointInfo {
  func write(to writer: inout MessageWriter) {
    writer.write(step)
    writer.write(name.utf8)
    writer.write(metrics?.text)
    writer.write(custom?.text)
    writer.write((initTime?.nanoseconds).map(String.init))
    writer.write((commitTime?.nanoseconds).map(String.init))
    writer.write(fault?.messageBytes ?? [])
  }

  init(from reader: inout MessageReader) throws(CoppiceError) {
    guard let step = reader.integer(), let name = reader.field(), let metrics = reader.text(),
      let custom = reader.text(), let initTime = reader.text(), let commitTime = reader.text(),
      let fault = reader.field()
    else { throw RunGroup.malformed }
    let metadata = StepMetadata(
      metrics: try metrics.map { (text) throws(CoppiceError) in try JSON(parsing: text) },
      custom: try custom.map { (text) throws(CoppiceError) in try JSON(parsing: text) },
      initTime: initTime.flatMap { Int($0) }.map(Timestamp.init),
      commitTime: commitTime.flatMap { Int($0) }.map(Timestamp.init))
    self.init(
      step: step, name: String(decoding: name, as: UTF8.self),
      record: StepRecord(metadata, fault: CoppiceError(messageBytes: fault)))
  }
}
