// SPDX-License-Identifier: GPL-3.0-or-later
// Private to presets/. Reads one JSON object key by key and writes down every fault with its path
// instead of stopping at the first. A key that nobody asked for is unknown: kept, and told.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/show.h"
#include "presets/event_file.h"

namespace kakehashi {

// What reading has found so far.
struct Findings {
  std::vector<Fault> faults;
  std::vector<Fault> notices;
  std::vector<UnknownKey> unknown;

  void fault(std::string path, std::string en, std::string ja) {
    faults.push_back({std::move(path), std::move(en), std::move(ja)});
  }
  void notice(std::string path, std::string en, std::string ja) {
    notices.push_back({std::move(path), std::move(en), std::move(ja)});
  }
};

enum class Need : std::uint8_t { Optional, Required };

// `"a", "b"` for sentences that list what there is.
std::string quoted_list(const std::vector<std::string>& words);
// "a text" / 文字列, for sentences about a wrong type.
Text type_words(const nlohmann::json& value);
// scenes[2] + layers -> scenes[2].layers
std::string child_path(const std::string& path, const std::string& key);
bool is_identifier(const std::string& word);  // 1..64 of A-Z a-z 0-9 _ - .
// Empty when the string may be shown and stored: no control characters, at most `most` bytes.
Text string_trouble(const std::string& value, std::size_t most);

class ObjectReader {
 public:
  // `value` outlives the reader. Not an object: one fault, and every key counts as absent.
  ObjectReader(const nlohmann::json& value, std::string path, std::string pointer, Findings& out);
  // Reports the keys that were never asked for.
  ~ObjectReader();
  ObjectReader(const ObjectReader&) = delete;
  ObjectReader& operator=(const ObjectReader&) = delete;

  // Each leaves `out` as it was when the key is absent or faulty, and says so.
  void identifier(const char* key, std::string& out, Need need);
  void reference(const char* key, std::string& out);  // "" allowed: none
  // A list of them, none empty.
  void references(const char* key, std::size_t most, std::vector<std::string>& out);
  void string(const char* key, std::string& out, Need need, std::size_t most = 2000);
  void text(const char* key, Text& out, Need need);
  void boolean(const char* key, bool& out);
  void integer(const char* key, int& out, int least, int most);
  void number(const char* key, double& out, double least, double most);
  void milliseconds(const char* key, Duration& out, double least, double most);
  void seconds(const char* key, Duration& out, double least, double most, Need need);
  void rate(const char* key, Rate& out);
  void colour(const char* key, std::uint32_t& out);
  void rect(const char* key, Rect& out);
  void crop(const char* key, Crop& out);
  // [x, y, width, height] in fractions of a picture; required, and something of it inside.
  void area(const char* key, double& x, double& y, double& w, double& h);
  // One of `words`; `out` becomes its index.
  void choice(const char* key, std::size_t& out, std::span<const char* const> words);

  // One call per element, also for one that is no object, so that indices stay true.
  void list(const char* key, std::size_t most, const std::function<void(ObjectReader&)>& element);
  void object(const char* key, const std::function<void(ObjectReader&)>& fields);

  bool has(const char* key) const;
  // Marks the key as known. Null when absent.
  const nlohmann::json* take(const std::string& key, Need need = Need::Optional);
  // All keys not yet asked for.
  std::vector<std::string> rest() const;
  void fault(const std::string& key, std::string en, std::string ja);
  const std::string& path() const { return path_; }
  const std::string& pointer() const { return pointer_; }
  Findings& findings() { return out_; }

 private:
  void wrong_type(const std::string& key, const nlohmann::json& v, const char* en, const char* ja);
  void too_many(const char* key, std::size_t count, std::size_t most);
  bool numbers(const char* key, double (&out)[4], const char* en, const char* ja);
  void time(const char* key, Duration& out, double unit_ns, double least, double most, Need need);

  const nlohmann::json& value_;
  std::string path_, pointer_;
  Findings& out_;
  std::set<std::string> known_;
};

}  // namespace kakehashi
