#pragma once

#include <cstddef>
#include <cstdint>

/// Small scanners over single tokens. Any of them may read up to eight bytes past the end of the
/// document, which are zeros: a zero ends every token.
namespace scan {

/// The result of a scanner: where it stopped and, at a fault, the reason.
struct Result {
  const uint8_t *end;
  const char *fault;
  /// Whether the fault is one of encoding rather than of syntax.
  bool isEncoding = false;
};

/// Returns the end of JSON's white space from `at` on.
inline const uint8_t *blank(const uint8_t *at, const uint8_t *limit) {
  while (at < limit && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) { at++; }
  return at;
}

/// Returns the first quote, backslash or control character from `at` on.
const uint8_t *plainText(const uint8_t *at);

/// Returns the end of a number of RFC 8259, or its first fault.
Result number(const uint8_t *at, bool &isInteger);

/// Decodes one escape at a backslash, writing at most four bytes and advancing `out`.
Result escape(const uint8_t *at, uint8_t *&out);

/// Returns the length of the well-formed UTF-8 sequence at `at`, or 0.
size_t sequence(const uint8_t *at, size_t count);

} // namespace scan
