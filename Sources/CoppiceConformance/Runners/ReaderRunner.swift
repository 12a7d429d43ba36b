public import Coppice
import CoppiceFiles
public import CoppiceInterop
import CoppiceMaintenance
public import CoppiceModel
import SystemPackage

/// This library's own reader and validator.
public struct ReaderRunner: ConformanceRunner {
  private let options: OpenOptions

  /// Makes a runner that tests the reader.
  public init(options: OpenOptions = OpenOptions(formats: .all)) { self.options = options }

  /// Loads, lists or validates, as the request asks.
  public func answer(to request: RunnerRequest) throws(CoppiceError) -> RunnerAnswer {
    switch request.query {
    case .validate(let level): return .validated(try validate(request.checkpoint, to: level))
    case .list:
      return answer { () throws(CoppiceError) in
        try describe(request.checkpoint, by: DumpBuilder(.listing))
      }
    case .load(nil):
      return answer { () throws(CoppiceError) in
        try describe(request.checkpoint, by: DumpBuilder())
      }
    case .load(let target?): return load(target, of: request.checkpoint)
    }
  }

  private func answer(_ body: () throws(CoppiceError) -> RunnerAnswer) -> RunnerAnswer {
    do throws(CoppiceError) {
      return try body()
    } catch {
      return .refused(error.code.rawValue)
    }
  }

  private func describe(
    _ path: FilePath, by builder: DumpBuilder
  ) throws(CoppiceError) -> RunnerAnswer {
    let input = try open(path)
    var warnings: [CoppiceError] = if case .steps(let run) = input { run.warnings } else { [] }
    let dump = try builder.describe(input, warn: { warnings += $0 })
    return .described(dump, warnings: warnings.map(\.code.rawValue))
  }

  private func load(_ target: RunnerRequest.LoadTarget, of path: FilePath) -> RunnerAnswer {
    var present: [String] = []
    do throws(CoppiceError) {
      guard case .checkpoint(let contents) = try open(path) else {
        throw CoppiceError(.usageChoice, "this is a run, not a checkpoint")
      }
      present = Self.names(beside: target.names, in: contents)
      var address = CheckpointAddress(path.string)
      address.components = target.names + Self.components(of: target.path ?? "")
      guard let item = try address.node(in: contents)?.item else { return .absent(names: nil) }
      let dump = try describe(item, target)
      return .described(dump, warnings: contents.allWarnings.map(\.code.rawValue))
    } catch {
      guard !error.code.rawValue.hasPrefix("usage.") else {
        // The names are those that the message gives, which is what a caller learns.
        return .absent(names: present.filter { error.message.contains("\"\($0)\"") })
      }
      return .refused(error.code.rawValue)
    }
  }

  private func describe(
    _ item: NamedCheckpointable, _ target: RunnerRequest.LoadTarget
  ) throws(CoppiceError) -> JSON {
    let builder = DumpBuilder()
    guard target.path != nil else { return try builder.describe(try item.value) }
    guard case .tree(let tree) = try item.listed.value else {
      throw CoppiceError(.usageTreePath, "the checkpointable is no tree")
    }
    guard let box = target.box else { return try builder.describe(tree) }
    guard case .leaf(let leaf) = tree else {
      throw CoppiceError(.usageTreePath, "the node is no array")
    }
    let source = try BoxSource(try leaf.source, box: box)
    return try builder.describe(.leaf(ArrayLeaf(source)))
  }

  /// Returns the components of a path; an empty one stays a component, so that it is refused.
  private static func components(of path: String) -> [String] {
    guard !path.isEmpty else { return [] }
    return path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  }

  /// Returns the names of the checkpointables among which the last name of a target is looked for.
  private static func names(
    beside names: [String], in contents: CheckpointContents
  ) -> [String] {
    guard case .named(var items) = contents.root else { return [] }
    for name in names.dropLast() {
      guard let item = items.first(where: { $0.name == name }),
        case .composite(let inner)? = try? item.listed.value
      else { break }
      items = inner
    }
    return items.map(\.name)
  }

  /// Opens the checkpoint; an unrecognised one is read as Coppice's format, as the case says it is.
  private func open(_ path: FilePath) throws(CoppiceError) -> CheckpointInput {
    do {
      return try CheckpointOpener.open(path, options: options)
    } catch {
      guard error.code == .formatUnrecognized,
        let directory = try? DirectoryHandle(opening: path, symlinks: options.symlinks)
      else { throw error }
      return .checkpoint(try CheckpointReader.open(directory, options: options.reading))
    }
  }

  private func validate(
    _ path: FilePath, to level: ValidationLevel
  ) throws(CoppiceError) -> [RunnerAnswer.Finding] {
    var found: [Diagnostic]
    do {
      found = try PathValidation(options: options, level: level, monitor: OperationMonitor())
        .run(path, step: nil).diagnostics
      if found.contains(where: { $0.fault.code == .formatUnrecognized }) {
        let directory = try DirectoryHandle(opening: path, symlinks: options.symlinks)
        found = try Validator.run(
          directory, level: level, limits: options.limits, hdf5: options.hdf5)
      }
    } catch {
      // A fault of the input is an answer, wherever it is detected.
      guard !error.code.isInputFault else {
        return [RunnerAnswer.Finding(code: error.code.rawValue, isWarning: false)]
      }
      throw CoppiceError(.runnerNoAnswer, "validation could not tell: \(error)")
    }
    return found.map { diagnostic in
      RunnerAnswer.Finding(
        code: diagnostic.fault.code.rawValue, isWarning: diagnostic.severity == .warning,
        level: diagnostic.level)
    }
  }
}
