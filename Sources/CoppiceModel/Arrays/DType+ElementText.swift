extension DType {
  /// Returns an element as text: integers in decimal, `true` and `false`, floats as in Python.
  ///
  /// A float is the shortest decimal text of its value as a 64-bit number, such as `0.5`, `1e-05`,
  /// `-0.0`, `nan`, `inf`; a complex number is `re,im`. Unused bits of sub-byte types are ignored.
  ///
  /// - Parameters:
  ///   - index: The element's index in `bytes`.
  ///   - bytes: Elements of this dtype, with the requested one among them.
  public func text(ofElement index: Int, in bytes: RawSpan) -> String {
    precondition(
      index >= 0 && index < bytes.byteCount / width, "the element must be among the bytes")
    let number = ElementNumber(self, atByte: index * width, in: bytes)
    guard let number else {
      let code = unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
      // Any byte but 0 is true, as in NumPy.
      let used = self == .bool ? (code == 0 ? 0 : 1) : code & ~unusedBits
      return ElementNumber(self, code: used).text(self)
    }
    return number.text(self)
  }
}

extension DType {
  /// Returns an element as the shortest text that is read back as the same element of the type.
  ///
  /// Floats are spelled as in Python, complex numbers as `1.0-0.5j`. Unused bits of sub-byte types are
  /// ignored.
  ///
  /// - Parameters:
  ///   - index: The element's index in `bytes`.
  ///   - bytes: Elements of this dtype, with the requested one among them.
  public func shortestText(ofElement index: Int, in bytes: RawSpan) -> String {
    guard let number = ElementNumber(self, atByte: index * width, in: bytes) else {
      return text(ofElement: index, in: bytes)
    }
    switch number {
    case .integer: return text(ofElement: index, in: bytes)
    case .real(let wide): return shortestText(wide)
    case .complex(let real, let imaginary):
      return PythonFloat.text(complex: shortestText(real), shortestText(imaginary))
    }
  }

  private func shortestText(_ wide: UInt64) -> String {
    let value = Double(bitPattern: wide)
    switch self {
    case .float64, .complex128: return PythonFloat.text(value)
    // Intel Macs have no Float16.
    #if !(os(macOS) && arch(x86_64))
      case .float16: return PythonFloat.text(value, digitsOf: Float16(value.magnitude).description)
    #endif
    default: return PythonFloat.text(value, digitsOf: Float(value.magnitude).description)
    }
  }
}

extension ElementNumber {
  /// Returns the number as text, in the spelling of a dtype.
  func text(_ dtype: DType) -> String {
    switch self {
    case .integer(let value): dtype == .bool ? (value == 0 ? "false" : "true") : String(value)
    case .real(let wide): PythonFloat.text(Double(bitPattern: wide))
    case .complex(let real, let imaginary):
      PythonFloat.text(Double(bitPattern: real)) + ","
        + PythonFloat.text(Double(bitPattern: imaginary))
    }
  }
}
