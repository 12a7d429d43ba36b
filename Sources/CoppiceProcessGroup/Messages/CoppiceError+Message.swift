package import CoppiceModel

extension CoppiceError {
  /// The error for another rank: code, location, message, the error number of a system call, and the faults that it
  /// summarises.
  package var messageBytes: [UInt8] {
    var writer = MessageWriter()
    for text in [code.rawValue, message, location.file, location.pointer, location.treePath] {
      writer.write(text)
    }
    writer.write(location.offset.map(String.init))
    if case .system(let errno)? = cause { writer.write(String(errno)) } else { writer.write(nil) }
    writer.write(UInt8(isOfUnsupportedLeaf ? 1 : 0))
    let faults = faults
    writer.write(faults.count > 1 ? faults.count : 0)
    if faults.count > 1 { for fault in faults { writer.write(fault.messageBytes) } }
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
    guard let code = texts[0], let message = texts[1], let mark = reader.byte(),
      let faultCount = reader.integer(), faultCount >= 0
    else { return nil }
    var cause = texts[6].flatMap { Int32($0) }.map { Cause.system(errno: $0) }
    var faults: [CoppiceError] = []
    for _ in 0..<faultCount {
      guard let bytes = reader.field(), let fault = CoppiceError(messageBytes: bytes) else {
        return nil
      }
      faults.append(fault)
    }
    if !faults.isEmpty { cause = .several(faults) }
    self.init(
      Code(rawValue: code), message,
      at: Location(
        file: texts[2], pointer: texts[3], treePath: texts[4], offset: texts[5].flatMap { Int($0) }),
      cause: cause)
    if mark == 1 { self = LeafFault(.unsupported, self).error }
  }
}
