import Coppice

/// The arrays to save and load, all bytes of which lie in one data file in memory.
struct Workload {
  struct Leaf {
    var path: [String]
    var shape: [Int]
    var dtype: DType
    var offset: Int

    var byteCount: Int { shape.reduce(dtype.width, *) }
  }

  var name: String
  var leaves: [Leaf] = []
  /// The bytes of the data file: each leaf begins at a multiple of 64.
  var fileBytes = 0
  /// The leaf that is loaded alone, and its rows to load.
  var part = (leaf: 0, rows: Int?.none)
  /// The numbers of shards along each dimension, for arrays that are stored in shards.
  var grid: [Int]?
  var zstdLevel: Int?
  /// The number of steps of a run to list; `nil` for one checkpoint.
  var stepCount: Int?

  private mutating func add(_ path: [String], _ shape: [Int], _ dtype: DType = .float32) {
    let leaf = Leaf(path: path, shape: shape, dtype: dtype, offset: fileBytes)
    leaves.append(leaf)
    fileBytes += (leaf.byteCount + 63) & ~63
  }

  /// Makes a workload by its name: W1 to W5, or one that grows, such as `leaves=2000`.
  init?(_ name: String) {
    self.name = name
    let parts = name.split(separator: "=").map(String.init)
    if parts.count == 2, let size = Int(parts[1]), size > 0 {
      guard grow(parts[0], size) else { return nil }
      return
    }
    switch name {
    case "tiny": for index in 0..<4 { add(["a", "b", "w\(index)"], [16, 16]) }
    case "W1":
      for index in 0..<8 { add(["params", "block_\(index / 2)", "w\(index % 2)"], [4096, 8192]) }
      part.leaf = 2
    case "W2":
      for index in 0..<20_000 { addSmall(index, width: 2) }
      part.leaf = 7 * 1000 + 11 * 20 + 3
    case "W3":
      addTransformer()
    case "W4":
      for index in 0..<4 { add(["params", "w\(index)"], [4096, 8192]) }
      part.leaf = 2
      zstdLevel = 1
    case "W5":
      add(["x"], [16384, 8192])
      part.rows = 2048
      grid = [4, 2]
    default: return nil
    }
  }

  /// Makes one of the workloads whose cost is measured at ten times the size.
  private mutating func grow(_ kind: String, _ size: Int) -> Bool {
    switch kind {
    case "leaves": for index in 0..<size { addSmall(index, width: 4) }
    case "bytes":
      for index in 0..<8 { add(["w\(index)"], [max(size / 32, 1)]) }
    case "leaf": add(["w"], [max(size / 4, 1)])
    case "shards":
      add(["x"], [4096, 4096])
      part.rows = 512
      grid = [size, 1]
    case "steps":
      add(["w"], [256])
      stepCount = size
    case "depth":
      for index in 0..<100 {
        add((0..<size).map { "d\($0)" } + ["w\(index)"], [1024])
      }
    default: return false
    }
    return true
  }

  private mutating func addSmall(_ index: Int, width: Int) {
    let pad = { (number: Int) in
      let text = String(number)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    let path = [
      "layer_" + pad(index / 1000), "expert_" + pad(index / 20 % 50), "p_" + pad(index % 20),
    ]
    add(path, [16, 16])
  }

  /// A transformer of 24 layers: parameters of 16 bits, Adam's moments of 32.
  private mutating func addTransformer() {
    let width = 768
    var list: [([String], [Int])] = [
      (["wte"], [50257, width]), (["wpe"], [1024, width]), (["ln_f", "scale"], [width]),
      (["ln_f", "bias"], [width]),
    ]
    for index in 0..<24 {
      let layer = index < 10 ? "h_0\(index)" : "h_\(index)"
      list += [
        ([layer, "ln_1", "scale"], [width]), ([layer, "ln_1", "bias"], [width]),
        ([layer, "attn", "c_attn", "kernel"], [width, 3 * width]),
        ([layer, "attn", "c_attn", "bias"], [3 * width]),
        ([layer, "attn", "c_proj", "kernel"], [width, width]),
        ([layer, "attn", "c_proj", "bias"], [width]),
        ([layer, "ln_2", "scale"], [width]), ([layer, "ln_2", "bias"], [width]),
        ([layer, "mlp", "c_fc", "kernel"], [width, 4 * width]),
        ([layer, "mlp", "c_fc", "bias"], [4 * width]),
        ([layer, "mlp", "c_proj", "kernel"], [4 * width, width]),
        ([layer, "mlp", "c_proj", "bias"], [width]),
      ]
    }
    for (path, shape) in list { add(["params"] + path, shape, .bfloat16) }
    for moment in ["mu", "nu"] {
      for (path, shape) in list { add(["opt_state", moment] + path, shape) }
    }
    part.leaf = leaves.firstIndex { $0.path == ["params", "h_11", "mlp", "c_fc", "kernel"] } ?? 0
  }
}

extension Workload {
  /// The bytes of all arrays.
  var byteCount: Int { leaves.reduce(0) { $0 + $1.byteCount } }

  /// The bytes of the rows that are loaded alone.
  var partBytes: Int {
    let leaf = leaves[part.leaf]
    return part.rows.map { leaf.byteCount / leaf.shape[0] * $0 } ?? leaf.byteCount
  }

  /// Returns the boxes in which an array is stored.
  var boxes: [ArrayBox]? {
    guard let grid, let whole = leaves.first?.shape else { return nil }
    var boxes: [ArrayBox] = []
    let shape = zip(whole, grid).map { $0 / $1 }
    for row in 0..<grid[0] {
      for column in 0..<grid[1] {
        guard let extents = Shape(shape),
          let box = ArrayBox(offset: [row * shape[0], column * shape[1]], shape: extents)
        else { return nil }
        boxes.append(box)
      }
    }
    return boxes
  }

  /// The tree of the arrays.
  func tree<Value>(_ value: (Leaf, Int) throws -> Value) rethrows -> Tree<Value> {
    try Self.nest(Array(leaves.enumerated()), depth: 0, value)
  }

  private static func nest<Value>(
    _ leaves: [(offset: Int, element: Leaf)], depth: Int, _ value: (Leaf, Int) throws -> Value
  ) rethrows -> Tree<Value> {
    var entries: [Tree<Value>.Entry] = []
    var start = 0
    while start < leaves.count {
      let key = leaves[start].element.path[depth]
      var end = start
      while end < leaves.count, leaves[end].element.path[depth] == key { end += 1 }
      let first = leaves[start]
      let node: Tree<Value> =
        first.element.path.count == depth + 1
        ? .leaf(try value(first.element, first.offset))
        : try nest(Array(leaves[start..<end]), depth: depth + 1, value)
      entries.append(.init(.string(key), node))
      start = end
    }
    return .dict(entries)
  }
}
