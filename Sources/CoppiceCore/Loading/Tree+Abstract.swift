public import CoppiceModel

extension Tree where Leaf == NDArray {
  /// The same structure, asking for arrays of these types and shapes.
  public func abstract() -> Tree<AbstractLeaf> {
    mapLeaves { _, array in .array(dtype: array.dtype, shape: array.shape) }
  }
}

extension Tree where Leaf == ArrayMetadata {
  /// The same structure, asking for arrays of these types and shapes.
  public func abstract() -> Tree<AbstractLeaf> {
    mapLeaves { _, array in .array(dtype: array.dtype, shape: array.shape) }
  }

  /// The same structure, asking for what one device held when the arrays were saved.
  ///
  /// Arrays without a recorded sharding, or of a single device, are asked for whole.
  public func abstract(onDevice device: Int) -> Tree<AbstractLeaf> {
    mapLeaves { _, array in
      let part = array.sharding.map { AbstractArray.Part.device(device, of: $0) }
      return .array(AbstractArray(dtype: array.dtype, shape: array.shape, part: part ?? .whole))
    }
  }
}

extension Tree where Leaf == AbstractLeaf {
  /// The same request with arrays changed.
  ///
  /// What is wanted as saved stays so, since nothing is known of it.
  public func mapArrays(
    _ change: (TreePath, inout AbstractArray) -> Void
  ) -> Tree<AbstractLeaf> {
    mapLeaves { path, leaf in
      guard case .array(var array) = leaf else { return leaf }
      change(path, &array)
      return .array(array)
    }
  }

  /// The same request with another element type for arrays of some types.
  ///
  /// - Parameters:
  ///   - dtype: The type that elements are cast to.
  ///   - isIncluded: Tells by path and type which arrays; by default those of floating-point numbers.
  public func casting(
    to dtype: DType,
    where isIncluded: (TreePath, DType) -> Bool = { _, dtype in dtype.kind == .float }
  ) -> Tree<AbstractLeaf> {
    mapArrays { path, array in
      if let known = array.dtype, isIncluded(path, known) { array.dtype = dtype }
    }
  }

  /// The same request with placeholders for the leaves whose path matches one of some patterns.
  public func skipping(_ patterns: [PathGlob]) -> Tree<AbstractLeaf> {
    mapLeaves { path, leaf in patterns.contains { $0.matches(path) } ? .placeholder : leaf }
  }
}
