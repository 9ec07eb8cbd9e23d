// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strip_change.h"

#include <algorithm>
#include <string_view>

namespace kakehashi {

StripSettings with_set(const StripSettings& now, ProcessingSet set) {
  StripSettings s = settings_of(set);
  // A set may bring a trim of its own (ambience): what was trimmed beyond the old set's is kept.
  s.trim_db = std::clamp(s.trim_db + now.trim_db - settings_of(now.set).trim_db, -30.0, 30.0);
  s.invert = now.invert;
  s.mono = now.mono;
  s.delay_ms = now.delay_ms;
  s.pan = now.pan;
  s.rights = now.rights;
  s.follow_picture = now.follow_picture;
  s.group = now.group;
  s.priority_db = now.priority_db;
  return s;
}

StripSettings changed_strip(const StripSettings& now, const StripSettings& wish,
                            const std::vector<std::string>& said) {
  if (said.empty()) return wish;
  const auto is_said = [&](std::string_view name) {
    return std::find(said.begin(), said.end(), name) != said.end();
  };
  StripSettings out = is_said("set") && wish.set != now.set ? with_set(now, wish.set) : now;
#define KAKEHASHI_TAKE(field) \
  if (is_said(#field)) out.field = wish.field
  KAKEHASHI_TAKE(trim_db);
  KAKEHASHI_TAKE(invert);
  KAKEHASHI_TAKE(mono);
  KAKEHASHI_TAKE(high_pass_hz);
  KAKEHASHI_TAKE(noise_db);
  KAKEHASHI_TAKE(gate);
  KAKEHASHI_TAKE(eq);
  KAKEHASHI_TAKE(compressor);
  KAKEHASHI_TAKE(delay_ms);
  KAKEHASHI_TAKE(pan);
  KAKEHASHI_TAKE(rights);
  KAKEHASHI_TAKE(follow_picture);
  KAKEHASHI_TAKE(automix);
  KAKEHASHI_TAKE(priority_db);
  KAKEHASHI_TAKE(rider_db);
  KAKEHASHI_TAKE(group);
  KAKEHASHI_TAKE(duck_db);
#undef KAKEHASHI_TAKE
  return out;
}

}  // namespace kakehashi
