import CoppiceFiles
package import CoppiceModel
package import SystemPackage

/// A validation of the checkpoint or run at a path.
///
/// Coppice's format is checked by its rules; other formats are read completely.
package struct PathValidation {
  private let options: OpenOptions
  private let level: ValidationLevel
  private let monitor: OperationMonitor

  package init(options: OpenOptions, level: ValidationLevel, monitor: OperationMonitor) {
    self.options = options
    self.level = level
    self.monitor = monitor
  }

  /// Validates a checkpoint, or the steps of a run.
  ///
  /// - Throws: `io.*`, `usage.*`, `operation.cancelled`.
  package func run(
    _ path: FilePath, step: StepChoice?
  ) throws(CoppiceError) -> ValidationReport {
    if let directory = try? DirectoryHandle(opening: path, symlinks: options.symlinks) {
      if try directory.kind(of: CheckpointReader.documentName) != nil {
        return ValidationReport(diagnostics: try validate(directory), hasDigests: true)
      }
      if step == nil, let found = try validateSteps(directory) {
        return ValidationReport(diagnostics: found, hasDigests: true)
      }
    }
    let input: CheckpointInput
    do {
      input = try CheckpointOpener.open(path, options: options)
    } catch {
      return try diagnose(error)
    }
    switch input {
    case .checkpoint(let contents): return try read(contents)
    case .steps(let steps):
      let chosen = try step.map { (choice) throws(CoppiceError) in try choice.find(in: steps) }
      var found = ValidationReport(
        diagnostics: steps.warnings.map { Diagnostic(.warning, .structure, $0) }, hasDigests: true)
      for step in chosen ?? steps.steps {
        if steps.format == CheckpointReader.formatName {
          let directory = try DirectoryHandle(
            opening: path.appending(step.name), symlinks: options.symlinks)
          found.diagnostics += try validate(directory).map { $0.inside(step.name) }
        } else {
          found.add(try readStep(step))
        }
      }
      return found
    }
  }

  private func validate(_ directory: DirectoryHandle) throws(CoppiceError) -> [Diagnostic] {
    try Validator.run(
      directory, level: level, limits: options.limits, hdf5: options.hdf5, monitor: monitor)
  }

  private func validateSteps(
    _ directory: DirectoryHandle
  ) throws(CoppiceError) -> [Diagnostic]? {
    try RunValidator.run(
      directory, level: level, limits: options.limits, hdf5: options.hdf5, monitor: monitor)
  }

  /// Reads a step; the file names in its findings are relative to the run's directory.
  private func readStep(_ step: CheckpointRun.Step) throws(CoppiceError) -> ValidationReport {
    var found: ValidationReport
    do {
      found = try read(try step.open())
    } catch {
      found = try diagnose(error)
    }
    for index in found.diagnostics.indices {
      found.diagnostics[index].fault = found.diagnostics[index].fault.located(file: step.name)
    }
    return found
  }

  /// Returns a fault of the input as a finding; throws a fault of the system.
  private func diagnose(_ error: CoppiceError) throws(CoppiceError) -> ValidationReport {
    guard error.code.isInputFault else { throw error }
    return ValidationReport(diagnostics: [Diagnostic(.error, .document, error)], hasDigests: false)
  }

  private func read(_ contents: CheckpointContents) throws(CoppiceError) -> ValidationReport {
    var found: [Diagnostic] = []
    switch contents.root {
    case .unnamed(let item): try read(item, &found)
    case .named(let items): try read(items, "", &found)
    }
    return ValidationReport(
      diagnostics: contents.allWarnings.map { Diagnostic(.warning, .structure, $0) } + found,
      hasDigests: contents.hasDigests)
  }

  private func read(
    _ items: [NamedCheckpointable], _ place: String, _ found: inout [Diagnostic]
  ) throws(CoppiceError) {
    for item in items {
      let name = place.isEmpty ? item.name : place + "/" + item.name
      do throws(CoppiceError) {
        try read(try item.value, &found)
      } catch {
        guard error.code.isInputFault else { throw error }
        found.append(Diagnostic(.error, .document, error.located(inCheckpointable: name)))
      }
    }
  }

  private func read(
    _ item: Checkpointable, _ found: inout [Diagnostic]
  ) throws(CoppiceError) {
    switch item {
    case .json: break
    case .composite(let items): try read(items, "", &found)
    case .files(let files):
      guard level == .data else { return }
      monitor.expect(bytes: files.reduce(0) { $0 + $1.bytes.byteCount })
      for file in files {
        try read(nil, &found) { (take) throws(CoppiceError) in
          try file.bytes.forEachPiece(ofAtMost: 4 << 20, take)
        }
      }
    case .tree(let tree):
      let leaves = tree.leaves
      if level == .data { monitor.expect(bytes: leaves.reduce(0) { $0 + $1.leaf.byteCount }) }
      for (path, leaf) in leaves {
        if let fault = leaf.fault {
          found.append(
            Diagnostic(
              fault.kind == .damaged ? .error : .warning, .structure,
              fault.error.located(treePath: path.description)))
          continue
        }
        guard level == .data else { continue }
        try read(path.description, &found) { (take) throws(CoppiceError) in
          try leaf.source.forEachPiece(ofAtMost: 4 << 20, take)
        }
      }
    }
  }

  private func read(
    _ path: String?, _ found: inout [Diagnostic],
    _ body: ((RawSpan) throws(CoppiceError) -> Void) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    do {
      try body { (piece) throws(CoppiceError) in try monitor.advance(bytes: piece.byteCount) }
    } catch {
      guard error.code.isInputFault else { throw error }
      found.append(Diagnostic(.error, .data, error.located(treePath: path)))
    }
  }
}

extension Diagnostic {
  /// Returns the finding with its file name relative to the run's directory.
  fileprivate func inside(_ directory: String) -> Diagnostic {
    var moved = self
    moved.fault.location.file = fault.location.file.map { directory + "/" + $0 } ?? directory
    return moved
  }
}
