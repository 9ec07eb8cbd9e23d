// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/words.h"

#include <array>
#include <cstdio>

namespace kakehashi {
namespace {

struct Pair {
  std::string_view ja, en;
};
constexpr std::array<Pair, static_cast<std::size_t>(Word::Count)> kWords{{
#define KAKEHASHI_WORD_TEXT(id, ja, en) {ja, en},
    KAKEHASHI_WORDS(KAKEHASHI_WORD_TEXT)
#undef KAKEHASHI_WORD_TEXT
}};

}  // namespace

std::string_view word(Word w, Language language) {
  const Pair& p = kWords[static_cast<std::size_t>(w)];
  return language == Language::English ? p.en : p.ja;
}

std::string word(Word w, Language language, std::initializer_list<std::string_view> arguments) {
  std::string out;
  auto argument = arguments.begin();
  std::string_view rest = word(w, language);
  while (!rest.empty()) {
    const std::size_t hole = rest.find("{}");
    out += rest.substr(0, hole);
    if (hole == std::string_view::npos) break;
    if (argument != arguments.end()) out += *argument++;
    rest.remove_prefix(hole + 2);
  }
  return out;
}

std::string_view scope_word(AudienceScope scope, Language language) {
  switch (scope) {
    case AudienceScope::Public:
      return word(Word::ScopePublic, language);
    case AudienceScope::Unlisted:
      return word(Word::ScopeUnlisted, language);
    case AudienceScope::Internal:
      return word(Word::ScopeInternal, language);
    case AudienceScope::Practice:
      break;
  }
  return word(Word::ScopePracticeShort, language);
}

std::string figure(double value, int decimals) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  return buffer;
}

std::string clock_text(double seconds, bool with_hours) {
  const auto s = static_cast<long long>(seconds > 0 ? seconds : 0);
  char buffer[48];
  if (with_hours || s >= 3600)
    std::snprintf(buffer, sizeof buffer, "%02lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
  else
    std::snprintf(buffer, sizeof buffer, "%02lld:%02lld", s / 60, s % 60);
  return buffer;
}

}  // namespace kakehashi
