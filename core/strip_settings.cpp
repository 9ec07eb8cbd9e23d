// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strip_settings.h"

#include <algorithm>
#include <string_view>

namespace kakehashi {

StripSettings settings_of(ProcessingSet set) {
  StripSettings s;
  s.set = set;
  switch (set) {
    case ProcessingSet::Speech:
      s.high_pass_hz = 80;
      s.noise_db = 9;
      s.gate = {-55, 8};
      s.compressor = {3, -24, 10, 150, 6};
      s.automix = true;
      s.rider_db = 9;
      break;
    case ProcessingSet::Line:
      s.high_pass_hz = 40;
      s.compressor = {2, -20, 15, 200, 4};
      s.rider_db = 6;
      break;
    case ProcessingSet::Remote:
      s.high_pass_hz = 100;
      s.compressor = {3, -24, 10, 150, 6};
      s.rider_db = 6;
      break;
    case ProcessingSet::Media:
      s.high_pass_hz = 30;
      s.follow_picture = false;
      break;
    case ProcessingSet::Music:
      s.high_pass_hz = 30;
      break;
    case ProcessingSet::Ambience:
      s.high_pass_hz = 120;
      s.trim_db = -18;
      s.duck_db = 6;
      break;
  }
  return s;
}

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

StripSettings settings_of_input(bool microphone) {
  return settings_of(microphone ? ProcessingSet::Speech : ProcessingSet::Media);
}

}  // namespace kakehashi
