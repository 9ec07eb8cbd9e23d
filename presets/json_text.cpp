// SPDX-License-Identifier: GPL-3.0-or-later
#include "presets/json_text.h"

#include <algorithm>

namespace kakehashi {

namespace {

using nlohmann::json;

// Builds the tree itself instead of json::parse: to stop at a depth, to see a key that stands twice
// (json::parse keeps the last one in silence) and to get the position of a mistake without an
// exception and without a quotation from the file.
class TreeBuilder final : public json::json_sax_t {
 public:
  explicit TreeBuilder(JsonReading& out) : out_(out) {}

  bool null() override { return put(nullptr); }
  bool boolean(bool v) override { return put(v); }
  bool number_integer(number_integer_t v) override { return put(v); }
  bool number_unsigned(number_unsigned_t v) override { return put(v); }
  bool number_float(number_float_t v, const string_t&) override { return put(v); }
  bool string(string_t& v) override { return put(std::move(v)); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    json& object = *stack_.back();
    if (object.contains(name) && out_.faults.size() < 20)
      out_.faults.push_back({name, "this key stands twice in the same object; keep one of them",
                             "同じ項目が二度書かれています。どちらか一つを消してください。"});
    slot_ = &object[name];
    return true;
  }

  bool parse_error(std::size_t byte, const std::string&, const json::exception& e) override {
    byte_ = byte;
    const std::string what = e.what();
    if (const auto at = what.find("; expected "); at != std::string::npos)
      expected_ = what.substr(at + 2);
    return false;
  }

  std::size_t byte() const { return byte_; }
  const std::string& expected() const { return expected_; }
  bool too_deep() const { return too_deep_; }

 private:
  json* put(json&& value, bool) {
    if (stack_.empty()) {
      out_.tree = std::move(value);
      return &out_.tree;
    }
    if (stack_.back()->is_array()) {
      stack_.back()->push_back(std::move(value));
      return &stack_.back()->back();
    }
    *slot_ = std::move(value);
    return slot_;
  }
  bool put(json&& value) {
    put(std::move(value), true);
    return true;
  }
  bool open(json&& container) {
    if (static_cast<int>(stack_.size()) >= kDeepestNesting) {
      too_deep_ = true;
      return false;
    }
    stack_.push_back(put(std::move(container), true));
    return true;
  }
  bool close() {
    stack_.pop_back();
    return true;
  }

  JsonReading& out_;
  std::vector<json*> stack_;  // open containers; their addresses stay, only the innermost one grows
  json* slot_ = nullptr;
  std::size_t byte_ = 0;
  std::string expected_;
  bool too_deep_ = false;
};

std::string line_and_column(std::string_view text, std::size_t byte, std::string& ja) {
  const std::size_t end = std::min(byte > 0 ? byte - 1 : 0, text.size());
  const auto line =
      1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
  const std::size_t start = end == 0 ? std::string_view::npos : text.rfind('\n', end - 1);
  const std::size_t column = start == std::string_view::npos ? end + 1 : end - start;
  ja = std::to_string(line) + "行目の" + std::to_string(column) + "文字目";
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

bool one_line(const nlohmann::ordered_json& v) {
  return std::none_of(v.begin(), v.end(), [&](const auto& child) {
    const bool record = v.is_array() && child.is_object() && !child.empty();
    return record ||
           (child.is_structured() && std::any_of(child.begin(), child.end(), [](const auto& inner) {
              return inner.is_structured();
            }));
  });
}

std::string flat(const nlohmann::ordered_json& v) {
  using nlohmann::ordered_json;
  if (!v.is_structured()) return v.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  std::string out(v.is_object() ? "{" : "[");
  for (auto it = v.begin(); it != v.end(); ++it) {
    if (it != v.begin()) out += ", ";
    if (v.is_object()) out += flat(ordered_json(it.key())) + ": ";
    out += flat(*it);
  }
  return out + (v.is_object() ? "}" : "]");
}

// Recursion is bounded: the trees written here come from a Show and from parse_json.
void pretty(const nlohmann::ordered_json& v, std::size_t indent, std::size_t used,
            std::string& out) {
  if (!v.is_structured() || v.empty()) {
    out += flat(v);
    return;
  }
  if (indent > 0 && one_line(v)) {
    std::string line = flat(v);
    if (used + line.size() <= 96) {
      out += line;
      return;
    }
  }
  out += v.is_object() ? "{\n" : "[\n";
  for (auto it = v.begin(); it != v.end(); ++it) {
    if (it != v.begin()) out += ",\n";
    out.append(indent + 2, ' ');
    std::size_t column = indent + 3;
    if (v.is_object()) {
      const std::string key = flat(nlohmann::ordered_json(it.key())) + ": ";
      out += key;
      column += key.size();
    }
    pretty(*it, indent + 2, column, out);
  }
  out += '\n';
  out.append(indent, ' ');
  out += v.is_object() ? '}' : ']';
}

}  // namespace

JsonReading parse_json(std::string_view text) {
  JsonReading out;
  if (text.size() > kLargestFile) {
    const std::string mb = std::to_string(text.size() / 1'000'000);
    out.faults.push_back({"", "the file has " + mb + " MB; at most 10 MB are read",
                          "ファイルが大きすぎます（" + mb + "MB）。10MBまでにしてください。"});
    return out;
  }
  TreeBuilder builder(out);
  if (json::sax_parse(text.begin(), text.end(), &builder)) return out;

  out.tree = nullptr;
  if (builder.too_deep()) {
    const std::string most = std::to_string(kDeepestNesting);
    out.faults = {{"", "brackets are nested deeper than " + most + " levels",
                   "かっこの入れ子が" + most + "段を超えています。"}};
    return out;
  }
  std::string ja;
  const std::string where = line_and_column(text, builder.byte(), ja);
  std::string message = "not valid JSON at " + where;
  if (!builder.expected().empty()) message += ": " + builder.expected();
  out.faults = {
      {where, message,
       "JSONとして読めません（" + ja + "）。その前後のカンマ、かっこ、引用符を確かめてください。"}};
  return out;
}

std::string pretty_json(const nlohmann::ordered_json& tree) {
  std::string out;
  pretty(tree, 0, 0, out);
  return out + "\n";
}

}  // namespace kakehashi
