#include "TapeBuilder.h"

#include "Scan.h"

#include <cstring>

bool TapeBuilder::build(simdjson::ondemand::json_iterator &tokens) {
  // Most documents have eight bytes for each entry; a wrong guess costs little.
  if (!entries.reserve(byteCount / 8 + 64)) {
    return fail(csimdjson_status_memory, "no memory for the document", source);
  }
  Token token{source, source};
  if (!tokens.at_end()) {
    token.limit = tokens.peek();
    if (!finish(token, source, "this is no JSON value")) { return false; }
  }

value:
  if (!take(tokens, token, "the document ends where a value is due")) { return false; }
  switch (*token.start) {
  case '{':
    if (!open(token, true)) { return false; }
    if (!tokens.at_end() && *tokens.peek() == '}') {
      if (!take(tokens, token, "")) { return false; }
      goto closing;
    }
    goto name;
  case '[':
    if (!open(token, false)) { return false; }
    if (!tokens.at_end() && *tokens.peek() == ']') {
      if (!take(tokens, token, "")) { return false; }
      goto closing;
    }
    goto value;
  default:
    if (!scalar(token)) { return false; }
    goto valueEnd;
  }

name:
  if (!take(tokens, token, "the document ends where a member's name is due")) { return false; }
  if (!name(token)) { return false; }
  if (!take(tokens, token, "the document ends where a colon is due")) { return false; }
  if (*token.start != ':') {
    return fail(csimdjson_status_syntax, "a colon must follow a member's name", token.start);
  }
  if (!finish(token, token.start + 1, "a value must follow the colon")) { return false; }
  goto value;

valueEnd:
  if (frames.size() == 0) {
    if (tokens.at_end()) { return true; }
    return fail(csimdjson_status_syntax, "nothing may follow the document's value", tokens.peek());
  }
  {
    Frame &frame = frames.last();
    frame.count++;
    frame.isInside = false;
    if (!take(tokens, token, "the document ends inside an array or object")) { return false; }
    if (*token.start == ',') {
      frame.isInside = !frame.isObject;
      if (!finish(token, token.start + 1, "a value must follow the comma")) { return false; }
      if (frame.isObject) { goto name; }
      goto value;
    }
    if (*token.start != (frame.isObject ? '}' : ']')) {
      return fail(
          csimdjson_status_syntax,
          frame.isObject ? "a comma or } must follow a member"
                         : "a comma or ] must follow an element",
          token.start);
    }
  }

closing:
  if (!close()) { return false; }
  if (!finish(token, token.start + 1, "this is no JSON value")) { return false; }
  goto valueEnd;
}

bool TapeBuilder::fail(csimdjson_status status, const char *message, const uint8_t *place) {
  this->status = status;
  this->message = message;
  offset = size_t(place - source);
  return false;
}

/// Takes the next token; its span reaches up to the token after it.
inline bool TapeBuilder::take(
    simdjson::ondemand::json_iterator &tokens, Token &token, const char *wanted) {
  if (tokens.at_end()) {
    isIncomplete = true;
    return fail(csimdjson_status_syntax, wanted, source + byteCount);
  }
  const uint32_t length = tokens.peek_length();
  token.start = tokens.return_current_and_advance();
  token.limit = token.start + length;
  return true;
}

/// Checks that only white space is between a token's end and the next token.
inline bool TapeBuilder::finish(const Token &token, const uint8_t *end, const char *message) {
  if (end == token.limit) { return true; }
  end = scan::blank(end, token.limit);
  return end == token.limit ? true : fail(csimdjson_status_syntax, message, end);
}

inline bool TapeBuilder::push(
    csimdjson_kind kind, const Token &token, size_t length, uint8_t flags, size_t link) {
  const csimdjson_entry entry{
      uint8_t(kind), flags, 0, uint32_t(token.start - source), uint32_t(length), uint32_t(link)};
  return entries.push(entry) ||
         fail(csimdjson_status_memory, "no memory for the document", token.start);
}

bool TapeBuilder::open(const Token &token, bool isObject) {
  if (frames.size() >= maximumDepth) {
    return fail(csimdjson_status_depth, "arrays and objects are nested too deeply", token.start);
  }
  const Frame frame{uint32_t(entries.size()), 0, 0, isObject, true, !isObject};
  if (!frames.push(frame)) {
    return fail(csimdjson_status_memory, "no memory for the document", token.start);
  }
  return push(isObject ? csimdjson_kind_object : csimdjson_kind_array, token, 0, 0, 0) &&
         finish(token, token.start + 1, "this is no JSON value");
}

