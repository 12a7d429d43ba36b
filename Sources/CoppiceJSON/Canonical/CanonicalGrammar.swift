#if DEBUG
  /// A check of the order of writes, which finds mistakes of callers; in debug builds only.
  struct CanonicalGrammar: Sendable {
    private enum Container {
      case array
      case object(lastName: [UInt8]?, isValueDue: Bool)
    }

    private var open: [Container] = []
    private var isComplete = false

    mutating func value() {
      guard let container = open.last else {
        assert(!isComplete, "a document has one value")
        isComplete = true
        return
      }
      guard case .object(let name, let isValueDue) = container else { return }
      assert(isValueDue, "a value in an object needs a name")
      open[open.count - 1] = .object(lastName: name, isValueDue: false)
    }

    mutating func open(isObject: Bool) {
      value()
      open.append(isObject ? .object(lastName: nil, isValueDue: false) : .array)
    }

    mutating func close(isObject: Bool) {
      guard let container = open.popLast() else {
        assertionFailure("nothing is open")
        return
      }
      switch container {
      case .array: assert(!isObject, "an array is open, not an object")
      case .object(_, let isValueDue):
        assert(isObject && !isValueDue, "an array is closed, or a name has no value")
      }
    }

    mutating func name(_ name: Span<UInt8>) {
      guard case .object(let lastName, let isValueDue)? = open.last else {
        assertionFailure("a name stands in an object only")
        return
      }
      assert(!isValueDue, "a name has no value")
      assert(
        lastName.map { $0.span.precedes(name) } ?? true,
        "names must come in the order of their bytes")
      var bytes: [UInt8] = []
      bytes.append(name)
      open[open.count - 1] = .object(lastName: bytes, isValueDue: true)
    }

    func finish() {
      assert(open.isEmpty && isComplete, "the document is not complete")
    }
  }
#endif
