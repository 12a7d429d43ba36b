import CoppiceModel

extension SafetensorsPlan {
  /// Distributes arrays to files in the order of the tree, as Hugging Face's libraries do.
  ///
  /// A file ends where it would exceed the maximum with the next array and, if headers count, its member of the header.
  ///
  /// - Returns: The arrays of each file, and those that alone exceed the maximum.
  static func split(
    _ tensors: [OutputTensor], metadata: [Header.Metadata]?, _ options: Options
  ) throws(CoppiceError) -> (groups: [[OutputTensor]], oversize: [OutputTensor]) {
    guard let maximum = options.maximumFileBytes else { return ([tensors], []) }
    let header = try HeaderText.header(of: [], metadata: metadata).count + 2 * Header.lengthBytes
    let room = options.countsHeaders ? maximum - header : maximum
    var groups: [[OutputTensor]] = []
    var oversize: [OutputTensor] = []
    var current: [OutputTensor] = []
    var bytes = 0
    for tensor in tensors {
      // Offsets have as many digits as the maximum, or fewer.
      let member =
        options.countsHeaders ? HeaderText.member(of: tensor, from: maximum, to: maximum) : 0
      let (count, overflow) = member.addingReportingOverflow(tensor.byteCount)
      // An array that needs a file of its own doesn't end the current file.
      if overflow || count > room {
        groups.append([tensor])
        oversize.append(tensor)
        continue
      }
      if count > room - bytes {
        groups.append(current)
        current = []
        bytes = 0
      }
      current.append(tensor)
      bytes += count
    }
    if !current.isEmpty || groups.isEmpty { groups.append(current) }
    return (groups, oversize)
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
