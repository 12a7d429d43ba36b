extension PreservationPolicy {
  /// Keeps the best steps by a metric; of equally good ones, the later.
  ///
  /// The policy deletes the latest step when it isn't among the best: combine it with `latest(1)`
  /// to keep that step.
  ///
  /// - Parameters:
  ///   - count: The number of steps to keep. Every step stays while there are no more than that; 0
  ///     keeps none.
  ///   - metric: The number by which steps are ranked.
  ///   - keepsWithoutMetrics: Whether steps without the metric stay in addition.
  public static func best(
    _ count: Int, by metric: StepMetric, keepsWithoutMetrics: Bool = true
  ) -> Self {
    Self("the \(count) best by \(metric)") { steps, _ in
      guard count > 0 else { return [] }
      guard steps.count > count else { return Set(steps.map(\.step)) }
      let (ranked, without) = metric.rank(steps, metrics: \.metrics)
      return Set(ranked.suffix(count).map(\.step.step))
        .union(keepsWithoutMetrics ? without.map(\.step) : [])
    }
  }

  /// Keeps the steps that Flax's `save_checkpoint` keeps.
  ///
  /// As in Flax, step 0 isn't among those kept at an interval.
  ///
  /// - Parameters:
  ///   - count: Flax's `keep`: the number of latest steps to keep. 0 or less keeps all.
  ///   - interval: Flax's `keep_every_n_steps`: of the older steps, the first one stays, and each
  ///     one at least the interval after the last one kept.
  public static func flax(keep count: Int = 1, everySteps interval: Int? = nil) -> Self {
    Self("the latest \(count), as Flax does") { steps, _ in
      let numbers = steps.map(\.step)
      guard count > 0, numbers.count > count else { return Set(numbers) }
      var kept = Set(numbers.suffix(count))
      guard let interval, interval > 0 else { return kept }
      var last: Int?
      for step in numbers.dropLast(count) where step != 0 {
        if let last, step - last < interval { continue }
        last = step
        kept.insert(step)
      }
      return kept
    }
  }
}