bool TapeBuilder::close() {
  const Frame frame = frames.last();
  if (!frame.isSorted && !checkNames(frame)) { return false; }
  entries[frame.entry].length = frame.count;
  entries[frame.entry].link = uint32_t(entries.size());
  frames.pop();
  return true;
}

bool TapeBuilder::name(const Token &token) {
  Frame &frame = frames.last();
  frame.isInside = false;
  if (*token.start != '"') {
    return fail(csimdjson_status_syntax, "a member's name must be a string", token.start);
  }
  if (!string(token)) { return false; }
  const auto entry = uint32_t(entries.size() - 1);
  const uint32_t previous = frame.name;
  frame.name = entry;
  frame.isInside = true;
  if (previous != 0 && frame.isSorted) {
    const int order = compare(entries[previous], entries[entry]);
    if (order == 0) {
      return fail(csimdjson_status_duplicate_name, "two members have this name", token.start);
    }
    frame.isSorted = order < 0;
  }
  return true;
}

bool TapeBuilder::scalar(const Token &token) {
  switch (*token.start) {
  case '"': return string(token);
  case 't': return literal(token, "true", csimdjson_kind_true);
  case 'f': return literal(token, "false", csimdjson_kind_false);
  case 'n': return literal(token, "null", csimdjson_kind_null);
  default: return number(token);
  }
}

bool TapeBuilder::literal(const Token &token, const char *text, csimdjson_kind kind) {
  const size_t length = std::strlen(text);
  if (size_t(token.limit - token.start) < length || std::memcmp(token.start, text, length) != 0) {
    return fail(csimdjson_status_syntax, "this is no JSON value", token.start);
  }
  const bool isNumber = kind == csimdjson_kind_number;
  return push(kind, token, isNumber ? length : 0, 0, 0) &&
         finish(token, token.start + length, "this is no JSON value");
}

bool TapeBuilder::number(const Token &token) {
  const uint8_t first = token.start[0], second = token.start[1];
  if (dialect == csimdjson_dialect_python) {
    if (first == 'N') { return literal(token, "NaN", csimdjson_kind_number); }
    if (first == 'I') { return literal(token, "Infinity", csimdjson_kind_number); }
    if (first == '-' && second == 'I') {
      return literal(token, "-Infinity", csimdjson_kind_number);
    }
  }
  if (first != '-' && (first < '0' || first > '9')) {
    return fail(csimdjson_status_syntax, "this is no JSON value", token.start);
  }
  bool isInteger;
  const scan::Result result = scan::number(token.start, isInteger);
  if (result.fault != nullptr) {
    return fail(csimdjson_status_syntax, result.fault, result.end);
  }
  const auto flags = uint8_t(isInteger ? csimdjson_flag_integer : 0);
  return push(csimdjson_kind_number, token, size_t(result.end - token.start), flags, 0) &&
         finish(token, result.end, "this can't be part of a number");
}

bool TapeBuilder::string(const Token &token) {
  const uint8_t *at = token.start + 1;
  const uint8_t *end = scan::plainText(at);
  if (*end == '"') {
    return push(csimdjson_kind_string, token, size_t(end - at), 0, 0) &&
           finish(token, end + 1, "a string must not be followed by this");
  }
  // Text is never longer unescaped than escaped.
  if (!pool.reserve(size_t(token.limit - token.start))) {
    return fail(csimdjson_status_memory, "no memory for the document", token.start);
  }
  const size_t start = pool.size();
  uint8_t *out = pool.end();
  while (*end != '"') {
    if (*end != '\\') {
      return fail(csimdjson_status_syntax, "a string must escape control characters", end);
    }
    std::memcpy(out, at, size_t(end - at));
    out += end - at;
    const scan::Result result = scan::escape(end, out);
    if (result.fault != nullptr) {
      return fail(
          result.isEncoding ? csimdjson_status_encoding : csimdjson_status_syntax, result.fault,
          result.end);
    }
    at = result.end;
    end = scan::plainText(at);
  }
  std::memcpy(out, at, size_t(end - at));
  out += end - at;
  pool.setEnd(out);
  return push(csimdjson_kind_string, token, pool.size() - start, csimdjson_flag_escaped, start) &&
         finish(token, end + 1, "a string must not be followed by this");
}
