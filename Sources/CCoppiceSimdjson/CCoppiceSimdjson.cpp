#include "CCoppiceSimdjson.h"

#include "Scan.h"
#include "TapeBuilder.h"

#include <cstring>

namespace {

/// A fault that simdjson finds while indexing tokens, without its offset.
struct EarlyFault {
  csimdjson_status status;
  const char *message;
  size_t offset;
  /// The start of the token with the fault: the bytes before it can be read.
  size_t tokenStart;
};

EarlyFault locate(const uint8_t *source, size_t count) {
  bool inString = false;
  size_t quote = 0;
  for (size_t i = 0; i < count;) {
    const uint8_t byte = source[i];
    const size_t start = inString ? quote : i;
    const size_t length = scan::sequence(source + i, count - i);
    if (length == 0) {
      return {csimdjson_status_encoding, "the text is not well-formed UTF-8", i, start};
    }
    if (inString && byte < 0x20) {
      return {csimdjson_status_syntax, "a string must escape control characters", i, start};
    }
    if (byte == '\\') {
      if (!inString) { return {csimdjson_status_syntax, "this is no JSON value", i, start}; }
      // An escaped character may have several bytes, or be missing.
      if (i + 1 < count && source[i + 1] >= 0x20 && source[i + 1] < 0x80) { i++; }
    } else if (byte == '"') {
      inString = !inString;
      quote = i;
    }
    i += length;
  }
  return {csimdjson_status_syntax, inString ? "a string is not closed" : "this is no JSON document",
          inString ? quote : 0, inString ? quote : 0};
}

class Parse {
public:
  Parse(uint8_t *source, csimdjson_dialect dialect, size_t maximumDepth)
      : source(source), dialect(dialect), maximumDepth(maximumDepth) {}

  csimdjson_status run(size_t count, csimdjson_document &document, csimdjson_fault &fault) {
    simdjson::ondemand::parser parser;
    simdjson::ondemand::json_iterator tokens;
    const simdjson::error_code error = index(parser, count, tokens);
    if (error == simdjson::MEMALLOC) {
      return report(fault, csimdjson_status_memory, "no memory for the document", 0);
    }
    if (error == simdjson::EMPTY) {
      return report(fault, csimdjson_status_syntax, "the document is empty", count);
    }
    if (error != simdjson::SUCCESS) { return runBeforeFault(count, fault); }
    TapeBuilder builder(source, count, dialect, maximumDepth);
    if (!builder.build(tokens)) {
      return report(fault, builder.status, builder.message, builder.offset, &builder);
    }
    document.entry_count = builder.entries.size();
    document.entries = builder.entries.release();
    document.pool = builder.pool.release();
    return csimdjson_status_ok;
  }

private:
  simdjson::error_code index(
      simdjson::ondemand::parser &parser, size_t count, simdjson::ondemand::json_iterator &tokens) {
    const auto *characters = reinterpret_cast<const char *>(source);
    return parser
        .iterate_raw(simdjson::padded_string_view(
            characters, count, count + simdjson::SIMDJSON_PADDING))
        .get(tokens);
  }

  /// Reads the bytes before a fault of the whole text. An earlier fault takes precedence; otherwise
  /// the place where the tokens end gives the pointer of the fault.
  csimdjson_status runBeforeFault(size_t count, csimdjson_fault &fault) {
    const EarlyFault early = locate(source, count);
    std::memset(source + early.tokenStart, 0, simdjson::SIMDJSON_PADDING);
    simdjson::ondemand::parser parser;
    simdjson::ondemand::json_iterator tokens;
    if (early.tokenStart == 0 || index(parser, early.tokenStart, tokens) != simdjson::SUCCESS) {
      return report(fault, early.status, early.message, early.offset);
    }
    TapeBuilder builder(source, early.tokenStart, dialect, maximumDepth);
    if (builder.build(tokens) || builder.isIncomplete) {
      return report(fault, early.status, early.message, early.offset, &builder);
    }
    return report(fault, builder.status, builder.message, builder.offset, &builder);
  }

  csimdjson_status report(
      csimdjson_fault &fault, csimdjson_status status, const char *message, size_t offset,
      TapeBuilder *builder = nullptr) {
    fault.status = status;
    fault.message = message;
    fault.offset = offset;
    Buffer<uint8_t> pointer;
    if (builder != nullptr && builder->appendPointer(pointer)) {
      fault.pointer_length = pointer.size();
      fault.pointer = pointer.release();
    }
    return status;
  }

  uint8_t *const source;
  const csimdjson_dialect dialect;
  const size_t maximumDepth;
};

} // namespace

extern "C" csimdjson_status csimdjson_parse(
    const uint8_t *bytes, size_t count, csimdjson_dialect dialect, size_t maximum_depth,
    csimdjson_document *document, csimdjson_fault *fault) {
  *document = {};
  *fault = {};
  const auto refuse = [&](csimdjson_status status, const char *message, size_t offset) {
    csimdjson_free_document(document);
    fault->message = message;
    fault->offset = offset;
    return fault->status = status;
  };
  if (count > CSIMDJSON_MAXIMUM_BYTES) {
    return refuse(csimdjson_status_size, "the document is too long", 0);
  }
  if (count == 0) { return refuse(csimdjson_status_syntax, "the document is empty", 0); }
  if (count >= 3 && std::memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
    return refuse(csimdjson_status_encoding, "the document begins with a byte order mark", 0);
  }
  document->source = static_cast<uint8_t *>(std::malloc(count + simdjson::SIMDJSON_PADDING));
  if (document->source == nullptr) {
    return refuse(csimdjson_status_memory, "no memory for the document", 0);
  }
  document->byte_count = count;
  std::memcpy(document->source, bytes, count);
  std::memset(document->source + count, 0, simdjson::SIMDJSON_PADDING);
  try {
    Parse parse(document->source, dialect, maximum_depth);
    const csimdjson_status status = parse.run(count, *document, *fault);
    if (status != csimdjson_status_ok) { csimdjson_free_document(document); }
    return status;
  } catch (...) {
    // Only the standard library throws here, when it has no memory.
    return refuse(csimdjson_status_memory, "no memory for the document", 0);
  }
}

extern "C" bool csimdjson_is_number(const uint8_t *text, size_t count, csimdjson_dialect dialect) {
  const auto isText = [&](const char *other) {
    return count == std::strlen(other) && std::memcmp(text, other, count) == 0;
  };
  if (dialect == csimdjson_dialect_python &&
      (isText("NaN") || isText("Infinity") || isText("-Infinity"))) {
    return true;
  }
  bool isInteger;
  const scan::Result result = scan::number(text, isInteger);
  return result.fault == nullptr && result.end == text + count;
}

extern "C" void csimdjson_free_document(csimdjson_document *document) {
  std::free(document->entries);
  std::free(document->source);
  std::free(document->pool);
  *document = {};
}

extern "C" void csimdjson_free_fault(csimdjson_fault *fault) {
  std::free(fault->pointer);
  *fault = {};
}
