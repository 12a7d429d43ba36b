import CoppiceFormat
import CoppiceModel
import CoppiceProcessGroup

/// A load in which each rank reads a share of the arrays that all ranks request whole, and broadcasts it.
///
/// Memory of each rank beside its arrays: a few pieces of 16 MiB.
struct ReplicatedShares {
  private let load: GroupLoad
  private let plan: GroupLoadPlan
  /// The parts that this rank reads for all.
  private let share: [Int]
  /// The parts that other ranks read.
  private let others: [Int]
  private let pieces: [BroadcastPiece]

  /// The most bytes of a piece.
  static let pieceBytes = 16 << 20
  /// The bytes that all ranks read together from which a broadcast may take less time.
  private static let leastBytes = 256 << 20

  init(_ load: GroupLoad, _ plan: GroupLoadPlan) {
    self.load = load
    self.plan = plan
    let shares = Self.shares(plan.whole.map { plan.parts[$0].byteCount }, of: load.group.count)
      .map { share in share.map { plan.whole[$0] } }
    share = shares[load.group.rank]
    // Those of the next rank first, so that ranks don't all begin with the same.
    others = (shares + shares).dropFirst(load.group.rank + 1).prefix(shares.count - 1).flatMap(
      \.self)
    pieces = shares.enumerated().flatMap { rank, share in
      BroadcastPiece.pieces(of: share, { plan.parts[$0].byteCount }, from: rank)
    }
  }

  private func byteCount(of parts: [Int]) -> Int {
    parts.reduce(0) { $0 + plan.parts[$1].byteCount }
  }

  /// Divides leaves of some sizes among ranks: consecutive ones, about as many bytes for each.
  static func shares(_ sizes: [Int], of count: Int) -> [[Int]] {
    let total = max(sizes.reduce(0, +), 1)
    var shares = Array(repeating: [Int](), count: count)
    var done = 0
    for (index, size) in sizes.enumerated() {
      let middle = Double(done) + Double(size) / 2
      shares[min(Int(middle / Double(total) * Double(count)), count - 1)].append(index)
      done += size
    }
    return shares
  }

  // MARK: The choice

  /// Returns a text that is the same on all ranks which load the same arrays whole, for the same purpose.
  static func description(
    of plan: GroupLoadPlan, _ options: TreeLoadOptions, _ replicated: ReplicatedReading
  ) -> [UInt8] {
    var text = "\(options.castMode) \(options.resizing) \(options.containers)"
    // Two ranks may fill the same path from different arrays of their own.
    if case .fallback = options.missing { return [] }
    for transform in options.transforms {
      if case .merge = transform { return [] }
      text += " \(transform)"
    }
    var byteCount = 0
    for index in plan.whole {
      let source = plan.parts[index].source
      text += "\n\(plan.paths[index]) \(source.dtype) \(source.shape)"
      byteCount += source.byteCount
    }
    var writer = MessageWriter()
    writer.write(replicated.rawValue)
    writer.write(byteCount)
    writer.write(Int(Int64(bitPattern: Digest(of: Array(text.utf8)).bits)))
    return writer.bytes
  }

  /// Returns whether ranks with these descriptions share the reading.
  static func areBroadcast(_ descriptions: [[UInt8]]) -> Bool {
    guard let first = descriptions.first, descriptions.allSatisfy({ $0 == first }) else {
      return false
    }
    var reader = MessageReader(first)
    guard let way = reader.integer().flatMap(ReplicatedReading.init), let bytes = reader.integer(),
      bytes > 0
    else { return false }
    return way == .broadcast || bytes >= leastBytes / descriptions.count
  }

  // MARK: The load

  /// The arrays that this rank has read, and memory for the others, by the number of their part.
  private struct Holding: Sendable {
    var arrays: [Int: NDArray]
    var memory: [Int: ArrayMemory]
  }

