#pragma once

#include "Buffer.h"
#include "CCoppiceSimdjson.h"

#include <simdjson.h>

/// Walks On-Demand's tokens into a tape, checking the grammar and each token to its last byte.
class TapeBuilder {
public:
  TapeBuilder(
      const uint8_t *source, size_t byteCount, csimdjson_dialect dialect, size_t maximumDepth)
      : source(source), byteCount(byteCount), dialect(dialect), maximumDepth(maximumDepth) {}

  /// Reads the whole document; on `false`, `status`, `message`, `offset` say why.
  bool build(simdjson::ondemand::json_iterator &tokens);

  csimdjson_status status = csimdjson_status_ok;
  const char *message = nullptr;
  size_t offset = 0;
  /// Whether the document ended too early: it then has no other fault.
  bool isIncomplete = false;

  /// Appends the JSON pointer of the place where building stopped.
  bool appendPointer(Buffer<uint8_t> &pointer);

  Buffer<csimdjson_entry> entries;
  Buffer<uint8_t> pool;

private:
  /// An open container.
  struct Frame {
    uint32_t entry;
    /// The number of complete children.
    uint32_t count;
    /// The entry of the newest member's name, or 0 (which is the root).
    uint32_t name;
    bool isObject;
    /// Whether the names so far are in rising order, and so free of duplicates.
    bool isSorted;
    /// Whether a fault is in a child rather than in the container itself.
    bool isInside;
  };

  struct Token {
    const uint8_t *start;
    const uint8_t *limit;
  };

  struct Name {
    const uint8_t *bytes;
    uint32_t length;
    uint32_t entry;
  };

  bool fail(csimdjson_status status, const char *message, const uint8_t *place);
  bool take(simdjson::ondemand::json_iterator &tokens, Token &token, const char *wanted);
  bool finish(const Token &token, const uint8_t *end, const char *message);
  bool open(const Token &token, bool isObject);
  bool close();
  bool name(const Token &token);
  bool scalar(const Token &token);
  bool string(const Token &token);
  bool number(const Token &token);
  bool literal(const Token &token, const char *text, csimdjson_kind kind);
  bool push(csimdjson_kind kind, const Token &token, size_t length, uint8_t flags, size_t link);

  const uint8_t *text(const csimdjson_entry &entry) const;
  int compare(const csimdjson_entry &left, const csimdjson_entry &right) const;
  bool checkNames(const Frame &frame);

  const uint8_t *const source;
  const size_t byteCount;
  const csimdjson_dialect dialect;
  const size_t maximumDepth;
  Buffer<Frame> frames;
  Buffer<Name> names;
};
