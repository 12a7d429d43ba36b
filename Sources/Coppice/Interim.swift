import CoppiceModel

// What typed state will replace.

struct TreeEncoder {
  func encode(_ value: some Encodable) throws(CoppiceError) -> Tree<NDArray> {
    throw CoppiceError(.usageChoice, "typed state can't be saved yet")
  }
}

struct TreeDecoder {
  func decode<State: Decodable>(
    _ type: State.Type, from tree: Tree<NDArray>
  ) throws(CoppiceError) -> State {
    throw CoppiceError(.usageChoice, "typed state can't be loaded yet")
  }
}
