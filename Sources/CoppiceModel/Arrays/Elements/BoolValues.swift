/// A writer's treatment of bools whose byte is neither 0 nor 1.
public enum BoolValues: Hashable, Sendable {
  /// Refuses it with `arrays.bad-element`, which names the leaf and the element.
  case refuse
  /// Takes it as true, as NumPy does.
  case normalize
}
