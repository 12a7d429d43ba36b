internal import CCoppiceSimdjson
package import CoppiceModel

// Arrays of scalars. Scalars have no descendants, so an array with as many entries as elements is
// read straight along the tape. In any other array some element has the wrong kind.

extension JSONNode {
  /// Reads an array of integers, each as `int()` does.
  package func integerColumn() throws(CoppiceError) -> [Int] {
    try column { (node) throws(CoppiceError) in
      try node.int()
    } reading: { tape, entry in
      tape.integer(entry)
    }
  }

  /// Reads an array of integers, each as `nonNegativeInt()` does.
  package func nonNegativeIntegerColumn() throws(CoppiceError) -> [Int] {
    try column { (node) throws(CoppiceError) in
      try node.nonNegativeInt()
    } reading: {
      tape, entry in
      tape.integer(entry).flatMap { $0 >= 0 ? $0 : nil }
    }
  }

  /// Reads an array of strings.
  package func stringColumn() throws(CoppiceError) -> [String] {
    try column { (node) throws(CoppiceError) in
      try node.string()
    } reading: { tape, entry in
      entry.isKind(csimdjson_kind_string) ? tape.text(of: entry) : nil
    }
  }

  /// Reads an array of strings of sixteen lower-case hexadecimal digits.
  package func hex64Column() throws(CoppiceError) -> [UInt64] {
    try column { (node) throws(CoppiceError) in
      try node.hex64()
    } reading: { tape, entry in
      tape.hex64(entry)
    }
  }

  /// Reads all elements with a fast function; where it fails, a careful one throws the error.
  @inline(__always)
  private func column<Element>(
    failing: (JSONNode) throws(CoppiceError) -> Element,
    reading: (JSONTape, csimdjson_entry) -> Element?
  ) throws(CoppiceError) -> [Element] {
    let count = try array().count
    var column: [Element] = []
    column.reserveCapacity(count)
    var place = index + 1
    for _ in 0..<count {
      let entry = tape.entry(place)
      if let element = reading(tape, entry) {
        column.append(element)
      } else {
        column.append(try failing(JSONNode(tape: tape, index: place)))
      }
      place += 1
    }
    return column
  }
}
