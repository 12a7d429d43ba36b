import CoppiceModel

extension PreservationPolicy {
  /// Keeps every step.
  public static let all = Self("all") { steps, _ in Set(steps.map(\.step)) }

  /// Keeps the steps with the greatest numbers.
  public static func latest(_ count: Int) -> Self {
    Self("the latest \(count)") { steps, _ in Set(steps.suffix(max(count, 0)).map(\.step)) }
  }

  /// Keeps the steps saved within a time before now, and all steps with greater numbers.
  public static func latest(within duration: Duration) -> Self {
    Self("those of the last \(duration)") { steps, now in
      let first = steps.firstIndex { info in
        // A step of unknown age may be young, so it counts as young.
        info.time.map { now - $0 <= duration } ?? true
      }
      return Set(steps[(first ?? steps.endIndex)...].map(\.step))
    }
  }

  /// Keeps the first step, and each step saved at least an interval after the last one kept.
  public static func every(_ interval: Duration) -> Self {
    Self("one each \(interval)") { steps, _ in
      var kept: Set<Int> = []
      var last: Timestamp?
      for info in steps {
        guard let time = info.time else {
          kept.insert(info.step)
          continue
        }
        if let last, time - last < interval { continue }
        last = time
        kept.insert(info.step)
      }
      return kept
    }
  }

  /// Keeps steps at an interval.
  ///
  /// - Parameters:
  ///   - interval: Less than 1 counts as 1.
  ///   - isExact: Whether only multiples of the interval count; otherwise the first step stays, and
  ///     each one at least the interval after the last one kept.
  ///   - count: The greatest number of steps to keep of these; the newest stay.
  public static func every(
    steps interval: Int, exactly isExact: Bool = true, atMost count: Int? = nil
  ) -> Self {
    let interval = max(interval, 1)
    return Self("every \(interval) steps") { steps, _ in
      var kept: [Int] = []
      for step in steps.map(\.step) {
        let stays = isExact ? step % interval == 0 : kept.last.map { step - $0 >= interval } ?? true
        if stays { kept.append(step) }
      }
      return newest(kept, count)
    }
  }

  /// Keeps the step nearest to each multiple of an interval, and the last step.
  ///
  /// A step half-way between two multiples belongs to the even one; of two equally near steps the
  /// later one stays.
  ///
  /// - Parameters:
  ///   - interval: Less than 1 counts as 1.
  ///   - count: The greatest number of steps to keep of these; the newest stay.
  public static func closest(toEvery interval: Int, atMost count: Int? = nil) -> Self {
    let interval = max(interval, 1)
    return Self("the ones nearest to every \(interval) steps") { steps, _ in
      var nearest: [Int: (distance: Int, step: Int)] = [:]
      for step in steps.map(\.step) {
        let (below, beyond) = step.quotientAndRemainder(dividingBy: interval)
        let isUpper = beyond > interval - beyond || (beyond == interval - beyond && below % 2 != 0)
        let distance = isUpper ? interval - beyond : beyond
        let multiple = isUpper ? below + 1 : below
        if let found = nearest[multiple], found.distance < distance { continue }
        nearest[multiple] = (distance, step)
      }
      var kept = Set(nearest.values.map(\.step))
      if let last = steps.last { kept.insert(last.step) }
      return newest(kept.sorted(), count)
    }
  }

  /// Keeps the steps with the given numbers.
  public static func specificSteps(_ kept: some Sequence<Int>) -> Self {
    let kept = Set(kept)
    return Self("\(kept.count) given steps") { steps, _ in
      kept.intersection(steps.lazy.map(\.step))
    }
  }

  /// Keeps the steps that at least one of several policies keeps.
  ///
  /// `any([.best(1, by: .minimum("loss")), .latest(1)])` keeps the best step and the latest.
  public static func any(_ policies: [Self]) -> Self {
    Self(policies.map { "(\($0.description))" }.joined(separator: " or ")) { steps, now in
      policies.reduce(into: []) { $0.formUnion($1.preserved(among: steps, now: now)) }
    }
  }

  /// Keeps the steps that all of several policies keep.
  public static func all(_ policies: [Self]) -> Self {
    Self(policies.map { "(\($0.description))" }.joined(separator: " and ")) { steps, now in
      policies.reduce(into: Set(steps.map(\.step))) {
        $0.formIntersection($1.preserved(among: steps, now: now))
      }
    }
  }

  private static func newest(_ steps: [Int], _ count: Int?) -> Set<Int> {
    Set(steps.suffix(count.map { max($0, 0) } ?? steps.count))
  }
}
