internal import CCoppiceSimdjson
package import CoppiceModel

// Whole arrays of scalars. These have no descendants but their elements, so an array with as many
// entries as elements is read straight along the tape; any other has an element of the wrong kind.

extension JSONNode {
  /// An array of integers, each as `int()` reads it.
  package func integerColumn() throws(CoppiceError) -> [Int] {
    try column { (node) throws(CoppiceError) in
      try node.int()
    } reading: { tape, entry in
      tape.integer(entry)
    }
  }

  /// An array of integers, each as `nonNegativeInt()` reads it.
  package func nonNegativeIntegerColumn() throws(CoppiceError) -> [Int] {
    try column { (node) throws(CoppiceError) in
      try node.nonNegativeInt()
    } reading: {
      tape, entry in
      tape.integer(entry).flatMap { $0 >= 0 ? $0 : nil }
    }
  }

  /// An array of strings.
  package func stringColumn() throws(CoppiceError) -> [String] {
    try column { (node) throws(CoppiceError) in
      try node.string()
    } reading: { tape, entry in
      entry.isKind(csimdjson_kind_string) ? tape.text(of: entry) : nil
    }
  }

  /// An array of strings of sixteen lower-case hexadecimal digits.
  package func hex64Column() throws(CoppiceError) -> [UInt64] {
    try column { (node) throws(CoppiceError) in
      try node.hex64()
    } reading: { tape, entry in
      tape.hex64(entry)
    }
  }

  /// Reads all elements; the careful way of reading makes the error where the fast one has no value.
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
