import CoppiceCore
import CoppiceInterop
import CoppiceModel
import SystemPackage

/// Opens a path with one reader, and everything in it: all is read, or has a fault of one line.
struct CheckpointProbe {
  private let options: OpenOptions

  /// Limits at which memory is taken only for what the input has.
  static let limits = {
    var limits = ReadLimits.standard
    limits.documentBytes = 1 << 22
    limits.leaves = 1 << 14
    limits.shardsPerLeaf = 1 << 12
    limits.chunkBytes = 1 << 24
    limits.workingMemory = 1 << 20
    return limits
  }()

  init(_ reader: String, dequantizes: Bool = false) {
    var options = OpenOptions(
      formats: FormatReaders(FormatReaders.all.list.filter { $0.name == reader }))
    options.limits = Self.limits
    options.dequantizes = dequantizes
    self.options = options
  }

  /// - Parameter seed: The input, by which a few are chosen that are also converted.
  func run(_ path: FilePath, seed: [UInt8]) {
    do throws(CoppiceError) {
      switch try CheckpointOpener.open(path, options: options) {
      case .checkpoint(let contents): probe(contents, path, seed)
      case .steps(let run):
        for step in run.steps.prefix(8) {
          do throws(CoppiceError) { probe(try step.open(), path, seed) } catch { check(error) }
        }
      }
    } catch {
      check(error)
    }
  }

  private func probe(_ contents: CheckpointContents, _ path: FilePath, _ seed: [UInt8]) {
    var content = ContentProbe()
    content.visit(contents)
    for warning in contents.allWarnings { check(warning) }
    guard content.isWhole, content.byteCount < 1 << 16 else { return }
    ConversionProbe(options: options).run(contents, seed: seed)
  }
}

/// Checks that an error blames the input, in a line that can be printed.
func check(_ error: CoppiceError) {
  guard error.code.isInputFault || error.code == .limitMemory else {
    fail("an error that doesn't blame the input: \(error)")
  }
  guard !error.message.isEmpty, error.code.rawValue.contains(".") else {
    fail("an error without a message: \(error.code)")
  }
  let text = error.description
  if let scalar = text.unicodeScalars.first(where: \.isUnprintable) {
    fail("an error with the character \(scalar.value): \(text.printable)")
  }
  for fault in error.faults where error.faults.count > 1 { check(fault) }
}
