// SPDX-License-Identifier: GPL-3.0-or-later
// Private to the codec: values appended to a line as compact JSON. Written straight into the text
// because a snapshot goes out 20 to 30 times a second; a tree of JSON nodes would cost ten times
// the time.
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/decibel.h"
#include "station/door/codec_fields.h"

namespace kakehashi::door {

// Bytes that are not UTF-8 (a device name, a library's message) become U+FFFD: a snapshot must
// reach the desk whatever a driver calls itself.
void append(std::string& out, std::string_view text);
inline void append(std::string& out, const std::string& text) {
  append(out, std::string_view(text));
}

template <class T>
requires std::is_arithmetic_v<T>
void append(std::string& out, T value) {
  if constexpr (std::same_as<T, bool>) {
    out += value ? "true" : "false";
  } else {
    if constexpr (std::floating_point<T>)
      if (!std::isfinite(value)) {  // JSON has no word for it; the reader keeps its default
        out += "null";
        return;
      }
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, end);
  }
}
inline void append(std::string& out, Decibel value) { append(out, value.value); }

template <class E>
requires std::is_enum_v<E>
void append(std::string& out, E value) {
  const auto i = static_cast<std::size_t>(value);
  append(out, kNames<E>[i < std::size(kNames<E>) ? i : 0]);
}

template <Described T>
void append(std::string& out, const T& value);

template <class T>
void append_list(std::string& out, const T& items) {
  out += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ',';
    first = false;
    append(out, item);
  }
  out += ']';
}
template <class T>
void append(std::string& out, const std::vector<T>& items) {
  append_list(out, items);
}
template <class T, std::size_t N>
void append(std::string& out, const std::array<T, N>& items) {
  append_list(out, items);
}
inline void append(std::string& out, const double (&pair)[2]) { append_list(out, pair); }

// ,"name":value for each field, without the first comma when `first`.
template <Described T>
void append_fields(std::string& out, const T& value, bool first) {
  each_field<T>([&](const auto& f) {
    out += first ? "\"" : ",\"";
    first = false;
    out += f.name;
    out += "\":";
    append(out, value.*f.member);
    return true;
  });
}
template <Described T>
void append(std::string& out, const T& value) {
  out += '{';
  append_fields(out, value, true);
  out += '}';
}

}  // namespace kakehashi::door
