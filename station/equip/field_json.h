// SPDX-License-Identifier: GPL-3.0-or-later
// Values that the door describes field by field (door/codec_fields.h) as trees of JSON, for files
// and for the lines of probes. Reading never throws: what has the wrong type is told with its path
// and keeps its default, unknown keys are ignored.
#pragma once

#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

#include <nlohmann/json.hpp>

#include "station/door/codec_fields.h"

namespace kakehashi {

using OrderedJson = nlohmann::ordered_json;

template <class T>
OrderedJson tree_of(const T& value);

template <class T>
OrderedJson tree_of(const std::vector<T>& items) {
  OrderedJson list = OrderedJson::array();
  for (const auto& item : items) list.push_back(tree_of(item));
  return list;
}

template <class T>
OrderedJson tree_of(const T& value) {
  if constexpr (std::is_enum_v<T>) {
    return door::kNames<T>[static_cast<std::size_t>(value)];
  } else if constexpr (door::Described<T>) {
    OrderedJson object = OrderedJson::object();
    door::each_field<T>([&](const auto& f) {
      object[std::string(f.name)] = tree_of(value.*f.member);
      return true;
    });
    return object;
  } else if constexpr (std::is_floating_point_v<T>) {
    return std::isfinite(value) ? OrderedJson(value) : OrderedJson(nullptr);
  } else {
    return value;
  }
}

using FieldFaults = std::vector<std::string>;  // "items[2].verdict: expected ..."

// How many elements of one list are read; a result is a few hundred lines.
inline constexpr std::size_t kMostElements = 2000;

template <class T>
void read_tree(const OrderedJson& j, T& out, const std::string& path, FieldFaults& faults);

template <class T>
void read_tree(const OrderedJson& j, std::vector<T>& out, const std::string& path,
               FieldFaults& faults) {
  if (!j.is_array()) {
    faults.push_back(path + ": expected a list");
    return;
  }
  out.clear();
  for (std::size_t i = 0; i < j.size() && i < kMostElements; ++i) {
    out.emplace_back();
    read_tree(j[i], out.back(), path + "[" + std::to_string(i) + "]", faults);
  }
  if (j.size() > kMostElements) faults.push_back(path + ": too long");
}

template <class T>
void read_tree(const OrderedJson& j, T& out, const std::string& path, FieldFaults& faults) {
  if constexpr (std::is_same_v<T, Text>) {
    if (j.is_string()) {  // a name of a device: the same in every language
      out = {j.get<std::string>(), j.get<std::string>()};
      return;
    }
  }
  if constexpr (door::Described<T>) {
    if (!j.is_object()) {
      faults.push_back(path + ": expected an object");
      return;
    }
    door::each_field<T>([&](const auto& f) {
      const std::string name(f.name);
      if (const auto it = j.find(name); it != j.end())
        read_tree(*it, out.*f.member, path.empty() ? name : path + "." + name, faults);
      return true;
    });
  } else if constexpr (std::is_enum_v<T>) {
    if (j.is_string())
      for (std::size_t i = 0; i < std::size(door::kNames<T>); ++i)
        if (j.get_ref<const std::string&>() == door::kNames<T>[i]) {
          out = static_cast<T>(i);
          return;
        }
    faults.push_back(path + ": no such word");
  } else if constexpr (std::is_same_v<T, bool>) {
    if (j.is_boolean())
      out = j.get<bool>();
    else
      faults.push_back(path + ": expected true or false");
  } else if constexpr (std::is_floating_point_v<T>) {
    if (j.is_number())
      out = j.get<T>();
    else if (!j.is_null())  // what cannot be a number: the default stays
      faults.push_back(path + ": expected a number");
  } else {
    static_assert(std::is_same_v<T, std::string>);
    if (j.is_string())
      out = j.get<std::string>();
    else
      faults.push_back(path + ": expected a text");
  }
}

// One line or, with `indent`, a file; bytes that are not UTF-8 become U+FFFD.
inline std::string json_words(const OrderedJson& tree, int indent = -1) {
  return tree.dump(indent, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace kakehashi
