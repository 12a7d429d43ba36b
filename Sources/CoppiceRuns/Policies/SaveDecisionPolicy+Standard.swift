import CoppiceModel

extension SaveDecisionPolicy {
  /// Saves every step: what a `Checkpointer` does unless told otherwise.
  public static let always = Self("always") { _ in true }

  /// Saves each step whose number is a multiple of an interval, 0 included.
  ///
  /// - Parameter interval: Less than 1 counts as 1.
  public static func fixedInterval(_ interval: Int) -> Self {
    Self("every \(interval) steps") { $0.step % max(interval, 1) == 0 }
  }

  /// Saves the steps of these numbers.
  public static func specificSteps(_ steps: some Sequence<Int>) -> Self {
    let steps = Set(steps)
    return Self("\(steps.count) given steps") { steps.contains($0.step) }
  }

  /// Saves as often as possible, but never while a save is going on.
  ///
  /// - Parameter minimumInterval: The least time from the save before to this one.
  public static func continuous(minimumInterval: Duration = .zero) -> Self {
    Self("continuously, at least \(minimumInterval) apart") { decision in
      guard !decision.isSaving else { return false }
      guard let last = decision.previous.last?.time else { return true }
      return decision.time - last >= minimumInterval
    }
  }

  /// Saves when there is nothing yet.
  public static let initial = Self("when there is no step yet") { $0.previous.isEmpty }

  /// Saves when the program was told that it will be stopped.
  public static let preemption = Self("before the program is stopped") { $0.reachedPreemption }

  /// Saves when one of several policies says so; never, when there is none.
  public static func any(_ policies: [Self]) -> Self {
    Self(list(policies, " or ")) { decision in policies.contains { $0.shouldSave(decision) } }
  }

  /// Saves when all of several policies say so.
  public static func all(_ policies: [Self]) -> Self {
    Self(list(policies, " and ")) { decision in policies.allSatisfy { $0.shouldSave(decision) } }
  }

  private static func list(_ policies: [Self], _ word: String) -> String {
    policies.map { "(\($0.description))" }.joined(separator: word)
  }
}
