// SPDX-License-Identifier: GPL-3.0-or-later
#include "presets/reader.h"

#include <charconv>
#include <cmath>

#include "presets/secret_guard.h"

namespace kakehashi {

namespace {

using nlohmann::json;

std::string plain(double v) {
  return json(std::floor(v) == v && std::abs(v) < 1e15 ? json(static_cast<std::int64_t>(v))
                                                       : json(v))
      .dump();
}

// Whole numbers may be written 30.0: people and spreadsheets do.
bool whole(const json& v, double& out) {
  if (!v.is_number()) return false;
  out = v.get<double>();
  return std::floor(out) == out && std::abs(out) < 9e15;
}

// A JSON pointer's reference token (RFC 6901 section 3).
std::string pointer_token(const std::string& key) {
  std::string out;
  for (const char c : key) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string quoted_list(const std::vector<std::string>& words) {
  std::string out;
  std::size_t shown = 0;
  for (const auto& w : words) {
    if (shown == 20) return out + ", …";
    out += (shown++ == 0 ? "" : ", ") + w;
  }
  return out;
}

Text type_words(const json& value) {
  if (value.is_null()) return {"null", "null"};
  if (value.is_boolean()) return {"true／false", "true or false"};
  if (value.is_number_integer()) return {"整数", "a whole number"};
  if (value.is_number()) return {"小数", "a fraction"};
  if (value.is_string()) return {"文字列", "a text"};
  if (value.is_array()) return {"リスト [ ]", "a list [ ]"};
  return {"まとまり { }", "an object { }"};
}

std::string child_path(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

bool is_identifier(const std::string& word) {
  if (word.empty() || word.size() > 64) return false;
  for (const char c : word)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
          c == '-' || c == '.'))
      return false;
  return true;
}

Text string_trouble(const std::string& value, std::size_t most) {
  if (value.size() > most) {
    const std::string limit = std::to_string(most);
    return {"長すぎます（" + limit + "バイトまで）。", "is too long (at most " + limit + " bytes)"};
  }
  for (const char c : value)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')
      return {"目に見えない制御文字が入っています。打ち直してください。",
              "contains a control character; type it again"};
  return {};
}

ObjectReader::ObjectReader(const json& value, std::string path, std::string pointer, Findings& out)
    : value_(value), path_(std::move(path)), pointer_(std::move(pointer)), out_(out) {
  if (!value_.is_object()) {
    const Text got = type_words(value_);
    out_.fault(path_, "must be an object { }, not " + got.en,
               "まとまり { } で書いてください（今は" + got.ja + "）。");
  }
}

ObjectReader::~ObjectReader() {
  constexpr std::size_t kMostNotices = 200;  // a file of garbage keys must not fill the screen
  for (const auto& key : rest()) {
    const json& v = value_[key];
    if (names_a_secret(key, v)) {
      out_.fault(child_path(path_, key),
                 "keys and passwords do not belong in this file; put it into the secrets file and "
                 "name it with key_name",
                 "配信キーやパスワードはこのファイルに書けません。鍵のファイルに入れ、key_name "
                 "でその名前を書いてください。");
      continue;
    }
    out_.unknown.push_back({pointer_ + "/" + pointer_token(key), v.dump()});
    if (out_.notices.size() < kMostNotices)
      out_.notice(child_path(path_, key),
                  "this version does not know this key; it is kept and has no effect",
                  "この版が知らない項目です。消さずに残しますが、効果はありません。");
  }
}

bool ObjectReader::has(const char* key) const { return value_.is_object() && value_.contains(key); }

const json* ObjectReader::take(const std::string& key, Need need) {
  known_.insert(key);
  if (!value_.is_object()) return nullptr;
  const auto it = value_.find(key);
  if (it != value_.end()) return &*it;
  if (need == Need::Required)
    fault(key, "is missing", "この項目がありません。書き足してください。");
  return nullptr;
}

std::vector<std::string> ObjectReader::rest() const {
  std::vector<std::string> out;
  if (value_.is_object())
    for (auto it = value_.begin(); it != value_.end(); ++it)
      if (!known_.contains(it.key())) out.push_back(it.key());
  return out;
}

void ObjectReader::fault(const std::string& key, std::string en, std::string ja) {
  out_.fault(child_path(path_, key), std::move(en), std::move(ja));
}

void ObjectReader::wrong_type(const std::string& key, const json& v, const char* en,
                              const char* ja) {
  const Text got = type_words(v);
  fault(key, std::string("must be ") + en + ", not " + got.en,
        std::string(ja) + "で書いてください（今は" + got.ja + "）。");
}

void ObjectReader::too_many(const char* key, std::size_t count, std::size_t most) {
  fault(key, "has " + std::to_string(count) + " entries; at most " + std::to_string(most),
        std::to_string(count) + "件あります。" + std::to_string(most) + "件までにしてください。");
}

void ObjectReader::string(const char* key, std::string& out, Need need, std::size_t most) {
  const json* v = take(key, need);
  if (v == nullptr) return;
  if (!v->is_string()) return wrong_type(key, *v, "a text", "文字列");
  const auto& s = v->get_ref<const std::string&>();
  if (const Text trouble = string_trouble(s, most); !trouble.en.empty())
    return fault(key, trouble.en, trouble.ja);
  if (need == Need::Required && s.empty())
    return fault(key, "must not be empty", "空にはできません。文字を入れてください。");
  out = s;
}

void ObjectReader::identifier(const char* key, std::string& out, Need need) {
  std::string word;
  const std::size_t before = out_.faults.size();
  string(key, word, need);
  if (out_.faults.size() != before || (word.empty() && !has(key))) return;
  if (!is_identifier(word))
    return fault(key, "must be 1 to 64 letters a-z A-Z, digits or _ - . (no spaces, no Japanese)",
                 "半角の英数字と _ - . だけで、1〜64文字で書いてください。");
  out = word;
}

void ObjectReader::reference(const char* key, std::string& out) {
  string(key, out, Need::Optional, 64);
}

void ObjectReader::references(const char* key, std::size_t most, std::vector<std::string>& out) {
  const json* v = take(key);
  if (v == nullptr) return;
  if (!v->is_array()) return wrong_type(key, *v, "a list [ ]", "リスト [ ] ");
  if (v->size() > most) return too_many(key, v->size(), most);
  for (std::size_t i = 0; i < v->size(); ++i) {
    const json& one = (*v)[i];
    const std::string place = std::string(key) + "[" + std::to_string(i) + "]";
    if (!one.is_string())
      wrong_type(place, one, "a text", "文字列");
    else if (const auto& word = one.get_ref<const std::string&>(); !is_identifier(word))
      fault(place, "must be the id of an input (a-z A-Z 0-9 _ - .)",
            "入力の名前（id）を半角英数字で書いてください。");
    else
      out.push_back(word);
  }
}

void ObjectReader::text(const char* key, Text& out, Need need) {
  const json* v = take(key, need);
  if (v == nullptr) return;
  if (v->is_string()) {
    Text t;
    string(key, t.ja, Need::Required);
    if (!t.ja.empty()) out = t;
    return;
  }
  if (!v->is_object())
    return wrong_type(key, *v, "a text or {\"ja\": …, \"en\": …}",
                      "文字列か {\"ja\": …, \"en\": …} ");
  ObjectReader both(*v, child_path(path_, key), pointer_ + "/" + pointer_token(key), out_);
  Text t;
  both.string("ja", t.ja, Need::Required);
  both.string("en", t.en, Need::Optional);
  if (!t.ja.empty()) out = t;
}

void ObjectReader::boolean(const char* key, bool& out) {
  const json* v = take(key);
  if (v == nullptr) return;
  if (!v->is_boolean()) return wrong_type(key, *v, "true or false", "true か false ");
  out = v->get<bool>();
}

void ObjectReader::integer(const char* key, int& out, int least, int most) {
  const json* v = take(key);
  if (v == nullptr) return;
  double n = 0;
  if (!whole(*v, n)) return wrong_type(key, *v, "a whole number", "整数");
  if (n < least || n > most)
    return fault(
        key, "must be " + plain(least) + " to " + plain(most) + ", not " + plain(n),
        plain(least) + "〜" + plain(most) + "の数にしてください（今は" + plain(n) + "）。");
  out = static_cast<int>(n);
}

void ObjectReader::number(const char* key, double& out, double least, double most) {
  const json* v = take(key);
  if (v == nullptr) return;
  if (!v->is_number()) return wrong_type(key, *v, "a number", "数");
  const double n = v->get<double>();
  if (!(n >= least && n <= most))
    return fault(
        key, "must be " + plain(least) + " to " + plain(most) + ", not " + plain(n),
        plain(least) + "〜" + plain(most) + "の数にしてください（今は" + plain(n) + "）。");
  out = n;
}

void ObjectReader::time(const char* key, Duration& out, double unit_ns, double least, double most,
                        Need need) {
  if (take(key, need) == nullptr) return;
  const std::size_t before = out_.faults.size();
  double n = 0;
  number(key, n, least, most);
  if (out_.faults.size() == before) out = {std::llround(n * unit_ns)};
}

void ObjectReader::milliseconds(const char* key, Duration& out, double least, double most) {
  time(key, out, 1e6, least, most, Need::Optional);
}

void ObjectReader::seconds(const char* key, Duration& out, double least, double most, Need need) {
  time(key, out, 1e9, least, most, need);
}

void ObjectReader::rate(const char* key, Rate& out) {
  const json* v = take(key);
  if (v == nullptr) return;
  Rate r{0, 1};
  double n = 0;
  if (v->is_string()) {
    const auto& s = v->get_ref<const std::string&>();
    const char* end = s.data() + s.size();
    auto [next, bad] = std::from_chars(s.data(), end, r.numerator);
    if (bad == std::errc() && next != end) {
      bad = *next == '/' ? std::errc() : std::errc::invalid_argument;
      if (bad == std::errc()) {
        const auto second = std::from_chars(next + 1, end, r.denominator);
        bad = second.ptr == end ? second.ec : std::errc::invalid_argument;
      }
    }
    if (bad != std::errc()) r = {0, 1};
  } else if (whole(*v, n) && n >= 1 && n <= 120) {
    r = {static_cast<std::int32_t>(n), 1};
  }
  if (!r.valid() || r.per_second() < 1 || r.per_second() > 120)
    return fault(
        key, "must be a whole number or an exact fraction in quotes, 1 to 120: 30, \"30000/1001\"",
        "1〜120の整数か、\"30000/1001\" のような分数で書いてください。");
  out = r;
}

void ObjectReader::colour(const char* key, std::uint32_t& out) {
  std::string s;
  const std::size_t before = out_.faults.size();
  string(key, s, Need::Optional, 64);
  if (!has(key) || out_.faults.size() != before) return;
  std::uint32_t v = 0;
  const char* end = s.data() + s.size();
  if (s.size() != 7 || s[0] != '#' || std::from_chars(s.data() + 1, end, v, 16).ptr != end)
    return fault(key, "must be a colour like \"#22384A\"",
                 "色は \"#22384A\" のように書いてください。");
  out = v;
}

bool ObjectReader::numbers(const char* key, double (&out)[4], const char* en, const char* ja) {
  const json* v = take(key);
  if (v == nullptr) return false;
  bool good = v->is_array() && v->size() == 4;
  for (std::size_t i = 0; good && i < 4; ++i) {
    good = (*v)[i].is_number();
    if (good) out[i] = (*v)[i].get<double>();
  }
  if (!good) fault(key, std::string("must be ") + en, std::string(ja) + "で書いてください。");
  return good;
}

void ObjectReader::rect(const char* key, Rect& out) {
  double n[4];
  if (!numbers(key, n, "four numbers [x, y, width, height] in pixels",
               "四つの数 [横の位置, 縦の位置, 幅, 高さ]（ピクセル）"))
    return;
  bool good = n[2] >= 2 && n[3] >= 2;
  for (const double v : n) good = good && std::floor(v) == v && std::abs(v) <= 8192;
  if (!good)
    return fault(key, "needs whole pixels, width and height 2 to 8192, x and y within ±8192",
                 "整数で、幅と高さは2〜8192、位置は±8192までにしてください。");
  out = {static_cast<int>(n[0]), static_cast<int>(n[1]), static_cast<int>(n[2]),
         static_cast<int>(n[3])};
}

void ObjectReader::crop(const char* key, Crop& out) {
  double n[4];
  if (!numbers(key, n, "four numbers [left, top, right, bottom], each a fraction of the picture",
               "四つの数 [左, 上, 右, 下]（画面に対する割合）"))
    return;
  bool good = n[0] + n[2] < 0.99 && n[1] + n[3] < 0.99;
  for (const double v : n) good = good && v >= 0 && v < 1;
  if (!good)
    return fault(
        key, "cuts everything away: each side 0 to below 1, opposite sides together < 0.99",
        "切り取りすぎです。各辺は0以上1未満、向かい合う辺の合計は0.99未満にしてください。");
  out = {n[0], n[1], n[2], n[3]};
}

void ObjectReader::area(const char* key, double& x, double& y, double& w, double& h) {
  double n[4];
  if (!has(key)) return void(take(key, Need::Required));
  if (!numbers(key, n, "four numbers [x, y, width, height], fractions of the picture",
               "四つの数 [横の位置, 縦の位置, 幅, 高さ]（画面に対する割合）"))
    return;
  bool good = n[2] > 0 && n[3] > 0 && n[0] < 1 && n[1] < 1 && n[0] + n[2] > 0 && n[1] + n[3] > 0;
  for (const double v : n) good = good && std::abs(v) <= 2;
  if (!good)
    return fault(key, "hides nothing: fractions of the picture, 0 to 1, with a width and a height",
                 "画面に入っていません。0〜1の割合で、幅と高さは0より大きくしてください。");
  x = n[0];
  y = n[1];
  w = n[2];
  h = n[3];
}

void ObjectReader::choice(const char* key, std::size_t& out, std::span<const char* const> words) {
  const json* v = take(key);
  if (v == nullptr) return;
  if (v->is_string())
    for (std::size_t i = 0; i < words.size(); ++i)
      if (v->get_ref<const std::string&>() == words[i]) {
        out = i;
        return;
      }
  const std::string all = quoted_list({words.begin(), words.end()});
  fault(key, "must be one of: " + all, "次のどれかにしてください：" + all + "。");
}

void ObjectReader::list(const char* key, std::size_t most,
                        const std::function<void(ObjectReader&)>& element) {
  const json* v = take(key);
  if (v == nullptr) return;
  if (!v->is_array()) return wrong_type(key, *v, "a list [ ]", "リスト [ ] ");
  if (v->size() > most) return too_many(key, v->size(), most);
  for (std::size_t i = 0; i < v->size(); ++i) {
    const std::string index = std::to_string(i);
    ObjectReader item((*v)[i], child_path(path_, key) + "[" + index + "]",
                      pointer_ + "/" + key + "/" + index, out_);
    element(item);
  }
}

void ObjectReader::object(const char* key, const std::function<void(ObjectReader&)>& fields) {
  const json* v = take(key);
  if (v == nullptr) return;
  ObjectReader inner(*v, child_path(path_, key), pointer_ + "/" + pointer_token(key), out_);
  fields(inner);
}

}  // namespace kakehashi
