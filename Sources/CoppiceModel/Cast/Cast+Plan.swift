extension Cast {
  /// The way that a cast takes; all give the bits of `ElementCast`.
  enum Plan {
    /// Source and target are the same type.
    case copy
    /// A loop in C over vectors.
    case vectors(VectorCast)
    /// A table of all elements of a source of at most 16 bits, where a piece is worth it.
    case shortSource
    /// The same for float32, by a table of all elements of bfloat16.
    case float32ByTable(ElementCast)
    case table(CastTable)
    case float32Table(CastTable)
    /// A loop over floating-point numbers of 32 or 64 bits.
    case floats(FloatCast)
    /// A loop over integers of 32 or 64 bits.
    case integers(IntegerCast)
    /// One element after the other.
    case elements

    init(_ elements: ElementCast, loops: VectorLoops) {
      let (source, target) = (elements.source, elements.target)
      if source == target {
        self = .copy
      } else if let vectors = VectorCast(from: source, to: target, mode: elements.mode, loops) {
        self = .vectors(vectors)
      } else if source.width <= 2 {
        self = .shortSource
      } else if source == .float32, target.kind == .float, target.width == 1 {
        self = .float32ByTable(ElementCast(from: .bfloat16, to: target, mode: elements.mode))
      } else if let floats = FloatCast(elements) {
        self = .floats(floats)
      } else if let integers = IntegerCast(from: source, to: target, mode: elements.mode) {
        self = .integers(integers)
      } else {
        self = .elements
      }
    }

    /// The way for a piece of so many elements: with the table, if there is to be one.
    func prepared(forCount count: Int, _ elements: ElementCast) -> Plan {
      switch self {
      case .shortSource: CastTable.shared(for: elements, count: count).map(Plan.table) ?? .elements
      case .float32ByTable(let table):
        CastTable.shared(for: table, count: count).map(Plan.float32Table) ?? .elements
      default: self
      }
    }

    /// Converts a block, and tells whether it has to be done again element by element: because
    /// one of them fails, or because this way can't decide.
    func convert(
      _ block: RawSpan, to output: inout MutableRawSpan, _ elements: ElementCast
    ) -> Bool {
      switch self {
      case .copy:
        output.copy(from: block, at: 0)
        return block.hasBits(elements.source.unusedBits)
      case .vectors(let vectors): return vectors.convert(block, to: &output)
      case .table(let table): return table.convert(block, to: &output)
      case .float32Table(let table): return table.convertFloat32(block, to: &output)
      case .floats(let floats): return floats.convert(block, to: &output)
      case .integers(let integers): return integers.convert(block, to: &output)
      case .elements, .shortSource, .float32ByTable: return true
      }
    }
  }
}
