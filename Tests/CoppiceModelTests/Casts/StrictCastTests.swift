import CoppiceModel
import Testing

/// Exact and rounding casts give what follows from the values, or refuse.
@Suite struct StrictCastTests {
  private static let inexact: UInt64 = 0xDEAD_BEEF_0000_0001
  private static let outOfRange: UInt64 = 0xDEAD_BEEF_0000_0002

  @Test func tellingElementsKeepTheirValuesOrAreRefused() throws {
    let lines = CastVectors.lines("strict.txt")
    #expect(lines.count == DType.allCases.count * DType.allCases.count * 2)
    for line in lines {
      let (source, target) = (DType(rawValue: String(line[0]))!, DType(rawValue: String(line[1]))!)
      let mode = CastMode(rawValue: String(line[2]))!
      guard line[3] != "unsupported" else {
        #expect(!Cast.isSupported(from: source, to: target, mode: mode))
        let error = #expect(throws: CoppiceError.self) {
          try Cast(from: source, to: target, mode: mode)
        }
        #expect(error?.code == .castUnsupported, "\(source) to \(target), \(mode)")
        continue
      }
      let cast = try Cast(from: source, to: target, mode: mode)
      let input = CastVectors.inputs[source]!
      for (index, text) in line.dropFirst(3).enumerated() {
        let element = Array(input[(index * source.width)..<((index + 1) * source.width)])
        let expected: [UInt64] =
          switch text {
          case "i": [Self.inexact]
          case "r": [Self.outOfRange]
          default: CastVectors.words(CastVectors.bytes(text, target), target)
          }
        #expect(
          Self.outcome(cast, element) == expected, "\(source) to \(target), \(mode), \(element)")
      }
    }
  }

  @Test(arguments: DType.allCases) func manyElementsKeepTheirValuesOrAreRefused(source: DType)
    throws
  {
    let every = [1: 1, 2: 128][source.width, default: 32]
    let input = CastVectors.elements(source)
    let elements = stride(from: 0, to: input.count, by: source.width * every).map {
      Array(input[$0..<($0 + source.width)])
    }
    for line in CastVectors.lines("digests.txt")
    where line[0] == source.rawValue && line[2] != "lossy" {
      let target = DType(rawValue: String(line[1]))!
      let cast = try Cast(from: source, to: target, mode: CastMode(rawValue: String(line[2]))!)
      let digest = CastVectors.digest(elements.flatMap { Self.outcome(cast, $0) })
      #expect(digest == UInt64(line[3], radix: 16), "\(source) to \(target), \(cast.mode)")
    }
  }

  private static func outcome(_ cast: Cast, _ element: [UInt8]) -> [UInt64] {
    do {
      return CastVectors.words(try cast(element), cast.target)
    } catch {
      return switch error.code {
      case .castInexact: [inexact]
      case .castOutOfRange: [outOfRange]
      default: []
      }
    }
  }
}
