// SPDX-License-Identifier: GPL-3.0-or-later
// Which word a strip, a set and a bus deserve; and the fader that all of them share.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "gui/sound_panels.h"

namespace kakehashi {
namespace {

Word heard_word(std::string_view id) {
  struct Row {
    std::string_view id;
    Word word;
  };
  static constexpr Row kRows[] = {{"no_sound", Word::HearNothing},
                                  {"silent", Word::HearNothing},
                                  {"muted_talk", Word::HearMutedTalk},
                                  {"card_microphone", Word::HearCardMicrophone},
                                  {"clipping", Word::Clipping},
                                  {"hum", Word::HearHum},
                                  {"howl", Word::HearHowl},
                                  {"echo", Word::HearEcho},
                                  {"dropouts", Word::HearDropouts},
                                  {"one_sided", Word::HearOneSided},
                                  {"wrong_channel", Word::HearWrongChannel},
                                  {"phase", Word::HearPhase},
                                  {"av_offset", Word::HearOffset}};
  for (const Row& row : kRows)
    if (row.id == id) return row.word;
  return Word::HearOther;
}

bool contains(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

const InputFinding* trouble_of(const StripStatus& strip) {
  const InputFinding* worst = nullptr;
  for (const InputFinding& f : strip.findings)
    if (f.severity != Severity::Notice && (!worst || f.severity > worst->severity)) worst = &f;
  return worst;
}

StripLook look_of(const Snapshot& snapshot, const StripStatus& s, LevelWord level) {
  if (contains(snapshot.microphones_live, s.id))
    return {Word::CardLiveMic, Icon::Microphone, theme::kCaution, false};
  const bool down = s.gain_db <= -60;
  const bool heard = s.heard && !s.muted && !down;
  if (const InputFinding* trouble = trouble_of(s))
    return {heard_word(trouble->id), Icon::Caution, theme::kCaution, !heard};
  if (s.muted) return {Word::Muted, Icon::Muted, theme::kMute, true};
  if (down) return {Word::FaderDown, Icon::Muted, theme::kCaution, true};
  if (s.sound.rights == Rights::VenueOnly) return {Word::VenueOnly, Icon::Lock, 0, false};
  if (!s.heard) return {Word::Closed, Icon::Muted, 0, true};
  const bool alarm = level == LevelWord::Loud || level == LevelWord::Clipping;
  return {level_word(level), level_icon(level), alarm ? theme::kCaution : 0, false};
}

bool opens_by_hand(const Snapshot& snapshot, const StripStatus& s) {
  return s.muted || (!s.open && !(s.microphone && card_on_air(snapshot)));
}

bool card_on_air(const Snapshot& s) {
  const SceneStatus* scene = find_by_id(s.scenes, s.program);
  return scene && scene->card;
}

float look_width(Frame& f, const StripLook& look) {
  const std::string_view text = f.say(look.word);
  return look.ground ? f.px(36) + f.width({Face::Bold, 16, 0}, text)
                     : f.px(24) + f.width({Face::Regular, 18, 0}, text);
}

void draw_look(Frame& f, const StripLook& look, const Box& b, Align align) {
  const std::string_view text = f.say(look.word);
  const float w = look_width(f, look);
  const float x = align == Align::Right ? b.right() - w : b.x;
  if (look.ground) {
    f.chip(x, b.middle() - f.px(13), look.icon, text, look.ground, theme::kBlack);
    return;
  }
  const ImU32 ink = look.quiet ? theme::kText2 : theme::kText;
  f.icon(look.icon, x + f.px(9), b.middle(), 16, ink);
  f.label({x + f.px(24), b.y, w, b.h}, {Face::Regular, 18, ink}, text);
}

Word set_word(ProcessingSet set) {
  switch (set) {
    case ProcessingSet::Line:
      return Word::SetLine;
    case ProcessingSet::Remote:
      return Word::SetRemote;
    case ProcessingSet::Media:
      return Word::SetMedia;
    case ProcessingSet::Music:
      return Word::SetMusic;
    case ProcessingSet::Ambience:
      return Word::SetAmbience;
    case ProcessingSet::Speech:
      break;
  }
  return Word::SetSpeech;
}

Word set_note(ProcessingSet set) {
  switch (set) {
    case ProcessingSet::Line:
      return Word::SetLineNote;
    case ProcessingSet::Remote:
      return Word::SetRemoteNote;
    case ProcessingSet::Media:
      return Word::SetMediaNote;
    case ProcessingSet::Music:
      return Word::SetMusicNote;
    case ProcessingSet::Ambience:
      return Word::SetAmbienceNote;
    case ProcessingSet::Speech:
      break;
  }
  return Word::SetSpeechNote;
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

Word loudness_look(LoudnessWord word) {
  switch (word) {
    case LoudnessWord::Quiet:
      return Word::Low;
    case LoudnessWord::Good:
      return Word::Good;
    case LoudnessWord::Loud:
      return Word::Loud;
    case LoudnessWord::Silent:
      break;
  }
  return Word::NoSound;
}

std::string decibels(double db) {
  return db <= -60 ? "−∞ dB"
                   : (db > 0.05    ? "+"
                      : db < -0.05 ? "−"
                                   : "") +
                         figure(std::abs(db), 1) + " dB";
}

std::string signed_figure(double db) {
  const double rounded = std::round(db);
  return rounded == 0 ? "0" : (rounded > 0 ? "+" : "−") + figure(std::abs(rounded), 0);
}

std::string output_name(const Frame& f, const std::string& name) {
  const bool server = name == "pulse" || name == "default" || name == "pipewire";
  return server ? std::string(f.say(Word::OutletStandard)) : name;
}

bool needs_device(const SoundBusStatus& bus) {
  return bus.kind != SoundBusKind::Program && bus.kind != SoundBusKind::RecordClean;
}

BusLook look_of(const SoundBusStatus& bus) {
  if (bus.muted) return {Word::Muted, Icon::Muted, theme::kMute};
  if (bus.gain_db <= -60) return {Word::FaderDown, Icon::Muted, theme::kCaution};
  if (!needs_device(bus)) return {Word::BusMixing, Icon::Check};
  if (bus.device.empty()) return {Word::BusNoDevice, Icon::Wait};
  if (!bus.playing) return {Word::BusStopped, Icon::Caution, theme::kCaution};
  return {Word::BusPlaying, Icon::Check};
}

}  // namespace kakehashi
