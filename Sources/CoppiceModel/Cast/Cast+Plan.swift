extension Cast {
  /// The implementation of a cast; all implementations produce the bits of `ElementCast`.
  enum Plan {
    /// A copy: source and target have the same dtype.
    case copy
    /// A vectorised loop in C.
    case vectors(VectorCast)
    /// A source of at most 16 bits: a table of all its elements, if the piece is large enough.
    case shortSource
    /// The same for float32, with a table of all bfloat16 elements.
    case float32ByTable(ElementCast)
    case table(CastTable)
    case float32Table(CastTable)
    /// A loop over floating-point numbers of 32 or 64 bits.
    case floats(FloatCast)
    /// A loop over integers of 32 or 64 bits.
    case integers(IntegerCast)
    /// A conversion element by element.
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

    /// Returns the plan for a piece of `count` elements, with its table if one is worth making.
    func prepared(forCount count: Int, _ elements: ElementCast) -> Plan {
      switch self {
      case .shortSource: CastTable.shared(for: elements, count: count).map(Plan.table) ?? .elements
      case .float32ByTable(let table):
        CastTable.shared(for: table, count: count).map(Plan.float32Table) ?? .elements
      default: self
      }
    }

    /// Converts a block of elements; returns whether it must be converted again element by element.
    ///
    /// That is so when an element fails, or when this plan can't tell.
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
