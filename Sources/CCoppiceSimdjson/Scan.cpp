#include "Scan.h"

#include <cstring>

namespace scan {

const uint8_t *plainText(const uint8_t *at) {
  constexpr uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
  for (;; at += 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    const uint64_t quote = word ^ (ones * '"'), backslash = word ^ (ones * '\\');
    // A byte's top bit is set where it matches. Bytes above the first match may be wrong, but only
    // the first is used, as hosts are little-endian.
    const uint64_t match =
        (((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) |
         ((word - ones * 0x20) & ~word)) &
        tops;
    if (match != 0) { return at + (__builtin_ctzll(match) >> 3); }
  }
}

static bool isDigit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

static const uint8_t *digits(const uint8_t *at) {
  while (isDigit(*at)) { at++; }
  return at;
}

Result number(const uint8_t *at, bool &isInteger) {
  isInteger = true;
  if (*at == '-') { at++; }
  if (*at == '0') {
    at++;
    if (isDigit(*at)) { return {at, "a number must not begin with a needless zero"}; }
  } else if (isDigit(*at)) {
    at = digits(at);
  } else {
    return {at, "a number needs a digit here"};
  }
  if (*at == '.') {
    isInteger = false;
    if (!isDigit(*++at)) { return {at, "a number needs a digit after its point"}; }
    at = digits(at);
  }
  if (*at == 'e' || *at == 'E') {
    isInteger = false;
    at++;
    if (*at == '+' || *at == '-') { at++; }
    if (!isDigit(*at)) { return {at, "a number needs a digit in its exponent"}; }
    at = digits(at);
  }
  return {at, nullptr};
}

/// Returns the value of four hexadecimal digits, or -1. Reads only up to the first byte that isn't
/// one.
static int32_t codeUnit(const uint8_t *at) {
  int32_t unit = 0;
  for (int i = 0; i < 4; i++) {
    const uint8_t byte = at[i], lower = byte | 0x20;
    if (isDigit(byte)) {
      unit = unit << 4 | (byte - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      unit = unit << 4 | (lower - 'a' + 10);
    } else {
      return -1;
    }
  }
  return unit;
}

static void encode(uint32_t scalar, uint8_t *&out) {
  if (scalar < 0x80) {
    *out++ = uint8_t(scalar);
  } else if (scalar < 0x800) {
    *out++ = uint8_t(0xC0 | scalar >> 6);
    *out++ = uint8_t(0x80 | (scalar & 0x3F));
  } else if (scalar < 0x10000) {
    *out++ = uint8_t(0xE0 | scalar >> 12);
    *out++ = uint8_t(0x80 | (scalar >> 6 & 0x3F));
    *out++ = uint8_t(0x80 | (scalar & 0x3F));
  } else {
    *out++ = uint8_t(0xF0 | scalar >> 18);
    *out++ = uint8_t(0x80 | (scalar >> 12 & 0x3F));
    *out++ = uint8_t(0x80 | (scalar >> 6 & 0x3F));
    *out++ = uint8_t(0x80 | (scalar & 0x3F));
  }
}

Result escape(const uint8_t *at, uint8_t *&out) {
  uint8_t plain;
  switch (at[1]) {
  case '"': case '\\': case '/': plain = at[1]; break;
  case 'b': plain = '\b'; break;
  case 'f': plain = '\f'; break;
  case 'n': plain = '\n'; break;
  case 'r': plain = '\r'; break;
  case 't': plain = '\t'; break;
  case 'u': {
    const int32_t high = codeUnit(at + 2);
    if (high < 0) { return {at, "\\u needs four hexadecimal digits"}; }
    if (high < 0xD800 || high > 0xDFFF) {
      encode(uint32_t(high), out);
      return {at + 6, nullptr};
    }
    const bool paired = high < 0xDC00 && at[6] == '\\' && at[7] == 'u';
    const int32_t low = paired ? codeUnit(at + 8) : -1;
    if (low < 0xDC00 || low > 0xDFFF) {
      return {at, "the escape is half of a surrogate pair", true};
    }
    encode(0x10000u + (uint32_t(high - 0xD800) << 10) + uint32_t(low - 0xDC00), out);
    return {at + 12, nullptr};
  }
  default:
    return {at, "no such escape"};
  }
  *out++ = plain;
  return {at + 2, nullptr};
}

size_t sequence(const uint8_t *at, size_t count) {
  const uint8_t first = at[0];
  if (first < 0x80) { return 1; }
  const size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                        : first >= 0xE0 && first <= 0xEF ? 3
                        : first >= 0xF0 && first <= 0xF4 ? 4
                                                         : 0;
  if (length == 0 || length > count) { return 0; }
  // The second byte excludes overlong forms, surrogates and code points above U+10FFFF.
  const uint8_t low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const uint8_t high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (at[1] < low || at[1] > high) { return 0; }
  for (size_t i = 2; i < length; i++) {
    if (at[i] < 0x80 || at[i] > 0xBF) { return 0; }
  }
  return length;
}

} // namespace scan
