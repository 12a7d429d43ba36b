import Coppice
import CoppiceCore
import CoppiceFiles
import CoppiceModel
import CoppiceProcessGroup
import Synchronization
import SystemPackage

/// A conversion by all ranks of a group.
///
/// All ranks open the source and plan. Where the format allows it, each reads and writes a share of the arrays; any other
/// format is written by rank 0. Rank 0 makes directories, writes documents and gives the result its name.
struct GroupConversion: Sendable {
  let target: FilePath
  let options: ConversionOptions
  let group: any ProcessGroup
  let warn: @Sendable ([CoppiceError]) -> Void
  private let waitLimit: Duration
  let work: GroupWork
  /// The result that rank 0 gives its name at the end.
  let stage = ConversionStage()

  init(
    to target: FilePath, options: ConversionOptions, group: any ProcessGroup,
    waitLimit: Duration, monitor: OperationMonitor
  ) {
    self.target = target
    self.options = options
    self.group = group
    self.waitLimit = waitLimit
    warn = options.opening.warn
    work = GroupWork(
      group, named: "convert \(target.lastComponent?.string ?? "")", within: waitLimit,
      monitor: monitor,
      // What is wrong with the source or the options is wrong whichever rank finds it.
      namesRanks: { error in
        !error.isDamage
          && ["io.", "limit."].contains { error.code.rawValue.hasPrefix($0) }
      })
  }

  /// Converts what a function opens on each rank.
  ///
  /// - Returns: The report, which says on rank 0 what was replaced.
  func run(
    _ open: @escaping @Sendable () throws(CoppiceError) -> CheckpointInput
  ) async throws(CoppiceError) -> ConversionReport {
    let (opened, _) = try await part("open") {
      [target, options, warn, group] (_) throws(CoppiceError) in
      var conversion = try Conversion(options, warn)
      let input = try conversion.narrow(try open())
      // Rank 0 alone asks the file system what is there.
      if group.isPrimary { try conversion.check(target, input) }
      return (Opened(conversion: conversion, input: input), [])
    }
    do throws(CoppiceError) {
      switch opened.input {
      case .checkpoint(let contents): return try await write(contents, opened.conversion)
      case .steps(let steps): return try await write(steps, opened.conversion)
      }
    } catch {
      await stage.discard()
      throw error
    }
  }

  private struct Opened: Sendable {
    var conversion: Conversion
    var input: CheckpointInput
  }

  /// Does a part of the work on a thread of each rank, and then a conclusion on rank 0.
  ///
  /// - Returns: The value of this rank, and the answer of rank 0.
  func part<Value: Sendable>(
    _ name: String,
    _ body: @escaping @Sendable (OperationMonitor) throws(CoppiceError) -> (Value, [UInt8]),
    then conclusion: @escaping @Sendable (Value, [[UInt8]]) throws(CoppiceError) -> [UInt8] = {
      (_, _) throws(CoppiceError) in []
    }
  ) async throws(CoppiceError) -> (Value, [UInt8]) {
    let kept = Kept<Value>()
    let answer = try await work.run(name) { (monitor) throws(CoppiceError) in
      try await BlockingWork.run(monitor) { () throws(CoppiceError) in
        let (value, message) = try body(monitor)
        kept.value = value
        return message
      }
    } then: { (messages) throws(CoppiceError) in
      try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
        try conclusion(try kept.get(), messages)
      }
    }
    return (try kept.get(), answer)
  }

  // MARK: One checkpoint

  private func write(
    _ contents: CheckpointContents, _ conversion: Conversion
  ) async throws(CoppiceError) -> ConversionReport {
    let search = try await search(contents, conversion, "")
    let (planned, plan) = try await part("plan") {
      [warn, group] (monitor) throws(CoppiceError) in
      var conversion = conversion
      let plan = try conversion.plan(contents, search: search, monitor: monitor)
      warn(contents.allWarnings)
      conversion.report.add(plan.notes)
      conversion.report.count(plan.leaves, step: nil)
      let planned = try PlannedShare(plan, conversion, group)
      return (planned, planned.description)
    } then: { [target, options, group, stage] (planned, descriptions) throws(CoppiceError) in
      try planned.requireSame(descriptions, in: group)
      let path = try stage.make(
        planned.plan.isDirectory ? .directory : .file, target,
        replacing: options.writing.isReplacing)
      return try planned.message(in: path)
    }
    do throws(CoppiceError) {
      try await write(planned, plan, "")
    } catch {
      throw try await allFaults(of: contents, after: error, conversion, "")
    }
    try await commit()
    return planned.conversion.report
  }

  /// Writes the shares of all ranks, and completes the checkpoint.
  func write(
    _ planned: PlannedShare, _ plan: [UInt8], _ prefix: String
  ) async throws(CoppiceError) {
    let shares = Kept<[[UInt8]]>()
    let (files, _) = try await part(prefix + "write") {
      [group] (monitor) throws(CoppiceError) in
      let (share, files) = try planned.write(plan, group, monitor)
      return (files, share)
    } then: { (_, all) throws(CoppiceError) in
      shares.value = all
      return []
    }
    guard let output = planned.output else { return }
    let directory = try PlannedShare.place(in: plan).directory
    // On a network file system, that one process has written files doesn't say that another one sees them.
    let name = "\(work.name)/\(prefix)files"
    _ = try await work.run(prefix + "check") { [group, waitLimit] (monitor) throws(CoppiceError) in
      try await group.send(files, to: (group.rank + 1) % group.count, named: name)
      let other = try await group.receive(
        from: (group.rank + group.count - 1) % group.count, named: name, within: waitLimit)
      try await BlockingWork.run(monitor) { () throws(CoppiceError) in
        try output.check(other, in: directory)
      }
      return []
    } then: { (_) throws(CoppiceError) in
      try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
        try output.finish(try shares.get(), in: directory)
      }
      return []
    }
  }

  /// Gives the result its name.
  func commit() async throws(CoppiceError) {
    _ = try await work.run("commit") { (_) throws(CoppiceError) in
      []
    } then: { [stage, options, group, work] (_) throws(CoppiceError) in
      // A rank 0 that was stopped finds here that the others have given up, and must not commit then.
      _ = try await group.receive(from: group.rank, named: work.name + "/whole", before: .now)
      try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
        try work.monitor.checkCancellation()
        try stage.commit(durability: options.durability)
      }
      return []
    }
  }

  // MARK: Damage

  /// Looks for damage where it is left out: each rank reads a share.
  func search(
    _ contents: CheckpointContents, _ conversion: Conversion, _ prefix: String
  ) async throws(CoppiceError) -> Salvage.Search {
    guard conversion.options.salvageScope == .damaged else { return .whole }
    let (_, found) = try await part(prefix + "search") { [group] (monitor) throws(CoppiceError) in
      let faults = FoundFaults()
      _ = try conversion.chosen(
        contents, search: .share(rank: group.rank, count: group.count, faults), monitor)
      return ((), faults.message)
    } then: { (_, all) throws(CoppiceError) in
      Array(all.joined())
    }
    return .done(try FoundFaults.faults(in: found))
  }

  /// Returns the error with all faults of the source, of which each rank looks for a share.
  func allFaults(
    of contents: CheckpointContents, after error: CoppiceError, _ conversion: Conversion,
    _ prefix: String
  ) async throws(CoppiceError) -> CoppiceError {
    guard error.isDamage else { return error }
    let found = try await search(contents, try conversion.salvaging, prefix + "faults/")
    return try conversion.allFaults(of: contents, after: error, search: found, work.monitor)
  }
}
