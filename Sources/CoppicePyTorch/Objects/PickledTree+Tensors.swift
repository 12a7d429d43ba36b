import CoppiceModel

/// Tensors that aren't plain views of a storage, by their parts.
extension PickledTree {
  /// Returns the dictionary of a generator of random numbers.
  mutating func generator(
    _ object: PickleObject, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf>? {
    guard let state = object.state, let parts = sequence(state), parts.count == 3 else {
      return nil
    }
    warn("a generator of random numbers is read as a dictionary of its state", path)
    let names = ["device", "seed", "offset", "state"]
    return try named(names, [object.arguments.first ?? .none] + parts, at: path)
  }

  /// Returns the dictionary of a sparse tensor's parts, named as in torch.
  mutating func sparse(
    _ object: PickleObject, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf>? {
    guard object.arguments.count == 2, let layout = layout(object.arguments[0]),
      let parts = sequence(object.arguments[1])
    else { return nil }
    var names: [String]
    switch layout {
    case "torch.sparse_coo":
      names = ["indices", "values", "size"] + (parts.count == 4 ? ["is_coalesced"] : [])
    case "torch.sparse_csr", "torch.sparse_bsr":
      names = ["crow_indices", "col_indices", "values", "size"]
    case "torch.sparse_csc", "torch.sparse_bsc":
      names = ["ccol_indices", "row_indices", "values", "size"]
    default: return nil
    }
    guard names.count == parts.count else { return nil }
    warn("a sparse tensor of the layout \(layout) is read as a dictionary of its parts", path)
    return try named(names, parts, at: path)
  }

  private func layout(_ value: PickleValue) -> String? {
    guard case .object(let place) = value,
      case .layout? = KnownObject(pickle.names[pickle.objects[place].type]),
      case .string(let name)? = pickle.objects[place].arguments.first
    else { return nil }
    return name
  }

  /// Returns the float32 numbers that a quantised tensor stands for.
  ///
  /// The arguments are those of a plain tensor, then a scheme with its scale and zero point, or
  /// with those of each index along an axis.
  mutating func quantised(
    _ object: PickleObject, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf>? {
    let arguments = object.arguments
    guard arguments.count >= 5, case .storage(let storage) = arguments[0],
      let dtype = pickle.storages[storage].dtype, let offset = arguments[1].count,
      let extents = integers(arguments[2]), let strides = integers(arguments[3]),
      let scheme = sequence(arguments[4]), case .name(let name)? = scheme.first,
      extents.count <= pickle.limits.rank
    else { return nil }
    let tensor = PickleTensor(
      storage: storage, dtype: dtype, offset: offset, extents: extents, strides: strides)
    do throws(CoppiceError) {
      guard let (parameters, axis) = try parameters(pickle.names[name], scheme) else {
        let text =
          "a quantised tensor of the scheme \(pickle.names[name]), or with zero points that aren't integers,"
        let remedy = "call dequantize() on it before saving"
        return faulty(.init(kind: .tensor, text: text, remedy: remedy), at: path)
      }
      let base = try sources.resolvedSource(of: tensor, in: pickle)
      guard let source = QuantizedTensorSource(base, parameters, axis: axis) else { return nil }
      warn("a quantised tensor is read as the float32 numbers that it stands for", path)
      return .leaf(ArrayLeaf(source))
    } catch {
      return try faulty(error, at: path)
    }
  }

  private mutating func parameters(
    _ scheme: String, _ parts: [PickleValue]
  ) throws(CoppiceError) -> ([QuantizedTensorSource.Parameters], axis: Int?)? {
    switch (scheme, parts.count) {
    case ("torch.per_tensor_affine", 3), ("torch.per_tensor_symmetric", 3):
      guard let scale = parts[1].number, case .integer(let zero) = parts[2] else { return nil }
      return ([.init(scale: scale, zero: Int64(zero))], nil)
    case ("torch.per_channel_affine", 4), ("torch.per_channel_symmetric", 4):
      guard let axis = parts[3].count,
        let scales = try words(parts[1], .float64), let zeros = try words(parts[2], .int64),
        scales.count == zeros.count
      else { return nil }
      return (
        zip(scales, zeros).map {
          .init(scale: Double(bitPattern: $0), zero: Int64(bitPattern: $1))
        }, axis
      )
    default: return nil
    }
  }

  /// Returns the tensors in a nested tensor: one buffer, and for each tensor a row of extents, a row of
  /// strides, and an offset.
  mutating func nested(
    _ object: PickleObject, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf>? {
    guard object.arguments.count == 4, let buffer = tensor(object.arguments[0]) else { return nil }
    do throws(CoppiceError) {
      guard let extents = try rows(object.arguments[1]),
        let strides = try rows(object.arguments[2]),
        let offsets = try numbers(object.arguments[3]),
        extents.count == strides.count, extents.count == offsets.count
      else { return nil }
      warn("a nested tensor is read as a list of the tensors in it", path)
      var nodes: [Tree<ArrayLeaf>] = []
      for (index, offset) in offsets.enumerated() {
        let path = path.appending(.index(index))
        try count(at: path)
        let (start, overflow) = buffer.offset.addingReportingOverflow(offset)
        var part = buffer
        (part.offset, part.extents, part.strides) =
          (overflow ? .max : start, extents[index], strides[index])
        nodes.append(try node(tensor: part, at: path))
      }
      return .list(nodes)
    } catch {
      return try faulty(error, at: path)
    }
  }

  /// Returns the tensors in a jagged nested tensor: parts of one tensor along its first dimension, each
  /// from one offset to the next.
  mutating func jagged(
    _ object: PickleObject, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf>? {
    guard let parts = object.arguments.first.flatMap(pickle.entries), object.arguments.count == 1
    else { return nil }
    func part(_ name: String) -> PickleValue? {
      parts.last { if case .string(name) = $0.key { true } else { false } }?.value
    }
    guard let values = part("values").flatMap(tensor), let first = values.extents.first,
      case .none? = part("lengths"), case .integer(1)? = part("_ragged_idx")
    else { return nil }
    do throws(CoppiceError) {
      guard let offsets = try numbers(part("offsets") ?? .none), offsets.last == first else {
        return nil
      }
      warn("a nested tensor is read as a list of the tensors in it", path)
      var nodes: [Tree<ArrayLeaf>] = []
      for (start, end) in zip(offsets, offsets.dropFirst()) {
        let path = path.appending(.index(nodes.count))
        try count(at: path)
        var tensor = values
        tensor.extents[0] = end - start
        let (distance, overflow) = start.multipliedReportingOverflow(by: values.strides.first ?? 0)
        let (offset, isBeyond) = tensor.offset.addingReportingOverflow(distance)
        tensor.offset = overflow || isBeyond ? .max : offset
        nodes.append(try node(tensor: tensor, at: path))
      }
      return .list(nodes)
    } catch {
      return try faulty(error, at: path)
    }
  }

  /// Returns the leaf of a tensor on the device `meta`, which has dtype and shape and no elements.
  mutating func withoutData(_ object: PickleObject, at path: TreePath) -> Tree<ArrayLeaf>? {
    var metadata: ArrayMetadata?
    if object.arguments.count >= 2, case .global(.dtype(let name)) = object.arguments[0],
      let dtype = PickleGlobal.elementType(name),
      let shape = integers(object.arguments[1]).flatMap({ Shape($0) }),
      shape.rank <= pickle.limits.rank, shape.byteCount(of: dtype) != nil
    {
      metadata = ArrayMetadata(dtype: dtype, shape: shape)
    }
    let remedy = "give it elements before saving"
    return faulty(
      .init(kind: .tensor, text: "a tensor without data", remedy: remedy), metadata: metadata,
      at: path)
  }

  /// Returns the array of a tensor on a device of another library, which is saved as one of NumPy.
  mutating func fromNumPy(
    _ object: PickleObject, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf>? {
    guard object.arguments.count >= 2, case .object(let place) = object.arguments[0],
      case .numpyArray? = KnownObject(pickle.names[pickle.objects[place].type]),
      case .global(.dtype(let name)) = object.arguments[1],
      let dtype = PickleGlobal.elementType(name),
      case .leaf(let leaf) = try node(object: place, at: path)
    else { return nil }
    do throws(CoppiceError) {
      // Types that NumPy lacks are saved in a wider one.
      return .leaf(try leaf.cast(to: dtype, mode: .rounding))
    } catch {
      return try faulty(error, at: path)
    }
  }

  // MARK: Parts

  private mutating func named(
    _ names: [String], _ values: [PickleValue], at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf>? {
    try dictionary(zip(names, values).flatMap { [.string($0), $1] }, at: path)
  }

  private func tensor(_ value: PickleValue) -> PickleTensor? {
    guard case .tensor(let place) = value else { return nil }
    return pickle.tensors[place]
  }

  /// The most elements of a tensor whose elements are needed to find others.
  private static let maximumWords = 1 << 20

  /// Reads the elements of a tensor of 64-bit elements; returns `nil` for another value.
  private mutating func words(
    _ value: PickleValue, _ dtype: DType
  ) throws(CoppiceError) -> [UInt64]? {
    guard let tensor = tensor(value), tensor.dtype == dtype, dtype.width == 8 else { return nil }
    let source = try sources.resolvedSource(of: tensor, in: pickle)
    guard source.shape.elementCount <= Self.maximumWords else { return nil }
    let storage = try source.load().storage
    var words: [UInt64] = []
    try storage.forEachPiece(ofAtMost: 1 << 16) { (piece) throws(CoppiceError) in
      for offset in stride(from: 0, to: piece.byteCount, by: 8) {
        words.append(
          UInt64(
            littleEndian: unsafe piece.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
        )
      }
    }
    return words
  }

  /// Reads numbers that aren't negative, from a tensor or a list.
  private mutating func numbers(_ value: PickleValue) throws(CoppiceError) -> [Int]? {
    if let numbers = integers(value) { return numbers }
    guard let words = try words(value, .int64) else { return nil }
    let numbers = words.compactMap { Int(exactly: $0) }
    return numbers.count == words.count ? numbers : nil
  }

  /// Reads a tensor of two dimensions by its rows.
  private mutating func rows(_ value: PickleValue) throws(CoppiceError) -> [[Int]]? {
    guard let extents = tensor(value)?.extents, extents.count == 2,
      extents[0] <= Self.maximumWords, extents[1] <= pickle.limits.rank,
      let numbers = try numbers(value)
    else { return nil }
    return (0..<extents[0]).map { row in
      Array(numbers[(row * extents[1])..<((row + 1) * extents[1])])
    }
  }
}
