import CoppiceModel

extension SaveDecisionPolicy {
  /// Saves every step; the default of a `Checkpointer`.
  public static let always = Self("always") { _ in true }

  /// Saves each step whose number is a multiple of an interval, 0 included.
  ///
  /// - Parameter interval: Less than 1 counts as 1.
  public static func fixedInterval(_ interval: Int) -> Self {
    Self("every \(interval) steps") { $0.step % max(interval, 1) == 0 }
  }

  /// Saves the steps with the given numbers.
  public static func specificSteps(_ steps: some Sequence<Int>) -> Self {
    let steps = Set(steps)
    return Self("\(steps.count) given steps") { steps.contains($0.step) }
  }

  /// Saves whenever no other save is going on.
  ///
  /// - Parameter minimumInterval: The least time between two saves.
  public static func continuous(minimumInterval: Duration = .zero) -> Self {
    Self("continuously, at least \(minimumInterval) apart") { decision in
      guard !decision.isSaving else { return false }
      guard let last = decision.previous.last?.time else { return true }
      return decision.time - last >= minimumInterval
    }
  }

  /// Saves when the run has no step yet.
  public static let initial = Self("when there is no step yet") { $0.previous.isEmpty }

  /// Saves once the notice in `CheckpointerOptions.preemption` was given.
  public static let preemption = Self("before the program is stopped") { $0.reachedPreemption }

  /// Saves when at least one of several policies says so; an empty list never saves.
  public static func any(_ policies: [Self]) -> Self {
    Self(list(policies, " or ")) { decision in policies.contains { $0.shouldSave(decision) } }
  }

  /// Saves when all of several policies say so; an empty list always saves.
  public static func all(_ policies: [Self]) -> Self {
    Self(list(policies, " and ")) { decision in policies.allSatisfy { $0.shouldSave(decision) } }
  }

  private static func list(_ policies: [Self], _ word: String) -> String {
    policies.map { "(\($0.description))" }.joined(separator: word)
  }
}
