package import CoppiceModel

extension CoppiceError {
  /// The error for another rank: code, location, message, and the error number of a system call.
  package var messageBytes: [UInt8] {
    var writer = MessageWriter()
    for text in [code.rawValue, message, location.file, location.pointer, location.treePath] {
      writer.write(text)
    }
    writer.write(location.offset.map(String.init))
    if case .system(let errno)? = cause { writer.write(String(errno)) } else { writer.write(nil) }
    return writer.bytes
  }

  /// Reads the error of another rank; returns `nil` for bytes that are none.
  package init?(messageBytes: some Collection<UInt8>) {
    var reader = MessageReader(messageBytes)
    var texts: [String?] = []
    for _ in 0..<7 {
      guard let text = reader.text() else { return nil }
      texts.append(text)
    }
    guard let code = texts[0], let message = texts[1] else { return nil }
    self.init(
      Code(rawValue: code), message,
      at: Location(
        file: texts[2], pointer: texts[3], treePath: texts[4], offset: texts[5].flatMap { Int($0) }),
      cause: texts[6].flatMap { Int32($0) }.map { .system(errno: $0) })
  }
}
