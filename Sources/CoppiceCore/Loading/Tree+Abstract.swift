public import CoppiceModel

extension Tree where Leaf == NDArray {
  /// Returns a request for the same structure, with arrays of these types and shapes.
  public func abstract() -> Tree<AbstractLeaf> {
    mapLeaves { _, array in .array(dtype: array.dtype, shape: array.shape) }
  }
}

extension Tree where Leaf == ArrayMetadata {
  /// Returns a request for the same structure, with arrays of these types and shapes.
  public func abstract() -> Tree<AbstractLeaf> {
    mapLeaves { _, array in .array(dtype: array.dtype, shape: array.shape) }
  }

  /// Returns a request for the boxes that one device held when the arrays were saved.
  ///
  /// It requests arrays without a recorded sharding, or of a single device, whole.
  public func abstract(onDevice device: Int) -> Tree<AbstractLeaf> {
    mapLeaves { _, array in
      let part = array.sharding.map { AbstractArray.Part.device(device, of: $0) }
      return .array(AbstractArray(dtype: array.dtype, shape: array.shape, part: part ?? .whole))
    }
  }
}

extension Tree where Leaf == AbstractLeaf {
  /// Returns the same request with its arrays changed.
  ///
  /// Leaves that are requested as saved stay so: their types and shapes aren't known.
  public func mapArrays(
    _ change: (TreePath, inout AbstractArray) -> Void
  ) -> Tree<AbstractLeaf> {
    mapLeaves { path, leaf in
      guard case .array(var array) = leaf else { return leaf }
      change(path, &array)
      return .array(array)
    }
  }

  /// Returns the same request with another element type for some of its arrays.
  ///
  /// - Parameters:
  ///   - dtype: The type to which elements are cast.
  ///   - isIncluded: A function that tells by path and type whether an array is cast; by default,
  ///     arrays of floating-point numbers are.
  public func casting(
    to dtype: DType,
    where isIncluded: (TreePath, DType) -> Bool = { _, dtype in dtype.kind == .float }
  ) -> Tree<AbstractLeaf> {
    mapArrays { path, array in
      if let known = array.dtype, isIncluded(path, known) { array.dtype = dtype }
    }
  }

  /// Returns the same request with placeholders for the leaves whose path matches a pattern.
  public func skipping(_ patterns: [PathGlob]) -> Tree<AbstractLeaf> {
    mapLeaves { path, leaf in patterns.contains { $0.matches(path) } ? .placeholder : leaf }
  }
}
