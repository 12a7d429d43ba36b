import CoppiceModel

extension AbstractLeaf: CustomStringConvertible {
  /// The request in words: `as saved`, `placeholder`, `float32 [2, 3]`.
  public var description: String {
    switch self {
    case .asSaved: "as saved"
    case .placeholder: "placeholder"
    case .array(let array): array.description
    }
  }
}

extension AbstractArray: CustomStringConvertible {
  /// The type, shape and box, as far as the request states them: `float32 [2, 3], device 4`.
  public var description: String {
    let type = [dtype?.description, shape?.description].compactMap(\.self).joined(separator: " ")
    let place: String? =
      switch region {
      case .whole: nil
      case .box(let box): "box \(box)"
      case .device(let device, _): "device \(device)"
      }
    return [type.isEmpty ? "as saved" : type, place].compactMap(\.self).joined(separator: ", ")
  }
}
