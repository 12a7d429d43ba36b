import Synchronization

/// A cache of recently used values, up to a bound.
///
/// It keeps two generations: the values used since the last turn, and those used before it. When
/// the young generation is full it becomes the old one, and the old one is dropped. No single step
/// takes long.
package final class RecentCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct State {
    var young: [Key: (value: Value, cost: Int)] = [:]
    var old: [Key: (value: Value, cost: Int)] = [:]
    var youngCost = 0
  }

  private let state = Mutex(State())
  private let mostCost: Int

  /// Makes a cache whose values together cost at most `mostCost`, unless a single one costs more.
  package init(mostCost: Int) { self.mostCost = mostCost }

  package func value(_ key: Key) -> Value? {
    state.withLock { state in
      if let found = state.young[key] { return found.value }
      guard let found = state.old[key] else { return nil }
      add(found.value, key, found.cost, &state)
      return found.value
    }
  }

  package func insert(_ value: Value, for key: Key, cost: Int) {
    state.withLock { add(value, key, cost, &$0) }
  }

  private func add(_ value: Value, _ key: Key, _ cost: Int, _ state: inout State) {
    if state.youngCost + cost > mostCost / 2, !state.young.isEmpty {
      state.old = state.young
      state.young = [:]
      state.youngCost = 0
    }
    if state.young.updateValue((value, cost), forKey: key) == nil { state.youngCost += cost }
  }
}
