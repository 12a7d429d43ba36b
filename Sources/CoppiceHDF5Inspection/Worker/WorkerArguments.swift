/// The worker's command line: a list of numbers, then the path's bytes.
struct WorkerArguments: Equatable {
  var limits: OutlineLimits
  var workerLimits: WorkerLimits
  var path: [UInt8]

  init(limits: OutlineLimits, workerLimits: WorkerLimits, path: [UInt8]) {
    self.limits = limits
    self.workerLimits = workerLimits
    self.path = path
  }

  /// Reads the arguments after the command's name; fails when they are others.
  init?(_ arguments: [[UInt8]]) {
    guard arguments.count == 2 else { return nil }
    let fields = String(decoding: arguments[0], as: UTF8.self).split(separator: ",")
    let numbers = fields.compactMap { Int($0) }
    guard numbers.count == 11, fields.count == 11, numbers.allSatisfy({ $0 >= 0 }) else {
      return nil
    }
    limits = OutlineLimits()
    limits.links = numbers[0]
    limits.depth = numbers[1]
    limits.chunks = numbers[2]
    limits.stringBytes = numbers[3]
    limits.valueBytes = numbers[4]
    limits.totalBytes = numbers[5]
    workerLimits = WorkerLimits()
    workerLimits.memoryBytes = numbers[6]
    workerLimits.processorSeconds = numbers[7]
    workerLimits.seconds = numbers[8]
    workerLimits.outputBytes = numbers[9]
    limits.sequenceBytes = numbers[10]
    path = arguments[1]
  }

  /// The arguments after the command's name.
  var arguments: [[UInt8]] {
    let numbers = [
      limits.links, limits.depth, limits.chunks, limits.stringBytes, limits.valueBytes,
      limits.totalBytes, workerLimits.memoryBytes, workerLimits.processorSeconds,
      workerLimits.seconds, workerLimits.outputBytes, limits.sequenceBytes,
    ]
    return [Array(numbers.map(String.init).joined(separator: ",").utf8), path]
  }
}
