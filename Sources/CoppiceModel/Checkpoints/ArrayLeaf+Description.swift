extension ArrayMetadata: CustomStringConvertible {
  /// Type and shape: `float32 [2, 3]`.
  public var description: String { "\(dtype) \(shape)" }
}

extension ArrayLeaf: CustomStringConvertible {
  /// Type and shape, as far as they are known, and the fault where there is one; nothing is read.
  public var description: String {
    let metadata = (try? metadata)?.description
    guard let fault else { return metadata ?? "" }
    return [metadata, "\(fault.kind.rawValue): \(fault.error)"].compactMap(\.self)
      .joined(separator: ", ")
  }
}
