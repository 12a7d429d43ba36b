import CoppiceModel

/// A type that this module encodes as a node directly, without the type's own `encode(to:)`.
protocol TreeEncodable {
  /// Returns the tree of the value.
  func node(in run: EncodingRun, at place: CodingPlace?) throws -> Tree<NDArray>
}

// The types that trees consist of.

extension NDArray: TreeEncodable {
  func node(in run: EncodingRun, at place: CodingPlace?) -> Tree<NDArray> { .leaf(self) }
}

extension Tree: TreeEncodable where Leaf == NDArray {
  func node(in run: EncodingRun, at place: CodingPlace?) -> Tree<NDArray> { self }
}

extension TreeValue: TreeEncodable {
  func node(in run: EncodingRun, at place: CodingPlace?) -> Tree<NDArray> { .value(self) }
}

extension TextArray: TreeEncodable {
  func node(in run: EncodingRun, at place: CodingPlace?) -> Tree<NDArray> {
    .value(.stringArray(self))
  }
}

extension IntegerText: TreeEncodable {
  func node(in run: EncodingRun, at place: CodingPlace?) -> Tree<NDArray> { .value(.int(self)) }
}

// Values.

extension Bool: TreeEncodable {
  func node(in run: EncodingRun, at place: CodingPlace?) -> Tree<NDArray> { .value(.bool(self)) }
}

extension String: TreeEncodable {
  func node(in run: EncodingRun, at place: CodingPlace?) -> Tree<NDArray> { .value(.string(self)) }
}

extension Double: TreeEncodable {
  func node(in run: EncodingRun, at place: CodingPlace?) -> Tree<NDArray> {
    .value(.float(Float64Bits(bitPattern: bitPattern)))
  }
}

extension FixedWidthInteger {
  func node(in run: EncodingRun, at place: CodingPlace?) -> Tree<NDArray> {
    .value(.int(IntegerText(self)))
  }
}

extension Int: TreeEncodable {}
extension Int8: TreeEncodable {}
extension Int16: TreeEncodable {}
extension Int32: TreeEncodable {}
extension Int64: TreeEncodable {}
extension Int128: TreeEncodable {}
extension UInt: TreeEncodable {}
extension UInt8: TreeEncodable {}
extension UInt16: TreeEncodable {}
extension UInt32: TreeEncodable {}
extension UInt64: TreeEncodable {}
extension UInt128: TreeEncodable {}

extension ArrayElement {
  /// The number as a value; the bits of a NaN are kept, which Swift's conversions would change.
  fileprivate var asValue: Tree<NDArray> {
    unsafe withUnsafeBytes(of: self) { bytes in
      .value(TreeValue(element: 0, of: Self.dtype, in: unsafe RawSpan(_unsafeBytes: bytes)))
    }
  }
}

extension Float: TreeEncodable {
  func node(in run: EncodingRun, at place: CodingPlace?) -> Tree<NDArray> { asValue }
}

// Intel Macs have no Float16.
#if !(os(macOS) && arch(x86_64))
  extension Float16: TreeEncodable {
    func node(in run: EncodingRun, at place: CodingPlace?) -> Tree<NDArray> { asValue }
  }
#endif

extension TreeValue {
  /// Makes the value of an element of an array.
  init(element index: Int, of dtype: DType, in bytes: RawSpan) {
    switch ElementNumber(dtype, atByte: index * dtype.width, in: bytes) {
    case .integer(let number):
      self = dtype == .bool ? .bool(number != 0) : .int(IntegerText(number))
    case .real(let bits): self = .float(Float64Bits(bitPattern: bits))
    case .complex(let real, let imaginary):
      self = .complex(
        real: Float64Bits(bitPattern: real), imaginary: Float64Bits(bitPattern: imaginary))
    case nil: self = .null
    }
  }
}
