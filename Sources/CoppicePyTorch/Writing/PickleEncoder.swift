import CoppiceModel

/// An encoder of pickles with the instructions that torch's loader of weights executes.
///
/// These are those of protocol 2 that `torch.save` needs, without any for more than 2^32 bytes.
struct PickleEncoder {
  private(set) var bytes: [UInt8] = [0x80, 2]

  /// The places in the pickle's memo of texts and globals that occur often.
  private var memo: [String: UInt8] = [:]

  // MARK: Values

  mutating func none() { bytes.append(UInt8(ascii: "N")) }
  mutating func bool(_ flag: Bool) { bytes.append(flag ? 0x88 : 0x89) }

  mutating func float(_ number: Float64Bits) {
    bytes.append(UInt8(ascii: "G"))
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> shift))
    }
  }

  mutating func complex(_ real: Float64Bits, _ imaginary: Float64Bits) {
    global("builtins", "complex")
    float(real)
    float(imaginary)
    bytes.append(Self.tuple2)
    call()
  }

  /// Encodes a text.
  ///
  /// - Throws: `pytorch.limit` for one of 4 GiB or more.
  mutating func string(_ text: String) throws(CoppiceError) {
    guard let count = UInt32(exactly: text.utf8.count) else {
      throw CoppiceError(
        .pytorchLimit, "a text of 4 GiB or more can't be written for torch; leave it out")
    }
    bytes.append(UInt8(ascii: "X"))
    append(count)
    bytes.append(contentsOf: text.utf8)
  }

  /// Encodes a byte string, which the protocol lacks: as the text of these code points, which is encoded.
  ///
  /// - Throws: `pytorch.limit` for one of too many bytes.
  mutating func byteString(_ content: [UInt8]) throws(CoppiceError) {
    global("_codecs", "encode")
    var text = String.UnicodeScalarView()
    for byte in content { text.append(Unicode.Scalar(byte)) }
    try string(String(text))
    word("latin1")
    bytes.append(Self.tuple2)
    call()
  }

  // MARK: Containers

  mutating func mark() { bytes.append(UInt8(ascii: "(")) }
  mutating func emptyDictionary() { bytes.append(UInt8(ascii: "}")) }
  mutating func emptyList() { bytes.append(UInt8(ascii: "]")) }

  /// Ends the keys and values of the dictionary before the mark.
  mutating func setItems() { bytes.append(UInt8(ascii: "u")) }

  /// Ends the elements of the list before the mark.
  mutating func append() { bytes.append(UInt8(ascii: "e")) }

  /// Ends the elements of a tuple since the mark.
  mutating func tuple() { bytes.append(UInt8(ascii: "t")) }

  mutating func emptyTuple() { bytes.append(UInt8(ascii: ")")) }

  mutating func integers(_ numbers: [Int]) {
    guard !numbers.isEmpty else { return emptyTuple() }
    mark()
    for number in numbers { integer(number) }
    tuple()
  }

  // MARK: Globals

  /// Encodes a word that occurs often, in full for the first time only.
  mutating func word(_ text: String) {
    remembering(text) { $0.short(text) }
  }

  /// Encodes the digits of a number as a text, such as the key of a storage.
  mutating func number(_ number: Int) { short("\(number)") }

  private mutating func short(_ text: String) {
    bytes.append(UInt8(ascii: "X"))
    append(UInt32(truncatingIfNeeded: text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// Encodes a function or a class, in full for the first time only.
  mutating func global(_ module: String, _ name: String) {
    remembering("\(module) \(name)") { encoder in
      encoder.bytes.append(UInt8(ascii: "c"))
      encoder.bytes.append(contentsOf: "\(module)\n\(name)\n".utf8)
    }
  }

  /// Ends the call of a global with a tuple.
  mutating func call() { bytes.append(UInt8(ascii: "R")) }

  /// Ends the tuple that names a storage.
  mutating func persistent() { bytes.append(UInt8(ascii: "Q")) }

  mutating func stop() { bytes.append(UInt8(ascii: ".")) }

  private mutating func remembering(_ name: String, _ encode: (inout PickleEncoder) -> Void) {
    if let place = memo[name] {
      bytes += [UInt8(ascii: "h"), place]
      return
    }
    encode(&self)
    guard let place = UInt8(exactly: memo.count) else { return }
    bytes += [UInt8(ascii: "q"), place]
    memo[name] = place
  }

  // MARK: Numbers

  mutating func append(opcode: UInt8, _ content: [UInt8]) {
    bytes.append(opcode)
    bytes += content
  }

  private mutating func append(_ count: UInt32) {
    for shift in stride(from: 0, to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: count >> shift))
    }
  }

  private static let tuple2: UInt8 = 0x86
}
