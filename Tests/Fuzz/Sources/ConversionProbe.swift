import CoppiceCore
import CoppiceInterop
import CoppiceModel

/// Converts a small whole checkpoint, and opens the result.
struct ConversionProbe {
  let options: OpenOptions

  /// Converts one input of 64, chosen by its bytes so that a finding can be repeated.
  func run(_ contents: CheckpointContents, seed: [UInt8]) {
    let number = seed.reduce(0xCBF2_9CE4_8422_2325) { (sum: UInt64, byte) in
      (sum ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    guard number >> 32 & 63 == 0 else { return }
    let writers = FormatWriters.all
    convert(contents, by: writers[Int(number >> 40) % writers.count])
  }

  private func convert(_ contents: CheckpointContents, by writer: any BuiltInFormatWriter) {
    let format = OutputFormat(writer)
    Scratch.shared.removeOutput()
    // Some formats are recognised by the ending of the name alone.
    let target = Scratch.shared.output.appending("a" + (writer.nameEndings.first ?? ""))
    var conversion = ConversionOptions(to: format)
    conversion.durability = .buffered
    conversion.opening = options
    let report: ConversionReport
    do throws(CoppiceError) {
      report = try Conversion.run(
        .checkpoint(contents), to: target, options: conversion, monitor: OperationMonitor())
    } catch {
      // A choice that a caller must make, such as that of a step, or of names that the format can't have.
      if !error.code.rawValue.hasPrefix("usage.") { check(error) }
      return
    }
    do throws(CoppiceError) {
      var opening = OpenOptions(
        formats: FormatReaders(FormatReaders.all.list.filter { $0.name == format.reader }))
      opening.limits = CheckpointProbe.limits
      guard
        case .checkpoint(let result) = try CheckpointOpener.open(target, options: opening)
      else { fail("a conversion to \(format) whose result is a run") }
      var probe = ContentProbe()
      probe.visit(result)
      guard probe.isWhole else { fail("a conversion to \(format) whose result has faults") }
      guard report.notes.isEmpty else { return }
      let comparison = try Comparison.run(.checkpoint(contents), .checkpoint(result))
      guard comparison.isEqual else {
        fail(
          "a conversion to \(format) that changes \(comparison.differences.map { "\($0)".printable })"
        )
      }
    } catch {
      fail("a conversion to \(format) whose result can't be read: \(error)")
    }
  }
}
