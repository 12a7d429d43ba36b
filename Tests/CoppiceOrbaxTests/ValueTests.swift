import CoppiceDigest
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import Testing

@testable import CoppiceOrbax

/// Strings, shardings, numbers and names.
struct ValueTests {
  /// Orbax writes each string through the JSON pointer `/<name>`.
  @Test func findsStringsByPointer() throws {
    let sample = try SampleDirectory(
      "sample",
      [
        "_strings.json":
          #"{"": "bare", "a.b": "dotted", "s": {"t": "nested", "": "empty"}, "m~n": "tilde", "#
          + #""p/q": "slash", "x/y": "verbatim"}"#
      ])
    let names = ["", "a.b", "s/t", "s/", "m~0n", "p~1q", "x/y", "absent"]
    let strings = try StringValues(
      in: DirectoryHandle(opening: sample.path), names: names, limits: .standard)
    #expect(
      names.map { strings[$0] }
        == ["bare", "dotted", "nested", "empty", "tilde", "slash", "verbatim", nil])
  }

  @Test func findsStringsOfOrbax03() throws {
    let sample = try SampleDirectory(
      "sample", ["first/_strings.json": #"{"first": "one", "second": "two"}"#])
    let strings = try StringValues(
      in: DirectoryHandle(opening: sample.path), names: ["first", "second"], limits: .standard)
    #expect(strings["first"] == "one" && strings["second"] == "two")
  }

  @Test func readsShardings() throws {
    let named =
      #"{\"sharding_type\": \"NamedSharding\", \"shape\": [2, 2], \"axis_names\": [\"r\", \"m\"], "#
      + #"\"partition_spec\": [\"r\", null, [\"r\", \"m\"]], "#
      + #"\"device_mesh\": {\"mesh\": [[{\"id\": 0}, {\"id\": 1}], [{\"id\": 2048}, {\"id\": 2049}]]}}"#
    let single = #"{\"sharding_type\": \"SingleDeviceSharding\", \"device_str\": \"cpu:0\"}"#
    let sample = try SampleDirectory(
      "sample", ["_sharding": #"{"YQ==": "\#(named)", "Yg==": "\#(single)", "Yw==": "{}"}"#])
    var warnings: [CoppiceError] = []
    let shardings = try ShardingFile(
      in: DirectoryHandle(opening: sample.path), limits: .standard, warnings: &warnings)
    #expect(
      shardings["a"]
        == Sharding(
          axisNames: ["r", "m"], axisSizes: [2, 2], partition: [["r"], [], ["r", "m"]],
          devices: [0, 1, 2048, 2049]))
    #expect(shardings["b"] == Sharding(device: "cpu:0"))
    #expect(shardings["c"] == nil)
    #expect(warnings.map(\.code) == [.orbaxSharding])
  }

  @Test(arguments: [
    ("5", 5), ("00000005", 5), ("checkpoint_7", 7), ("a_b_12", 12), ("0", 0), ("x_0012", 12),
  ])
  func readsStepNames(_ name: String, _ number: Int) {
    #expect(OrbaxStepName.number(name) == number)
  }

  @Test(arguments: [
    "", "_5", "model", "5.orbax-checkpoint-tmp", "checkpoint_", "layer7", "-5", "checkpoint_1.5",
    "99999999999999999999", "٣",
  ])
  func refusesOtherNames(_ name: String) {
    #expect(OrbaxStepName.number(name) == nil)
  }

  @Test func readsNumbersOfAllWidths() throws {
    func value(_ dtype: DType, _ bytes: [UInt8]) throws -> TreeValue? {
      try ScalarValue.read(NDArray(dtype: dtype, shape: .scalar, bytes: bytes))
    }
    #expect(try value(.bool, [1]) == .bool(true))
    #expect(try value(.int8, [0xFF]) == .int(IntegerText(-1)))
    #expect(try value(.uint64, Array(repeating: 0xFF, count: 8)) == .int(IntegerText(UInt64.max)))
    #expect(try value(.float16, [0x00, 0x3C]) == .float(Float64Bits(1)))
    #expect(try value(.float16, [0x01, 0x00]) == .float(Float64Bits(0x1p-24)))
    #expect(try value(.float16, [0x00, 0xFC]) == .float(Float64Bits(-.infinity)))
    #expect(try value(.float16, [0x00, 0x80]) == .float(Float64Bits(-0.0)))
    #expect(try value(.float16, [0xFF, 0x7B]) == .float(Float64Bits(65504)))
    #expect(try value(.bfloat16, [0x80, 0x3F]) == .float(Float64Bits(1)))
    #expect(try value(.float32, [0, 0, 0x20, 0x40]) == .float(Float64Bits(2.5)))
    #expect(
      try value(.complex64, [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
        == .complex(real: Float64Bits(1), imaginary: Float64Bits(-2)))
    #expect(try value(.float8_e5m2, [0x3C]) == nil)
    #expect(try value(.int4, [0x01]) == nil)
  }

  /// FIPS 180-4, examples.
  @Test func hashesTheExamples() {
    #expect(
      SHA256.hex([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.hex("abc".utf8)
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  }
}
