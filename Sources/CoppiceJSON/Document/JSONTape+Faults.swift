internal import CCoppiceSimdjson
internal import CoppiceModel

extension JSONTape {
  /// Returns the error for a fault of the parser.
  static func error(
    for fault: csimdjson_fault, in file: String?, byteCount: Int, depth: Int
  ) -> CoppiceError {
    let pointer = unsafe UnsafeBufferPointer(start: fault.pointer, count: fault.pointer_length)
    let location = unsafe CoppiceError.Location(
      file: file, pointer: String(decoding: pointer, as: UTF8.self), offset: fault.offset)
    let message = unsafe fault.message.map { unsafe String(cString: $0) } ?? "this is no JSON"
    return switch unsafe fault.status {
    case csimdjson_status_memory: CoppiceError.outOfMemory(byteCount: byteCount).located(file: file)
    case csimdjson_status_depth:
      CoppiceError(.jsonDepth, "\(message); the limit is \(depth)", at: location)
    case csimdjson_status_duplicate_name: CoppiceError(.jsonDuplicateName, message, at: location)
    case csimdjson_status_encoding: CoppiceError(.jsonEncoding, message, at: location)
    case csimdjson_status_size: CoppiceError(.jsonSize, message, at: location)
    default: CoppiceError(.jsonSyntax, message, at: location)
    }
  }
}
