import CoppiceModel
import Dispatch
import Synchronization
import Testing

@Suite struct ParallelWorkTests {
  /// Jobs that wait for each other only finish if each has a thread of its own.
  @Test func moreJobsThanProcessorsRunAtOnce() throws {
    let width = ParallelWork.processorCount + 2
    let arrived = DispatchGroup()
    for _ in 0..<width { arrived.enter() }
    let met = Atomic<Int>(0)
    try ParallelWork.run(count: width, width: width) { (_) throws(CoppiceError) in
      arrived.leave()
      if arrived.wait(timeout: .now() + 30) == .success { met.add(1, ordering: .relaxed) }
    }
    #expect(met.load(ordering: .relaxed) == width)
  }

  @Test(arguments: [1, ParallelWork.processorCount, ParallelWork.processorCount + 2])
  func eachJobRunsOnce(width: Int) throws {
    let seen = Mutex(Set<Int>())
    try ParallelWork.run(count: 100, width: width) { (index) throws(CoppiceError) in
      let isNew = seen.withLock { $0.insert(index).inserted }
      #expect(isNew)
    }
    #expect(seen.withLock { $0 } == Set(0..<100))
  }

  @Test(arguments: [1, ParallelWork.processorCount, ParallelWork.processorCount + 2])
  func theFirstFailureIsThrownAndNothingMoreBegins(width: Int) {
    let begun = Atomic<Int>(0)
    let failure = CoppiceError(.modelByteCount, "no")
    #expect(throws: failure) {
      try ParallelWork.run(count: 10_000, width: width) { (_) throws(CoppiceError) in
        begun.add(1, ordering: .relaxed)
        throw failure
      }
    }
    #expect(begun.load(ordering: .relaxed) <= width)
  }
}
