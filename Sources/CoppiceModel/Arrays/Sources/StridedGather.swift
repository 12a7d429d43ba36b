/// A gather of elements that lie apart in a file, with few reads in ascending order.
///
/// Where the elements are dense enough, a whole window of the file is read at once; within a
/// window, elements are copied one by one.
struct StridedGather {
  private struct Dimension {
    var extent: Int
    /// The stride in the file, in bytes.
    var source: Int
    /// The stride in the target, in bytes.
    var target: Int
  }

  /// The dimensions of extent above 1, those with the longest strides in the file first.
  private let dimensions: [Dimension]

  /// For each dimension, the bytes of the file that all elements of this and the following
  /// dimensions span, and the number of these elements.
  private let spans: [(bytes: Int, elements: Int)]

  private let width: Int
  private var buffer: [UInt8] = []

  /// The most bytes of the file that are held in memory at a time.
  private static let windowBytes = 1 << 20

  /// The number of bytes whose reading takes about as long as one more system call.
  private static let bytesPerCall = 2048

  init(extents: [Int], strides: [Int], width: Int) {
    var found: [Dimension] = []
    var distance = width
    for (extent, stride) in zip(extents, strides).reversed() {
      if extent > 1 { found.append(.init(extent: extent, source: stride, target: distance)) }
      distance *= extent
    }
    // A stable order: dimensions with equal strides keep their order in the target.
    let order = found.indices.sorted {
      (found[$1].source, $1) < (found[$0].source, $0)
    }
    self.dimensions = order.map { found[$0] }
    self.width = width
    var spans: [(bytes: Int, elements: Int)] = [(width, 1)]
    for dimension in dimensions.reversed() {
      let (bytes, elements) = spans[spans.count - 1]
      spans.append(
        (bytes + (dimension.extent - 1) * dimension.source, elements * dimension.extent))
    }
    self.spans = spans.reversed()
  }

  mutating func read(
    from file: any ByteSource, at start: Int, into target: inout MutableRawSpan
  ) throws(CoppiceError) {
    try read(0, file, start, &target, 0)
  }

  private mutating func read(
    _ level: Int, _ file: any ByteSource, _ start: Int, _ target: inout MutableRawSpan,
    _ place: Int
  ) throws(CoppiceError) {
    guard level < dimensions.count else {
      var element = target._mutatingExtracting(place..<(place + width))
      return try file.read(at: start, into: &element)
    }
    let dimension = dimensions[level]
    let count = fitting(level)
    guard count > 1 else {
      for index in 0..<dimension.extent {
        try read(
          level + 1, file, start + index * dimension.source, &target,
          place + index * dimension.target)
      }
      return
    }
    var index = 0
    while index < dimension.extent {
      let taken = min(count, dimension.extent - index)
      let byteCount = spans[level + 1].bytes + (taken - 1) * dimension.source
      if buffer.count < byteCount { buffer = [UInt8](repeating: 0, count: byteCount) }
      var span = buffer.mutableSpan
      var bytes = unsafe span.mutableBytes
      var window = bytes._mutatingExtracting(first: byteCount)
      try file.read(at: start + index * dimension.source, into: &window)
      copy(level, taken, byteCount, &target, place + index * dimension.target)
      index += taken
    }
  }

  /// Returns the number of steps along a dimension to read at once.
  private func fitting(_ level: Int) -> Int {
    let dimension = dimensions[level]
    let inner = spans[level + 1]
    guard inner.bytes <= Self.windowBytes, inner.bytes / Self.bytesPerCall <= inner.elements,
      dimension.source / Self.bytesPerCall <= inner.elements
    else { return 1 }
    guard dimension.source > 0 else { return dimension.extent }
    return min((Self.windowBytes - inner.bytes) / dimension.source + 1, dimension.extent)
  }

  /// Copies the elements of the window to their offsets in the target.
  private func copy(
    _ level: Int, _ count: Int, _ byteCount: Int, _ target: inout MutableRawSpan, _ place: Int
  ) {
    var block = Array(dimensions[level...])
    block[0].extent = count
    // Dimensions that are contiguous in both file and target are merged into one longer element.
    var unit = width
    while let last = block.last, last.source == unit, last.target == unit {
      unit *= last.extent
      block.removeLast()
    }
    let reach = block.reduce(place + unit) { $0 + ($1.extent - 1) * $1.target }
    precondition(reach <= target.byteCount, "the elements must fit")
    unsafe buffer.span.bytes.withUnsafeBytes { from in
      unsafe target.withUnsafeMutableBytes { to in
        guard let source = from.baseAddress, let target = to.baseAddress else { return }
        unsafe Self.copy(block[...], unit, source, target + place)
      }
    }
  }

  private static func copy(
    _ block: ArraySlice<Dimension>, _ unit: Int, _ source: UnsafeRawPointer,
    _ target: UnsafeMutableRawPointer
  ) {
    guard let dimension = block.first else {
      return unsafe target.copyMemory(from: source, byteCount: unit)
    }
    guard block.count == 1 else {
      for index in 0..<dimension.extent {
        unsafe copy(
          block.dropFirst(), unit, source + index * dimension.source,
          target + index * dimension.target)
      }
      return
    }
    switch unit {
    case 1: unsafe copy(UInt8.self, dimension, source, target)
    case 2: unsafe copy(UInt16.self, dimension, source, target)
    case 4: unsafe copy(UInt32.self, dimension, source, target)
    case 8: unsafe copy(UInt64.self, dimension, source, target)
    default:
      for index in 0..<dimension.extent {
        unsafe (target + index * dimension.target).copyMemory(
          from: source + index * dimension.source, byteCount: unit)
      }
    }
  }

  @inline(__always)
  private static func copy<Element: BitwiseCopyable>(
    _ type: Element.Type, _ dimension: Dimension, _ source: UnsafeRawPointer,
    _ target: UnsafeMutableRawPointer
  ) {
    var (from, to) = unsafe (source, target)
    for _ in 0..<dimension.extent {
      unsafe to.storeBytes(of: from.loadUnaligned(as: type), as: type)
      unsafe from += dimension.source
      unsafe to += dimension.target
    }
  }
}
