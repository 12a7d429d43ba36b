extension Cast {
  /// Returns whether a mode has a cast between two dtypes; single values may still be refused.
  public static func isSupported(from source: DType, to target: DType, mode: CastMode) -> Bool {
    guard mode == .rounding, source != target else { return true }
    return switch (source.kind, target.kind) {
    case (.bool, _): true
    case (_, .bool): false
    case (.signedInteger, _), (.unsignedInteger, _): true
    case (.float, .float), (.float, .complex), (.complex, .complex): true
    case (.float, _), (.complex, _): false
    }
  }

  static func checkIsSupported(
    from source: DType, to target: DType, mode: CastMode
  ) throws(CoppiceError) {
    guard !isSupported(from: source, to: target, mode: mode) else { return }
    let loss =
      switch (source.kind, target.kind) {
      case (_, .bool): "where all but zero is true"
      case (.complex, .float): "which drops imaginary parts"
      default: "which truncates"
      }
    throw CoppiceError(
      .castUnsupported,
      "\(source) to \(target) isn't a cast within one kind of number; use exact mode, which refuses "
        + "values that would change, or lossy mode, \(loss)")
  }
}
