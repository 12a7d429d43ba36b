#pragma once

#include <cstddef>
#include <cstdlib>
#include <type_traits>

/// A growing array of plain values, which reports a lack of memory instead of throwing, and can
/// pass on its memory.
template <typename Element> class Buffer {
  static_assert(std::is_trivially_copyable_v<Element>);

public:
  Buffer() = default;
  Buffer(const Buffer &) = delete;
  Buffer &operator=(const Buffer &) = delete;
  ~Buffer() { std::free(base); }

  /// Makes room for `more` further elements.
  bool reserve(size_t more) {
    if (capacity - count >= more) { return true; }
    size_t wanted = count + more;
    if (wanted < capacity * 2) { wanted = capacity * 2; }
    auto *larger = static_cast<Element *>(std::realloc(base, wanted * sizeof(Element)));
    if (larger == nullptr) { return false; }
    base = larger;
    capacity = wanted;
    return true;
  }

  bool push(const Element &element) {
    if (count == capacity && !reserve(64)) { return false; }
    base[count++] = element;
    return true;
  }

  /// Passes on the memory, cut to the size in use; the caller frees it.
  Element *release() {
    auto *fitting = static_cast<Element *>(std::realloc(base, (count + 1) * sizeof(Element)));
    Element *result = fitting != nullptr ? fitting : base;
    base = nullptr;
    count = capacity = 0;
    return result;
  }

  void clear() { count = 0; }
  size_t size() const { return count; }
  Element &operator[](size_t index) { return base[index]; }
  const Element &operator[](size_t index) const { return base[index]; }
  Element &last() { return base[count - 1]; }
  void pop() { count--; }
  /// Sets the end after the caller has written into reserved room.
  void setEnd(Element *end) { count = size_t(end - base); }
  Element *begin() { return base; }
  Element *end() { return base + count; }

private:
  Element *base = nullptr;
  size_t count = 0;
  size_t capacity = 0;
};
