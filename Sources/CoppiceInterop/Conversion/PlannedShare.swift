import CoppiceCore
import CoppiceFiles
import CoppiceModel
import CoppiceProcessGroup
import SystemPackage

/// The plan of a checkpoint that a group writes, as a rank has it.
struct PlannedShare: Sendable {
  let plan: OutputPlan
  /// The conversion with its report.
  let conversion: Conversion
  /// The writing by all ranks; `nil` where rank 0 writes alone.
  let output: (any DividedOutput)?

  /// - Throws: `conversion.inexact`; the errors of content that the format can't represent.
  init(
    _ plan: OutputPlan, _ conversion: Conversion, _ group: any ProcessGroup
  ) throws(CoppiceError) {
    var conversion = conversion
    if plan.divided == nil { conversion.noteUndivided() }
    try conversion.checkStrictness()
    self.plan = plan
    self.conversion = conversion
    output = try plan.divided?(group)
  }

  /// The description for rank 0.
  var description: [UInt8] { output?.description ?? [] }

  /// Refuses a source that isn't the same for all ranks.
  ///
  /// - Throws: `structure.mismatch` naming the ranks that have read another one than rank 0.
  func requireSame(
    _ descriptions: [[UInt8]], in group: any ProcessGroup
  ) throws(CoppiceError) {
    let others = descriptions.indices.filter { descriptions[$0] != descriptions[0] }
    guard !others.isEmpty else { return }
    throw CoppiceError(
      .structureMismatch,
      "\(group.describe(ranks: others)) read another checkpoint than rank 0; convert it when nothing "
        + "changes it, and from a file system that all ranks share")
  }

  /// Plans the shares on rank 0, and returns the message for all ranks.
  func message(in path: FilePath) throws(CoppiceError) -> [UInt8] {
    var writer = MessageWriter()
    writer.write(path.string.utf8)
    writer.write(try output?.plan(in: path) ?? [])
    return writer.bytes
  }

  /// Returns the place of the result, and the plan, in the message of rank 0.
  static func place(
    in message: [UInt8]
  ) throws(CoppiceError) -> (directory: FilePath, plan: [UInt8]) {
    var reader = MessageReader(message)
    guard let path = reader.field(), let plan = reader.field() else {
      throw CoppiceError(
        .usageMessage, "rank 0 sent a plan that this version of the library doesn't know")
    }
    return (FilePath(String(decoding: path, as: UTF8.self)), plan)
  }

  /// Writes the share of this rank.
  func write(
    _ message: [UInt8], _ group: any ProcessGroup, _ monitor: OperationMonitor
  ) throws(CoppiceError) -> (share: [UInt8], files: [UInt8]) {
    let (path, shares) = try Self.place(in: message)
    if let output { return try output.write(shares, into: path, monitor: monitor) }
    if group.isPrimary { try plan.write(to: path, monitor: monitor) }
    return ([], [])
  }
}

/// A step of a run that a group writes, as a rank has it.
struct PlannedStep: Sendable {
  let contents: CheckpointContents
  let conversion: Conversion
  /// `nil` for a step that isn't written.
  var share: PlannedShare?
}

/// The conversion of a run by a group so far, which is the same on all ranks.
struct RunState: Sendable {
  var conversion: Conversion
  let plan: RunPlan
  var faults: [CoppiceError] = []
  var leftOut: CoppiceError?
  /// The number of steps that were written.
  var count = 0

  init(conversion: Conversion, plan: RunPlan) {
    self.conversion = conversion
    self.plan = plan
  }

  /// Notes that a damaged step is left out.
  mutating func leaveOut(_ step: CheckpointRun.Step, _ error: CoppiceError) {
    let fault = error.located(file: step.name)
    conversion.report.add(leftOut: step.number, fault)
    leftOut = fault
  }

  /// Refuses a run with faulty steps, or with none that is whole.
  func requireSteps() throws(CoppiceError) {
    try Conversion.requireSteps(count, leftOut: leftOut, faults)
  }
}

extension FoundFaults {
  /// The message to the other ranks.
  var message: [UInt8] {
    var writer = MessageWriter()
    for (number, fault) in all {
      writer.write(number)
      writer.write(UInt8(fault.kind == .damaged ? 0 : 1))
      writer.write(fault.error.messageBytes)
    }
    return writer.bytes
  }

  /// Reads the messages of all ranks, one after the other.
  static func faults(in messages: [UInt8]) throws(CoppiceError) -> [Int: LeafFault] {
    var reader = MessageReader(messages)
    var faults: [Int: LeafFault] = [:]
    while let number = reader.integer() {
      guard let kind = reader.byte(), let bytes = reader.field(),
        let error = CoppiceError(messageBytes: bytes)
      else {
        throw CoppiceError(
          .usageMessage, "a rank sent faults that this version of the library doesn't know")
      }
      faults[number] = LeafFault(kind == 0 ? .damaged : .unsupported, error)
    }
    return faults
  }
}
