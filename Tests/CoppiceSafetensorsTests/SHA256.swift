import Testing

/// SHA-256 in the plainest form, for comparing with recorded digests.
func sha256(_ message: [UInt8]) -> String {
  var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19,
  ]
  var bytes = message + [0x80]
  while bytes.count % 64 != 56 { bytes.append(0) }
  bytes += (0..<8).reversed().map { UInt8(truncatingIfNeeded: (message.count * 8) >> (8 * $0)) }
  for block in stride(from: 0, to: bytes.count, by: 64) {
    var words = (0..<16).map { word in
      (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[block + 4 * word + $1]) }
    }
    func turn(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }
    for i in 16..<64 {
      let a = words[i - 15], b = words[i - 2]
      words.append(
        words[i - 16] &+ words[i - 7] &+ (turn(a, 7) ^ turn(a, 18) ^ a >> 3)
          &+ (turn(b, 17) ^ turn(b, 19) ^ b >> 10))
    }
    var s = state
    for i in 0..<64 {
      let choice = (s[4] & s[5]) ^ (~s[4] & s[6])
      let majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2])
      let first =
        s[7] &+ (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) &+ choice &+ roundConstants[i]
        &+ words[i]
      let second = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) &+ majority
      s = [first &+ second, s[0], s[1], s[2], s[3] &+ first, s[4], s[5], s[6]]
    }
    for i in 0..<8 { state[i] = state[i] &+ s[i] }
  }
  return state.map { word in
    let text = String(word, radix: 16)
    return String(repeating: "0", count: 8 - text.count) + text
  }.joined()
}

/// The first 32 bits of the fractions of the cube roots of the first 64 primes, as FIPS 180-4 says.
private let roundConstants: [UInt32] = {
  let primes = (2...).lazy.filter { n in !(2..<n).contains { n % $0 == 0 } }.prefix(64)
  return primes.map { prime in
    // The greatest root with root³ ≤ prime · 2⁹⁶ has 32 bits after the point.
    var root: UInt64 = 0
    for bit in (0..<36).reversed() {
      let next = root | 1 << UInt64(bit)
      let square = next.multipliedFullWidth(by: next)
      // next < 2³⁶, so its square fits in 72 bits and its cube in 108: compare by halves.
      let low = square.low.multipliedFullWidth(by: next)
      let high = square.high * next + low.high
      if high < UInt64(prime) << 32 || (high == UInt64(prime) << 32 && low.low == 0) { root = next }
    }
    return UInt32(truncatingIfNeeded: root)
  }
}()

@Test func digestsAreThoseOfTheStandard() {
  #expect(
    sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  #expect(sha256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
}
