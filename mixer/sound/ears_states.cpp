// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/ears_states.h"

#include <algorithm>

#include "mixer/sound/ears_table.h"

namespace kakehashi::ears {
namespace {

constexpr double kBlock = 1.0 / kSecond;

// Fills while it is so and empties half as fast, so that a breath does not begin it anew.
void count(double& seconds, bool so, double most) {
  seconds = so ? std::min(seconds + kBlock, most) : std::max(seconds - kBlock / 2, 0.0);
}

bool speaker(ProcessingSet set) {
  return set == ProcessingSet::Speech || set == ProcessingSet::Line || set == ProcessingSet::Remote;
}

}  // namespace

StateWatch::StateWatch(std::size_t strips) : strips_(strips) {}

void StateWatch::judge(const EarsMoment& moment, std::span<const TalkSense> senses) {
  judge_muted(moment, senses);
  judge_card(moment, senses);
  judge_wrong(moment, senses);
}

void StateWatch::judge_muted(const EarsMoment& moment, std::span<const TalkSense> senses) {
  // Whoever speaks into an open microphone is heard by the muted one beside it too, only lower.
  double open_db = -120;
  for (std::size_t i = 0; i < strips_.size(); ++i)
    if (moment.state[i].open) open_db = std::max(open_db, senses[i].loud_db());
  for (std::size_t i = 0; i < strips_.size(); ++i) {
    const EarsStrip& s = moment.state[i];
    Strip& strip = strips_[i];
    if (!s.microphone || !s.muted || !s.wanted || !moment.talk_expected) {
      strip.muted_s = strip.watched_s = 0;
      strip.muted_talk = false;
      continue;
    }
    // What the sense remembers of the time before, a chat under a card, was said to nobody.
    strip.watched_s = std::min(strip.watched_s + kBlock, kTalkSeconds);
    const bool talks = strip.watched_s >= kTalkSeconds && senses[i].talks() &&
                       senses[i].loud_db() >= kMutedTalkDb &&
                       senses[i].loud_db() >= open_db + kMutedTalkOverDb;
    count(strip.muted_s, talks, kMutedTalkSeconds + kGoneSeconds / 2);
    if (strip.muted_s >= kMutedTalkSeconds) strip.muted_talk = true;
    if (strip.muted_s == 0) strip.muted_talk = false;
  }
}

void StateWatch::judge_card(const EarsMoment& moment, std::span<const TalkSense> senses) {
  for (std::size_t i = 0; i < strips_.size(); ++i) {
    const EarsStrip& s = moment.state[i];
    Strip& strip = strips_[i];
    if (!moment.card || !s.open || !(s.microphone || s.set == ProcessingSet::Line)) {
      strip.card_s = strip.forgotten_s = 0;
      strip.card = CardLeak::None;
      continue;
    }
    if (s.cued) {
      strip.card_s = 0;
      strip.forgotten_s = senses[i].talks() ? 0 : strip.forgotten_s + kBlock;
      strip.card = strip.forgotten_s >= kCuedQuietSeconds ? CardLeak::Forgotten : CardLeak::None;
      continue;
    }
    strip.forgotten_s = 0;
    const double least = s.microphone ? kCardTalkSeconds : kCardLineSeconds;
    count(strip.card_s, senses[i].talks(), least + kGoneSeconds / 2);
    if (strip.card_s >= least) strip.card = s.microphone ? CardLeak::Microphone : CardLeak::Line;
    if (strip.card_s == 0) strip.card = CardLeak::None;
  }
}

void StateWatch::judge_wrong(const EarsMoment& moment, std::span<const TalkSense> senses) {
  // Every open one that might speak is as quiet as a socket without a microphone.
  bool nobody = moment.talk_expected;
  for (std::size_t i = 0; i < strips_.size(); ++i)
    if (moment.state[i].open && senses[i].loud_db() > kWrongQuietDb) nobody = false;
  int speaks = -1;
  for (std::size_t i = 0; i < strips_.size() && nobody; ++i) {
    const EarsStrip& s = moment.state[i];
    if (s.open || s.wanted || s.muted || !speaker(s.set) || !senses[i].talks()) continue;
    if (senses[i].loud_db() < kMutedTalkDb) continue;
    if (speaks < 0 || senses[i].loud_db() > senses[static_cast<std::size_t>(speaks)].loud_db())
      speaks = static_cast<int>(i);
  }
  bool said = false;  // of the first one that should be heard: one finding is enough
  for (std::size_t i = 0; i < strips_.size(); ++i) {
    const EarsStrip& s = moment.state[i];
    Strip& strip = strips_[i];
    if (said || !s.open || !s.wanted || !speaker(s.set)) {
      strip.wrong_s = 0;
      strip.instead = -1;
      continue;
    }
    said = true;
    if (nobody)
      count(strip.wrong_s, speaks >= 0, kWrongSeconds + kGoneSeconds / 2);
    else
      strip.wrong_s = 0;
    if (strip.wrong_s >= kWrongSeconds && speaks >= 0) strip.instead = speaks;
    if (strip.wrong_s == 0) strip.instead = -1;
  }
}

}  // namespace kakehashi::ears
