import CoppiceModel
import Testing

/// Lossy casts give the bits of NumPy and ml_dtypes.
@Suite struct LossyCastTests {
  @Test func tellingElementsAreThoseOfNumPy() throws {
    let lines = CastVectors.lines("lossy.txt")
    #expect(lines.count == DType.allCases.count * DType.allCases.count)
    for line in lines {
      let (source, target) = (DType(rawValue: String(line[0]))!, DType(rawValue: String(line[1]))!)
      let cast = try Cast(from: source, to: target, mode: .lossy)
      let input = CastVectors.inputs[source]!
      let output = try cast(input)
      for (index, text) in line.dropFirst(2).enumerated() {
        let expected = CastVectors.bytes(text, target)
        let actual = Array(output[(index * target.width)..<((index + 1) * target.width)])
        let element = Array(input[(index * source.width)..<((index + 1) * source.width)])
        #expect(actual == expected, "\(source) to \(target), element \(element)")
      }
    }
  }

  @Test(arguments: DType.allCases) func allElementsAreThoseOfNumPy(source: DType) throws {
    let input = CastVectors.elements(source)
    let lines = CastVectors.lines("digests.txt").filter {
      $0[0] == source.rawValue && $0[2] == "lossy"
    }
    #expect(lines.count == DType.allCases.count)
    for line in lines {
      let target = DType(rawValue: String(line[1]))!
      let cast = try Cast(from: source, to: target, mode: .lossy)
      let digest = CastVectors.digest(CastVectors.words(try cast(input), target))
      #expect(digest == UInt64(line[3], radix: 16), "\(source) to \(target)")
    }
  }
}
