/// An error of libhdf5: its error stack, outermost call first.
///
/// A frame may contain the wall-clock time, so show frames to people and never compare them.
package struct HDF5Error: Error, Hashable, Sendable {
  /// One call of libhdf5 that failed.
  package struct Frame: Hashable, Sendable {
    /// The function of libhdf5.
    package var function: String
    /// The description of the failure.
    package var message: String
    /// The area and the reason, in libhdf5's words.
    package var major: String
    package var minor: String

    package init(function: String, message: String, major: String = "", minor: String = "") {
      self.function = function
      self.message = message
      self.major = major
      self.minor = minor
    }
  }

  /// The calls that failed, outermost first.
  package var frames: [Frame]

  package init(frames: [Frame]) { self.frames = frames }

  /// The system's error number, where libhdf5 mentions one.
  package var errno: Int32? {
    frames.reversed().lazy.compactMap { Self.errno(in: $0.message) }.first
  }

  private static func errno(in message: String) -> Int32? {
    let marker = Array("errno = ".utf8)
    let bytes = Array(message.utf8)
    guard bytes.count > marker.count else { return nil }
    for start in 0...(bytes.count - marker.count)
    where bytes[start..<start + marker.count].elementsEqual(marker) {
      let digits = bytes[(start + marker.count)...].prefix { (0x30...0x39).contains($0) }
      return Int32(String(decoding: digits, as: UTF8.self))
    }
    return nil
  }
}

extension HDF5Error {
  /// Returns an error that this module found itself, before or after a call.
  package static func refused(_ function: String, _ message: String) -> HDF5Error {
    HDF5Error(frames: [
      Frame(function: function, message: message, major: "Coppice", minor: "Refused")
    ])
  }
}

extension HDF5Error: CustomStringConvertible {
  /// One line: the outermost message, then the innermost in parentheses.
  package var description: String {
    guard let outermost = frames.first, let innermost = frames.last else {
      return "libhdf5 failed without saying why"
    }
    let text = "\(outermost.function): \(outermost.message)"
    let whole = frames.count > 1 ? text + " (\(innermost.message))" : text
    return String(whole.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) })
  }
}
