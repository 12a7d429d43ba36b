import CoppiceModel
import Testing

/// The loops over vectors convert and check as single elements do.
@Suite struct VectorLoopTests {
  static let pairs = [
    TypePair(source: .float16, target: .float32), TypePair(source: .bfloat16, target: .float32),
    TypePair(source: .float32, target: .float64), TypePair(source: .float32, target: .float16),
    TypePair(source: .float32, target: .bfloat16), TypePair(source: .float64, target: .float32),
    TypePair(source: .complex64, target: .complex128),
    TypePair(source: .complex128, target: .complex64),
  ]

  @Test(arguments: pairs) func plainLoopsGiveTheBitsOfNumPy(pair: TypePair) throws {
    let line = CastVectors.lines("digests.txt").first {
      $0[0] == pair.source.rawValue && $0[1] == pair.target.rawValue && $0[2] == "lossy"
    }
    let expected = try #require(line.map { UInt64($0[3], radix: 16) })
    let cast = try Cast(from: pair.source, to: pair.target, mode: .lossy, loops: .plain)
    let output = try cast(CastVectors.elements(pair.source))
    #expect(CastVectors.digest(CastVectors.words(output, pair.target)) == expected)
  }

  /// Each telling element among harmless ones, in vectors and in what is left over at the end.
  @Test(arguments: pairs, VectorLoops.available)
  func findsTheOneElementThatFails(pair: TypePair, loops: VectorLoops) throws {
    let inputs = CastVectors.inputs[pair.source]!
    for line in CastVectors.lines("strict.txt")
    where line[0] == pair.source.rawValue && line[1] == pair.target.rawValue {
      let mode = CastMode(rawValue: String(line[2]))!
      let cast = try Cast(from: pair.source, to: pair.target, mode: mode, loops: loops)
      for (index, outcome) in line.dropFirst(3).enumerated() {
        let width = pair.source.width
        let element = inputs[(index * width)..<((index + 1) * width)]
        for place in [0, 3, 16, 21] {
          var piece = [UInt8](repeating: 0, count: 22 * width)
          piece.replaceSubrange((place * width)..<((place + 1) * width), with: element)
          switch outcome {
          case "i", "r":
            let error = #expect(throws: CoppiceError.self) { try cast(piece, firstElement: 1000) }
            #expect(error?.code == (outcome == "i" ? .castInexact : .castOutOfRange))
            #expect(error?.message.hasPrefix("element \(1000 + place) of") == true)
          default:
            let output = try cast(piece)
            let result = output[(place * pair.target.width)..<((place + 1) * pair.target.width)]
            #expect(Array(result) == CastVectors.bytes(outcome, pair.target))
          }
        }
      }
    }
  }
}
