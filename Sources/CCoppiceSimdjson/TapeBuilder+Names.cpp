#include "TapeBuilder.h"

#include <algorithm>
#include <cstring>

const uint8_t *TapeBuilder::text(const csimdjson_entry &entry) const {
  return (entry.flags & csimdjson_flag_escaped) != 0 ? &pool[entry.link]
                                                     : source + entry.offset + 1;
}

static int compareBytes(
    const uint8_t *left, size_t leftLength, const uint8_t *right, size_t rightLength) {
  const int order = std::memcmp(left, right, std::min(leftLength, rightLength));
  if (order != 0) { return order; }
  return leftLength < rightLength ? -1 : leftLength > rightLength ? 1 : 0;
}

int TapeBuilder::compare(const csimdjson_entry &left, const csimdjson_entry &right) const {
  return compareBytes(text(left), left.length, text(right), right.length);
}

/// Finds duplicate names among members that aren't in order.
///
/// Sorting is O(n log n) whatever the names; a hash table would be slow for names made to collide.
bool TapeBuilder::checkNames(const Frame &frame) {
  names.clear();
  if (!names.reserve(frame.count)) {
    return fail(
        csimdjson_status_memory, "no memory for the document",
        source + entries[frame.entry].offset);
  }
  for (uint32_t index = frame.entry + 1; index < entries.size();) {
    const csimdjson_entry &name = entries[index], &value = entries[index + 1];
    names.push({text(name), name.length, index});
    index = value.kind >= csimdjson_kind_array ? value.link : index + 2;
  }
  std::sort(names.begin(), names.end(), [](const Name &left, const Name &right) {
    const int order = compareBytes(left.bytes, left.length, right.bytes, right.length);
    return order != 0 ? order < 0 : left.entry < right.entry;
  });
  uint32_t duplicate = 0;
  for (size_t i = 1; i < names.size(); i++) {
    const Name &left = names[i - 1], &right = names[i];
    if (compareBytes(left.bytes, left.length, right.bytes, right.length) == 0 &&
        (duplicate == 0 || right.entry < duplicate)) {
      duplicate = right.entry;
    }
  }
  if (duplicate == 0) { return true; }
  frames.last().name = duplicate;
  frames.last().isInside = true;
  return fail(
      csimdjson_status_duplicate_name, "two members have this name",
      source + entries[duplicate].offset);
}

bool TapeBuilder::appendPointer(Buffer<uint8_t> &pointer) {
  for (const Frame &frame : frames) {
    // For each open container but the innermost, the fault is inside it.
    if (!frame.isInside) { continue; }
    if (!pointer.push('/')) { return false; }
    if (!frame.isObject) {
      uint8_t digits[10];
      size_t count = 0;
      uint32_t number = frame.count;
      do {
        digits[count++] = uint8_t('0' + number % 10);
        number /= 10;
      } while (number != 0);
      while (count > 0) {
        if (!pointer.push(digits[--count])) { return false; }
      }
      continue;
    }
    const csimdjson_entry &name = entries[frame.name];
    const uint8_t *bytes = text(name);
    for (uint32_t i = 0; i < name.length; i++) {
      const bool isEscaped = bytes[i] == '~' || bytes[i] == '/';
      if (isEscaped && !pointer.push('~')) { return false; }
      if (!pointer.push(isEscaped ? (bytes[i] == '~' ? '0' : '1') : bytes[i])) { return false; }
    }
  }
  return true;
}
