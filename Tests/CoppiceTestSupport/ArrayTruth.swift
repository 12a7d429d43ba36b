import CoppiceModel
import Foundation
package import SystemPackage

/// The content of a file, as the script that made it says: of each array its type, shape and bytes.
package struct ArrayTruth: Decodable, Sendable {
  package var dtype: String
  package var shape: [Int]
  package var hex: String?
  package var texts: [String]?

  /// Reads a document of truths by name.
  package static func read<Truth: Decodable>(_ type: Truth.Type, _ path: FilePath) throws -> Truth {
    try JSONDecoder().decode(type, from: Data(contentsOf: URL(fileURLWithPath: path.string)))
  }
}

extension ArraySource {
  /// All bytes in hexadecimal digits, read at once.
  package var hex: String {
    get throws { try load().withBytes { $0.hex } }
  }

  /// All bytes in hexadecimal digits, read in pieces.
  package func streamedHex(_ limit: Int = 7) throws -> String {
    var text = ""
    try forEachPiece(ofAtMost: limit) { (piece) throws(CoppiceError) in text += piece.hex }
    return text
  }

  /// All bytes in hexadecimal digits, read element by element, the last first.
  package var scatteredHex: String {
    get throws {
      var texts: [String] = []
      for index in (0..<shape.elementCount).reversed() {
        var rest = index
        var offset: [Int] = []
        for extent in shape.dimensions.reversed() {
          offset.insert(rest % extent, at: 0)
          rest /= extent
        }
        guard let one = Shape(offset.map { _ in 1 }),
          let box = ArrayBox(offset: offset, shape: one)
        else { continue }
        texts.append(
          try NDArray(dtype: dtype, shape: one) {
            (bytes: inout MutableRawSpan) throws(CoppiceError) in try read(box, into: &bytes)
          }.withBytes { $0.hex })
      }
      return texts.reversed().joined()
    }
  }
}

extension RawSpan {
  /// The bytes as an array.
  package var copied: [UInt8] { unsafe withUnsafeBytes { bytes in unsafe Array(bytes) } }

  /// The bytes in hexadecimal digits.
  package var hex: String { copied.hex }
}

extension [UInt8] {
  private static let digits = Array("0123456789abcdef".utf8)

  /// The bytes in hexadecimal digits.
  package var hex: String {
    var text: [UInt8] = []
    text.reserveCapacity(2 * count)
    for byte in self {
      text.append(Self.digits[Int(byte >> 4)])
      text.append(Self.digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension NDArray {
  /// The bytes of the elements.
  package var bytes: [UInt8] { withBytes { $0.copied } }
}

/// Writes a whole file.
package func writeFile(_ path: FilePath, _ bytes: [UInt8]) throws {
  try Data(bytes).write(to: URL(fileURLWithPath: path.string))
}

/// Reads a whole file.
package func readFile(_ path: FilePath) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: path.string)))
}
