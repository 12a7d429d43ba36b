#if MPI
  internal import CCoppiceMPI
  import CoppiceModel

  /// The sends and receives of a communicator that aren't done.
  ///
  /// One thread uses it. Memory of transfers that never end stays allocated, since MPI may still use it.
  struct MPITransfers: ~Copyable {
    /// Memory that MPI reads or writes until a request is done.
    @safe private struct Transfer {
      let bytes: UnsafeMutableRawBufferPointer
      let rank: Int
      var request: cmpi_request = 0

      init(byteCount: Int, rank: Int) {
        unsafe bytes = .allocate(byteCount: max(byteCount, 1), alignment: 16)
        self.rank = rank
      }

      /// Tells whether MPI has done with the memory.
      func isDone() throws(CoppiceError) -> Bool {
        var done: Int32 = 0
        try MPILibrary.check(unsafe cmpi_test(request, &done), "MPI_Test")
        return done != 0
      }

      func free() { unsafe bytes.deallocate() }
    }

    private let communicator: cmpi_communicator
    private var sends: [Transfer] = []
    private var receives: [(transfer: Transfer, byteCount: Int)] = []

    /// The bytes and the number of messages after which no further one is received until some are done.
    private static let receivedAtOnce = 1 << 27
    private static let receivesAtOnce = 256

    init(_ world: MPILibrary.World) { communicator = world.communicator }

    /// Whether nothing is on the way.
    var isEmpty: Bool { sends.isEmpty && receives.isEmpty }

    /// Begins to send a message.
    mutating func send(_ message: [UInt8], to rank: Int) throws(CoppiceError) {
      var transfer = Transfer(byteCount: message.count, rank: rank)
      unsafe transfer.bytes.copyBytes(from: message)
      try MPILibrary.check(
        unsafe cmpi_send(
          communicator, transfer.bytes.baseAddress, Int32(message.count), Int32(rank),
          &transfer.request), "MPI_Isend")
      sends.append(transfer)
    }

    /// Forgets the sends that are done; returns their number.
    mutating func completeSends() throws(CoppiceError) -> Int {
      var open: [Transfer] = []
      for transfer in sends {
        if try transfer.isDone() { transfer.free() } else { open.append(transfer) }
      }
      defer { sends = open }
      return sends.count - open.count
    }

    /// Begins to receive messages that have come; returns their number.
    mutating func beginReceives() throws(CoppiceError) -> Int {
      let before = receives.count
      var byteCount = receives.reduce(0) { $0 + $1.byteCount }
      while byteCount < Self.receivedAtOnce, receives.count < Self.receivesAtOnce {
        var (found, rank, count): (Int32, Int32, Int32) = (0, 0, 0)
        try MPILibrary.check(
          unsafe cmpi_probe(communicator, &found, &rank, &count), "MPI_Iprobe")
        guard found != 0 else { break }
        var transfer = Transfer(byteCount: Int(count), rank: Int(rank))
        try MPILibrary.check(
          unsafe cmpi_receive(
            communicator, transfer.bytes.baseAddress, count, rank, &transfer.request),
          "MPI_Irecv")
        receives.append((transfer, Int(count)))
        byteCount += Int(count)
      }
      return receives.count - before
    }

    /// Gives the messages that have arrived to a closure, those of each rank in the order in which they were sent.
    ///
    /// - Returns: Their number.
    mutating func completeReceives(
      _ take: (Int, [UInt8]) -> Void
    ) throws(CoppiceError) -> Int {
      var open: [(transfer: Transfer, byteCount: Int)] = []
      var late: Set<Int> = []
      for (transfer, count) in receives {
        if !late.contains(transfer.rank), try transfer.isDone() {
          take(transfer.rank, unsafe [UInt8](transfer.bytes.prefix(count)))
          transfer.free()
        } else {
          late.insert(transfer.rank)
          open.append((transfer, count))
        }
      }
      defer { receives = open }
      return receives.count - open.count
    }
  }
#endif
