// A strict JSON reader with a C interface.
//
// simdjson's DOM hides duplicate names and positions, and its On-Demand interface leaves checks to
// the code that reads a value. So this code walks its On-Demand token cursor once and checks every
// token against RFC 8259. The result is a flat tape with the offset of each value in the source.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The kind of a tape entry.
enum csimdjson_kind {
  csimdjson_kind_null,
  csimdjson_kind_false,
  csimdjson_kind_true,
  csimdjson_kind_number,
  csimdjson_kind_string,
  csimdjson_kind_array,
  csimdjson_kind_object,
};

enum csimdjson_flag {
  /// A string with escapes, whose bytes are in the pool instead of the source.
  csimdjson_flag_escaped = 1,
  /// A number without fraction and exponent.
  csimdjson_flag_integer = 2,
};

/// One value or member name. A container is followed by its children, a name by its value.
typedef struct {
  uint8_t kind;
  uint8_t flags;
  uint16_t reserved;
  /// The offset of the value in the source.
  uint32_t offset;
  /// The bytes of a scalar's text (a string's unescaped), or the number of a container's children.
  uint32_t length;
  /// For a container, the index after its last descendant; for an escaped string, its offset in the
  /// pool.
  uint32_t link;
} csimdjson_entry;

/// A parsed document; owns what it points to.
///
/// At worst, an array of single digits, it takes nine bytes of memory for a byte of the document,
/// and the parser four more while it reads.
typedef struct {
  csimdjson_entry *entries;
  size_t entry_count;
  /// A copy of the document, with zeros after it.
  uint8_t *source;
  size_t byte_count;
  uint8_t *pool;
} csimdjson_document;

enum csimdjson_dialect {
  csimdjson_dialect_strict,
  /// Accepts the bare tokens NaN, Infinity and -Infinity as numbers.
  csimdjson_dialect_python,
};

enum csimdjson_status {
  csimdjson_status_ok,
  csimdjson_status_syntax,
  csimdjson_status_duplicate_name,
  csimdjson_status_encoding,
  csimdjson_status_depth,
  csimdjson_status_size,
  csimdjson_status_memory,
};

/// A fault of a document, with its location.
typedef struct {
  enum csimdjson_status status;
  /// The reason, as a constant.
  const char *message;
  size_t offset;
  /// The JSON pointer of the fault, UTF-8, not terminated; owned.
  uint8_t *pointer;
  size_t pointer_length;
} csimdjson_fault;

/// The longest document, whatever the caller's limit: offsets have 32 bits, as simdjson's have.
#define CSIMDJSON_MAXIMUM_BYTES ((size_t)0xFFFFFF00u)

/// Reads `count` bytes. Fills in `document` and returns ok, or `fault` and returns its status.
///
/// `maximum_depth` counts open brackets: `[]` has depth 1.
enum csimdjson_status csimdjson_parse(
    const uint8_t *bytes, size_t count, enum csimdjson_dialect dialect, size_t maximum_depth,
    csimdjson_document *document, csimdjson_fault *fault);

/// Returns whether the text is one number of the dialect. A byte that can't be part of a number
/// must follow it.
bool csimdjson_is_number(const uint8_t *text, size_t count, enum csimdjson_dialect dialect);

/// Frees what a document owns.
void csimdjson_free_document(csimdjson_document *document);

/// Frees what a fault owns.
void csimdjson_free_fault(csimdjson_fault *fault);

#ifdef __cplusplus
}
#endif
