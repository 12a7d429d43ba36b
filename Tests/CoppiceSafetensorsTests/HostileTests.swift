import CoppiceFiles
import CoppiceModel
import CoppiceSafetensors
import CoppiceTestSupport
import Foundation
import SystemPackage
import Testing

@Suite struct HostileTests {
  /// A source that claims a size and has only its beginning.
  struct Claim: ByteSource {
    var beginning: [UInt8]
    var byteCount: Int

    func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
      guard offset + bytes.byteCount <= beginning.count else {
        throw CoppiceError(.ioShortRead, "only the beginning is there")
      }
      for index in 0..<bytes.byteCount {
        bytes.storeBytes(of: beginning[offset + index], toByteOffset: index, as: UInt8.self)
      }
    }
  }

  @Test func opensAnExbibyteWithoutReadingIt() throws {
    let count = 1 << 52
    let header = """
      {"a":{"dtype":"U8","shape":[\(count)],"data_offsets":[0,\(count)]},\
      "q":{"dtype":"F4","shape":[\(count)],"data_offsets":[\(count),\(count + count / 2)]}}
      """
    let beginning = file(header)
    let claim = Claim(beginning: beginning, byteCount: beginning.count + count + count / 2)
    let contents = try SafetensorsFormat.open(claim, name: "large")
    #expect(try contents.entries.map { try $0.leaf.metadata.shape.elementCount } == [count, count])
  }

  @Test func refusesAHeaderThatIsNotThereBeforeTakingMemory() throws {
    let claim = Claim(beginning: [0, 0xE1, 0xF5, 5, 0, 0, 0, 0], byteCount: 1000)
    let error = #expect(throws: CoppiceError.self) {
      try SafetensorsFormat.open(claim, name: "large")
    }
    #expect(error?.code.rawValue == "safetensors.truncated-header")
  }

  @Test func survivesFiveThousandMutations() throws {
    var random = Mutations(seed: 7)
    var seeds = try ["types.safetensors", "names.safetensors"].map { name in
      [UInt8](
        try Data(contentsOf: URL(fileURLWithPath: Fixtures.directory.appending(name).string)))
    }
    seeds.append(
      file(
        #"{"__metadata__":{"k":"v"},"q":{"dtype":"F4","shape":[2,2],"data_offsets":[0,2]}}"#,
        data: [1, 2]))
    var opened = 0
    for round in 0..<5_000 {
      let bytes = random.mutate(seeds[round % seeds.count])
      do {
        let contents = try open(bytes)
        // A file that opens can be read, and its content is no larger than the file (4-bit floats double).
        for (_, leaf) in contents.entries {
          #expect(try leaf.source.loaded.count <= 2 * bytes.count)
        }
        opened += 1
      } catch let error as CoppiceError {
        #expect(error.code.rawValue.hasPrefix("safetensors."), "\(error)")
      }
    }
    // Changes inside the data or a name leave a valid file.
    #expect(opened > 0 && opened < 5_000)
  }

  @Test func survivesMutationsOfIndexes() throws {
    let directory = try TemporaryDirectory()
    let set = Fixtures.directory.appending("set")
    for name in try FileManager.default.contentsOfDirectory(atPath: set.string) {
      try FileManager.default.copyItem(
        atPath: set.appending(name).string, toPath: directory.path.appending(name).string)
    }
    let name = "model.safetensors.index.json"
    let seed = try directory.bytes(name)
    var random = Mutations(seed: 11)
    for _ in 0..<500 {
      try directory.write(name, random.mutate(seed))
      do {
        for (_, leaf) in try open(directory.path).entries { _ = try leaf.source.loaded }
      } catch let error as CoppiceError {
        #expect(error.code.isInputFault, "\(error)")
      }
    }
  }
}

/// Damage of the kinds that break parsers, the same on each run.
struct Mutations {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private mutating func next(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

  private static let tokens = [
    "0", "-1", "1", "9007199254740993", "18446744073709551615", "1e999", "null", "[", "]", "{", "}",
    ",", ":", "\"", "\\", "\\u0000", "\\ud800", "F4", "F64", "BOOL", "\u{0}", "  ", "..", "/",
  ]

  mutating func mutate(_ seed: [UInt8]) -> [UInt8] {
    var bytes = seed
    for _ in 0...next(3) {
      guard !bytes.isEmpty else { break }
      let position = next(min(bytes.count, 2_000))
      switch next(6) {
      case 0: bytes[position] ^= 1 << UInt8(next(8))
      case 1: bytes[position] = UInt8(next(256))
      case 2: bytes.removeSubrange(position..<min(position + 1 + next(20), bytes.count))
      case 3: bytes.insert(contentsOf: Self.tokens[next(Self.tokens.count)].utf8, at: position)
      case 4:
        let end = min(position + 1 + next(30), bytes.count)
        bytes.insert(contentsOf: bytes[position..<end], at: next(bytes.count))
      default: if next(8) == 0 { bytes.removeLast(next(bytes.count)) }
      }
    }
    // Half of the time the length is made right again, so that the header itself is reached.
    if bytes.count >= 8, next(2) == 0, seed.count >= 8 {
      let length = seed[..<8].reversed().reduce(0) { $0 << 8 | Int($1) } + bytes.count - seed.count
      for index in 0..<8 { bytes[index] = UInt8(truncatingIfNeeded: max(length, 0) >> (8 * index)) }
    }
    return bytes
  }
}
