#pragma once

#include <cstddef>
#include <cstdint>

/// Small scanners over single tokens. All of them may read up to eight bytes past the end of the
/// document, where zeros lie: a zero ends every token.
namespace scan {

/// A scanner's finding: where it stopped and, if that's a fault, what it is.
struct Result {
  const uint8_t *end;
  const char *fault;
  /// The fault is one of encoding, not of syntax.
  bool isEncoding = false;
};

/// The end of JSON's white space from `at` on.
inline const uint8_t *blank(const uint8_t *at, const uint8_t *limit) {
  while (at < limit && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) { at++; }
  return at;
}

/// The first quote, backslash or control character from `at` on.
const uint8_t *plainText(const uint8_t *at);

/// The end of a number of RFC 8259, or where it goes wrong.
Result number(const uint8_t *at, bool &isInteger);

/// Decodes one escape at a backslash, writing at most four bytes and advancing `out`.
Result escape(const uint8_t *at, uint8_t *&out);

/// The length of the well-formed UTF-8 sequence at `at`, or 0.
size_t sequence(const uint8_t *at, size_t count);

} // namespace scan
