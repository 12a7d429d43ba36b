import CoppiceModel

extension SafetensorsPlan {
  /// Distributes arrays to files in the order of the tree, as Hugging Face's libraries do.
  ///
  /// A file ends where the next array would exceed the maximum.
  static func split(_ tensors: [OutputTensor], maximum: Int?) -> [[OutputTensor]] {
    guard let maximum = maximum.map({ max($0, 1) }) else { return [tensors] }
    var groups: [[OutputTensor]] = []
    var current: [OutputTensor] = []
    var bytes = 0
    for tensor in tensors {
      // An array that needs a file of its own doesn't end the current file.
      if tensor.byteCount > maximum {
        groups.append([tensor])
        continue
      }
      if tensor.byteCount > maximum - bytes {
        groups.append(current)
        current = []
        bytes = 0
      }
      current.append(tensor)
      bytes += tensor.byteCount
    }
    if !current.isEmpty || groups.isEmpty { groups.append(current) }
    return groups
  }

  /// Returns the name of a file: `model.safetensors`, or `model-00001-of-00002.safetensors`.
  static func fileName(_ base: String, number: Int, of count: Int) -> String {
    guard count > 1 else { return base + SafetensorsFormat.fileSuffix }
    return "\(base)-\(digits(number + 1))-of-\(digits(count))\(SafetensorsFormat.fileSuffix)"
  }

  private static func digits(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(5 - text.utf8.count, 0)) + text
  }
}
