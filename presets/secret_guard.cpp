// SPDX-License-Identifier: GPL-3.0-or-later
#include "presets/secret_guard.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace kakehashi {

namespace {

bool letter_or_digit(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool secret_word(std::string_view name) {
  static constexpr std::array<std::string_view, 16> kWords{
      "key",        "streamkey", "stream_key", "password", "passwd",   "pass",
      "passphrase", "pwd",       "secret",     "token",    "streamid", "auth",
      "credential", "apikey",    "api_key",    "signature"};
  const std::string word = lower(name);
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end() ||
         word.ends_with("_password") || word.ends_with("_secret") || word.ends_with("_token");
}

// What services hand out: YouTube "abcd-efgh-1234-5678-9abc", Twitch "live_1234_AbC…", others 20
// and more mixed characters.
bool looks_like_key(std::string_view part) {
  if (part.starts_with("live_") && part.size() >= 20) return true;
  std::size_t groups = 1, in_group = 0, digits = 0, letters = 0;
  bool fours = true;
  for (const char c : part) {
    if (c == '-') {
      fours = fours && in_group == 4;
      in_group = 0;
      ++groups;
      continue;
    }
    if (!letter_or_digit(c) && c != '_') return false;
    ++in_group;
    const bool digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
    digits += digit;
    letters += !digit && c != '_';
  }
  if (fours && in_group == 4 && groups >= 4) return true;
  return part.size() >= 20 && digits >= 3 && letters >= 3;
}

}  // namespace

bool names_a_secret(const std::string& key, const nlohmann::json& value) {
  if (secret_word(key)) return true;
  if (value.is_object())
    for (auto it = value.begin(); it != value.end(); ++it)
      if (names_a_secret(it.key(), *it)) return true;
  if (value.is_array())
    for (const auto& element : value)
      if (element.is_structured() && names_a_secret("", element)) return true;
  return value.is_string() && holds_a_secret(value.get_ref<const std::string&>());
}

bool holds_a_password(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return false;
  std::string_view authority(url);
  authority.remove_prefix(scheme + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  const auto at = authority.rfind('@');
  const auto colon = authority.find(':');
  return at != std::string_view::npos && colon < at && at - colon > 1;
}

bool holds_a_secret(const std::string& url) {
  if (holds_a_password(url)) return true;
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return false;
  std::string_view rest(url);
  rest.remove_prefix(scheme + 3);

  std::string_view query;
  if (const auto at = rest.find_first_of("?#"); at != std::string_view::npos) {
    query = rest.substr(at + 1);
    rest = rest.substr(0, at);
  }
  const auto slash = rest.find('/');

  while (!query.empty()) {
    const auto end = query.find_first_of("&#;");
    const std::string_view pair = query.substr(0, end);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && equals + 1 < pair.size() &&
        (secret_word(pair.substr(0, equals)) || looks_like_key(pair.substr(equals + 1))))
      return true;
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
  }

  // The last part of the path: rtmp://host/app/KEY.
  if (slash == std::string_view::npos) return false;
  std::string_view path = rest.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  const auto last = path.rfind('/');
  return last != std::string_view::npos && looks_like_key(path.substr(last + 1));
}

}  // namespace kakehashi
