extension StepMetric {
  /// Returns the metric's value for a step; `nil` if the step doesn't have it.
  public func value(of info: CheckpointInfo) -> Double? { info.metrics.flatMap(value(in:)) }

  /// Returns the best of several steps; of equally good ones, the last.
  ///
  /// NaN is never the best.
  public func best(of steps: [CheckpointInfo]) -> CheckpointInfo? {
    rank(steps, metrics: \.metrics).ranked.last { !$0.value.isNaN }?.step
  }
}
