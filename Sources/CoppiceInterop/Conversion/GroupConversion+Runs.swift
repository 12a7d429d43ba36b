import Coppice
import CoppiceCore
import CoppiceFiles
import CoppiceModel
import CoppiceProcessGroup
import SystemPackage

// The steps of a run are converted one after the other, each by all ranks.
extension GroupConversion {
  func write(
    _ steps: CheckpointRun, _ conversion: Conversion
  ) async throws(CoppiceError) -> ConversionReport {
    let (run, _) = try await part("run") {
      [target, options, stage, group] (_) throws(CoppiceError) in
      var conversion = conversion
      let run = try conversion.planRun(steps)
      conversion.report.add(run.notes)
      try conversion.checkStrictness()
      if group.isPrimary {
        _ = try stage.make(.directory, target, replacing: options.writing.isReplacing)
      }
      return (RunState(conversion: conversion, plan: run), [])
    }
    var state = run
    for step in steps.steps {
      do throws(CoppiceError) {
        try await write(step, &state)
      } catch {
        guard error.isDamage else { throw error }
        state.faults += error.located(file: step.name).faults
      }
    }
    try state.requireSteps()
    _ = try await part("documents") { [group, stage, state, options] (_) throws(CoppiceError) in
      guard group.isPrimary else { return ((), []) }
      try state.plan.writeDocuments(to: stage.path, durability: options.durability)
      return ((), [])
    }
    try await commit()
    return state.conversion.report
  }

  /// Writes a step, unless one before it was faulty.
  ///
  /// - Throws: The faults of the step as one error.
  private func write(
    _ step: CheckpointRun.Step, _ state: inout RunState
  ) async throws(CoppiceError) {
    let prefix = "step \(step.number)/"
    let name = state.plan.stepName(step.number)
    let conversion = state.conversion
    let planned: (share: PlannedStep, message: [UInt8])
    let isChecked = !state.faults.isEmpty
    do throws(CoppiceError) {
      let (contents, _) = try await part(prefix + "open") { (_) throws(CoppiceError) in
        var contents = try conversion.open(step)
        contents.step = step.number
        return (contents, [])
      }
      let search = try await search(contents, conversion, prefix)
      planned = try await part(prefix + "plan") {
        [warn, group] (monitor) throws(CoppiceError) in
        var conversion = conversion
        let plan = try conversion.planStep(
          contents, number: step.number, search: search, monitor: monitor)
        warn(contents.allWarnings)
        guard let plan, !isChecked else {
          return (PlannedStep(contents: contents, conversion: conversion), [])
        }
        conversion.report.add(plan.notes, step: step.number)
        conversion.report.count(plan.leaves, step: step.number)
        let share = try PlannedShare(plan, conversion, group)
        return (
          PlannedStep(contents: contents, conversion: share.conversion, share: share),
          share.description
        )
      } then: { [group, stage] (planned, descriptions) throws(CoppiceError) in
        guard let share = planned.share else { return [] }
        try share.requireSame(descriptions, in: group)
        let path = stage.path.appending(name)
        if share.plan.isDirectory {
          try OutputDirectory.create(path)
        } else {
          _ = try OutputFile(at: path)
        }
        return try share.message(in: path)
      }
    } catch {
      guard error.isDamage, options.salvages else { throw error }
      state.leaveOut(step, error)
      return
    }
    state.conversion = planned.share.conversion
    guard let share = planned.share.share else { return }
    state.count += 1
    do throws(CoppiceError) {
      try await write(share, planned.message, prefix)
    } catch {
      throw try await allFaults(
        of: planned.share.contents, after: error, conversion, prefix)
    }
    guard share.plan.isDirectory, options.durability == .durable, group.isPrimary else { return }
    try await BlockingWork.run(work.monitor) { [stage] () throws(CoppiceError) in
      try OutputDirectory.sync(stage.path.appending(name))
    }
  }
}
