// SPDX-License-Identifier: GPL-3.0-or-later
#include "presets/kind_settings.h"

#include <algorithm>
#include <cmath>

#include "presets/secret_guard.h"

namespace kakehashi {

namespace {

using nlohmann::json;

std::string number_text(double v) {
  return std::floor(v) == v && std::abs(v) < 1e15 ? std::to_string(static_cast<std::int64_t>(v))
                                                  : json(v).dump();
}

bool check_bounds(ObjectReader& from, const SettingField& field, double v) {
  if (v >= field.least && v <= field.most) return true;
  const bool below = field.least > -1e17, above = field.most < 1e17;
  std::string en = "must be ", ja;
  if (below && above) {
    en += number_text(field.least) + " to " + number_text(field.most);
    ja = number_text(field.least) + "〜" + number_text(field.most) + "の数にしてください";
  } else if (below) {
    en += "at least " + number_text(field.least);
    ja = number_text(field.least) + "以上の数にしてください";
  } else {
    en += "at most " + number_text(field.most);
    ja = number_text(field.most) + "以下の数にしてください";
  }
  from.fault(field.name, en + ", not " + number_text(v), ja + "（今は" + number_text(v) + "）。");
  return false;
}

void read_field(ObjectReader& from, const SettingField& field, Addresses addresses, Settings& out) {
  const json* v = from.take(field.name, field.required ? Need::Required : Need::Optional);
  if (v == nullptr) return;
  const auto wrong = [&](const char* en, const char* ja) {
    const Text got = type_words(*v);
    from.fault(field.name, std::string("must be ") + en + ", not " + got.en,
               std::string(ja) + "で書いてください（今は" + got.ja + "）。");
  };

  if (std::holds_alternative<bool>(field.fallback)) {
    if (!v->is_boolean()) return wrong("true or false", "true か false ");
    out[field.name] = v->get<bool>();
  } else if (std::holds_alternative<std::int64_t>(field.fallback)) {
    const double n = v->is_number() ? v->get<double>() : 0.5;
    if (std::floor(n) != n || std::abs(n) > 9e15) return wrong("a whole number", "整数");
    if (check_bounds(from, field, n)) out[field.name] = static_cast<std::int64_t>(n);
  } else if (std::holds_alternative<double>(field.fallback)) {
    if (!v->is_number()) return wrong("a number", "数");
    if (check_bounds(from, field, v->get<double>())) out[field.name] = v->get<double>();
  } else {
    if (!v->is_string()) return wrong("a text", "文字列");
    const auto& s = v->get_ref<const std::string&>();
    if (const Text trouble = string_trouble(s, 4096); !trouble.en.empty())
      return from.fault(field.name, trouble.en, trouble.ja);
    if (field.required && s.empty())
      return from.fault(field.name, "must not be empty",
                        "空にはできません。文字を入れてください。");
    if (addresses == Addresses::Public ? holds_a_password(s) : holds_a_secret(s))
      return from.fault(
          field.name,
          "seems to hold a stream key or a password; keys do not belong in this file: "
          "put it into the secrets file and name it with key_name",
          "配信キーかパスワードが入っているようです。このファイルには書かず、鍵のファイ"
          "ルに入れて key_name でその名前を書いてください。");
    if (!field.choices.empty() &&
        std::find(field.choices.begin(), field.choices.end(), s) == field.choices.end())
      return from.fault(field.name, "must be one of: " + quoted_list(field.choices),
                        "次のどれかにしてください：" + quoted_list(field.choices) + "。");
    out[field.name] = s;
  }
}

}  // namespace

const KindDescription* read_kind(ObjectReader& from, const KindTable& table, std::string& kind,
                                 Settings& settings, Addresses addresses) {
  const std::size_t before = from.findings().faults.size();
  from.string("kind", kind, Need::Required, 64);
  const KindDescription* row = find_kind(table, kind);
  if (row == nullptr) {
    std::vector<std::string> names;
    for (const auto& k : table) names.push_back(k.name);
    if (from.findings().faults.size() == before)
      from.fault("kind", "no kind is called \"" + kind + "\" (kinds: " + quoted_list(names) + ")",
                 "「" + kind + "」という種類はありません。次のどれかにしてください：" +
                     quoted_list(names) + "。");
    // Its settings cannot be judged, so they are not called unknown either.
    for (const auto& key : from.rest())
      if (names_a_secret(key, *from.take(key)))
        from.fault(key, "keys and passwords do not belong in this file; name it with key_name",
                   "配信キーやパスワードはこのファイルに書けません。");
    return nullptr;
  }
  read_settings(from, *row, settings, addresses);
  return row;
}

void read_settings(ObjectReader& from, const KindDescription& kind, Settings& settings,
                   Addresses addresses) {
  for (const auto& field : kind.fields) read_field(from, field, addresses, settings);
}

SourceSpec read_source(ObjectReader& from, const KindTable& sources) {
  SourceSpec spec;
  read_kind(from, sources, spec.kind, spec.settings);
  return spec;
}

}  // namespace kakehashi
