// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strip_settings.h"

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

StripSettings settings_of_input(bool microphone) {
  return settings_of(microphone ? ProcessingSet::Speech : ProcessingSet::Media);
}

}  // namespace kakehashi
