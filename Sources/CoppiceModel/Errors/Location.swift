extension CoppiceError {
  /// The place of a fault, as far as it is known.
  public struct Location: Hashable, Sendable {
    /// The file, relative to the checkpoint if it lies inside one.
    public var file: String?
    /// The JSON pointer inside the document.
    public var pointer: String?
    /// The node of the tree.
    public var treePath: String?
    /// The byte offset inside the file.
    public var offset: Int?

    /// Makes a location.
    public init(
      file: String? = nil, pointer: String? = nil, treePath: String? = nil, offset: Int? = nil
    ) {
      self.file = file
      self.pointer = pointer
      self.treePath = treePath
      self.offset = offset
    }
  }
}

extension CoppiceError.Location: CustomStringConvertible {
  /// The location as `file#/pointer (tree/path) at byte 17`, without unknown members and with long
  /// ones shortened.
  public var description: String {
    var text = file?.printable(keepingEndsOf: 400) ?? ""
    if let pointer, !pointer.isEmpty { text += "#" + pointer.printable(keepingEndsOf: 80) }
    if let path = treePath?.printable(keepingEndsOf: 200), !path.isEmpty {
      text += text.isEmpty ? path : " (\(path))"
    }
    if let offset { text += (text.isEmpty ? "" : " ") + "at byte \(offset)" }
    return text
  }
}
