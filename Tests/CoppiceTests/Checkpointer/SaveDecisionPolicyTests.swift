import Coppice
import CoppiceModel
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which steps are saved: the policies of Orbax, as its pages describe them.
struct SaveDecisionPolicyTests {
  private func saved(
    _ policy: SaveDecisionPolicy, of steps: Range<Int> = 0..<7, previous: [CheckpointInfo] = []
  ) -> [Int] {
    steps.filter { policy.shouldSave(SaveDecision(step: $0, previous: previous)) }
  }

  @Test func intervalsCountFromZero() {
    #expect(saved(.fixedInterval(3)) == [0, 3, 6])
    #expect(saved(.fixedInterval(0)) == [0, 1, 2, 3, 4, 5, 6])
  }

  @Test func givenSteps() { #expect(saved(.specificSteps([5, 2, 99])) == [2, 5]) }

  @Test func initialMeansThatThereIsNothing() {
    #expect(saved(.initial) == [0, 1, 2, 3, 4, 5, 6])
    #expect(saved(.initial, previous: [CheckpointInfo(step: 0)]).isEmpty)
  }

  @Test func continuousWaitsForSavesAndTime() {
    let start = Timestamp(nanoseconds: 0)
    let previous = [CheckpointInfo(step: 1, commitTime: start + .seconds(10))]
    let ask = {
      (time: Int, previous: [CheckpointInfo], isSaving: Bool, policy: SaveDecisionPolicy) in
      policy.shouldSave(
        SaveDecision(
          step: 2, time: start + .seconds(time), previous: previous, isSaving: isSaving))
    }
    #expect(ask(10, previous, false, .continuous()))
    #expect(!ask(10, previous, true, .continuous()))
    let policy = SaveDecisionPolicy.continuous(minimumInterval: .seconds(60))
    #expect(!ask(69, previous, false, policy))
    #expect(ask(70, previous, false, policy))
    #expect(!ask(70, previous, true, policy))
    #expect(ask(0, [], false, policy))
  }

  @Test func policiesArePutTogether() {
    #expect(saved(.any([.fixedInterval(5), .specificSteps([2])])) == [0, 2, 5])
    #expect(saved(.all([.fixedInterval(2), .fixedInterval(3)])) == [0, 6])
    #expect(saved(.any([])).isEmpty)
    #expect(saved(.any([SaveDecisionPolicy { $0.step == 4 }, .preemption])) == [4])
  }

  @Test func preemptionIsToldByASignal() async throws {
    let notice = PreemptionNotice(onSignal: SIGUSR2)
    let other = PreemptionNotice()
    #expect(!notice.isGiven)
    // Threads of the pool take no signals; the system chooses one that does.
    kill(getpid(), SIGUSR2)
    for _ in 0..<500 where !notice.isGiven { try await Task.sleep(for: .milliseconds(10)) }
    #expect(notice.isGiven)
    #expect(!other.isGiven)
    other.give()
    #expect(other.isGiven)
    #expect(SaveDecisionPolicy.preemption.shouldSave(.init(step: 3, reachedPreemption: true)))
    #expect(!SaveDecisionPolicy.preemption.shouldSave(.init(step: 3)))
  }

  @Test func descriptionsAreWords() {
    #expect(
      SaveDecisionPolicy.any([.fixedInterval(10), .preemption]).description
        == "(every 10 steps) or (before the program is stopped)")
  }
}