  func run() async throws(CoppiceError) -> Tree<GlobalArray> {
    var held = try await readShare()
    var rest = Array(pieces.enumerated())[...]
    if load.replicated == .automatic, let first = rest.popFirst() {
      let start = ContinuousClock.now
      try await broadcast(first.element, 0, held)
      let unsent = rest.reduce(0) { $0 + $1.element.byteCount }
      let time = (ContinuousClock.now - start) * (Double(unsent) / Double(first.element.byteCount))
      guard try await isLessThanReading(time) else {
        held.memory = [:]
        return try await readRest(held.arrays)
      }
    }
    for (number, piece) in rest { try await broadcast(piece, number, held) }
    for (part, memory) in held.memory {
      let source = plan.parts[part].source
      held.arrays[part] = NDArray(
        dtype: source.dtype, shape: source.shape, part: 0..<source.byteCount, of: memory)
    }
    return try result(held.arrays)
  }

  /// Reads what this rank alone needs, and its share.
  private func readShare() async throws(CoppiceError) -> Holding {
    let (plan, share, others) = (plan, share, others)
    let shared = Set(plan.whole)
    let read = plan.parts.indices.filter { !shared.contains($0) } + share
    return try await load.phase("share") { (monitor) throws(CoppiceError) in
      var held = Holding(arrays: [:], memory: [:])
      for (part, array) in zip(read, try plan.load(read, monitor)) { held.arrays[part] = array }
      // Nothing may fail on one rank while the others wait for pieces from it.
      for part in others {
        held.memory[part] = try ArrayMemory(byteCount: plan.parts[part].byteCount)
      }
      return held
    }
  }

  /// Returns whether a broadcast that takes some time on this rank is done before the slowest rank would have read the
  /// other shares; the same on all ranks.
  private func isLessThanReading(_ time: Duration) async throws(CoppiceError) -> Bool {
    let (plan, others, unread) = (plan, others, byteCount(of: others))
    let (_, decision) = try await load.group.agree(
      named: load.name("choose"), within: load.waitLimit
    ) { () throws(CoppiceError) in
      // All ranks do this at once, as they would read.
      let reading = try await load.blocking { (monitor) throws(CoppiceError) in
        let start = ContinuousClock.now
        let count = try plan.readSample(of: others, ofAtMost: Self.pieceBytes, monitor)
        return (ContinuousClock.now - start) * (Double(unread) / Double(max(count, 1)))
      }
      var writer = MessageWriter()
      writer.write(integers: [time, reading].map { Int($0 / .microseconds(1)) })
      return ((), writer.bytes)
    } deciding: { messages in
      let times = messages.compactMap { message in
        var reader = MessageReader(message)
        return reader.integers()
      }
      let (sending, reading) = (times.map { $0[0] }.max() ?? 0, times.map { $0[1] }.max() ?? 0)
      return [sending < reading ? 1 : 0]
    }
    return decision == [1]
  }

  /// Reads the shares of the other ranks too.
  private func readRest(
    _ arrays: [Int: NDArray]
  ) async throws(CoppiceError) -> Tree<GlobalArray> {
    let (plan, others) = (plan, others)
    let found = try await load.phase("read") { (monitor) throws(CoppiceError) in
      try plan.load(others, monitor)
    }
    return try result(arrays.merging(zip(others, found)) { $1 })
  }

  private func result(_ arrays: [Int: NDArray]) throws(CoppiceError) -> Tree<GlobalArray> {
    try plan.result(plan.parts.indices.compactMap { arrays[$0] })
  }

  /// Broadcasts a piece, and puts it in its place on the ranks that haven't read it.
  private func broadcast(
    _ piece: BroadcastPiece, _ number: Int, _ held: Holding
  ) async throws(CoppiceError) {
    let isRoot = load.group.rank == piece.rank
    let bytes = try await load.group.broadcast(
      isRoot ? piece.bytes(of: held.arrays) : [], from: piece.rank,
      named: load.name("piece \(number)"), within: load.waitLimit)
    if !isRoot { try piece.copy(bytes, to: held.memory) }
  }
}
