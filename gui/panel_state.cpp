// SPDX-License-Identifier: GPL-3.0-or-later
// The state bar, read from two metres: on air, recording, who can watch, one message, the card.
#include <algorithm>
#include <cmath>

#include "gui/keys.h"
#include "gui/panels.h"

namespace kakehashi {
namespace {

// A plate of state: big sign, big word, elapsed time.
void plate(Frame& f, const Box& b, Icon icon, std::string_view text, const std::string& time,
           ImU32 ground, ImU32 ink) {
  f.fill(b, ground, 8);
  f.icon(icon, b.x + f.px(32), b.middle(), 28, ink);
  const Ink clock{Face::Fixed, b.w < f.px(340) ? 28 : 34, ink};
  const float right = time.empty() ? 0 : f.width(clock, time) + f.px(14);
  const float room = b.w - f.px(58) - right - f.px(8);
  Ink letters{Face::Bold, 36, ink};
  for (const int smaller : {28, 24, 20})
    if (f.width(letters, text) > room) letters.px = smaller;
  f.label({b.x + f.px(58), b.y, room, b.h}, letters, text);
  if (!time.empty()) f.label({b.right() - right, b.y, right, b.h}, clock, time);
}

void empty_plate(Frame& f, const Box& b, Icon icon, std::string_view what, std::string_view state) {
  f.fill(b, theme::kPanel, 8);
  f.edge(b, theme::kLine, 1.5F, 8);
  f.icon(icon, b.x + f.px(32), b.middle(), 28, theme::kDisabled);
  float x = b.x + f.px(58);
  x += f.label({x, b.y, b.w, b.h}, {Face::Bold, 28, theme::kText2}, state) + f.px(16);
  f.label({x, b.y, b.right() - x - f.px(8), b.h}, {Face::Regular, 18, theme::kText3}, what);
}

bool blink(const Frame& f) { return std::fmod(f.now, 1.0) < 0.5; }  // 1 Hz at most

void draw_live(DeskPage& d) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  const Box& b = d.layout.live;
  if (!s.live) {
    if (s.practice) {
      f.hatch(b);
      const Box inner = b.inset(f.px(10));
      f.fill(inner, theme::kWin, 6);
      f.label(inner, {Face::Bold, 28, theme::kText}, f.say(Word::PracticeStandby), Align::Centre);
      return;
    }
    empty_plate(f, b, Icon::Live, f.say(Word::StreamPlate), f.say(Word::Standby));
    return;
  }
  const auto any = [&](OutputState state) {
    return std::any_of(s.outputs.begin(), s.outputs.end(), [&](const OutputStatus& o) {
      return o.enabled && !o.always && o.state == state;
    });
  };
  const std::string time = clock_text(s.live_seconds);
  if (any(OutputState::Live)) {
    if (!s.practice) {
      plate(f, b, Icon::Live, f.say(Word::Live), time, theme::kProgram, theme::kBlack);
      return;
    }
    f.hatch(b);
    plate(f, b.inset(f.px(10)), Icon::Live, f.say(Word::Practice), time, theme::kWin, theme::kText);
    return;
  }
  // Wanted on air, but nothing arrives: never say 配信中.
  const bool again = any(OutputState::Reconnecting);
  const bool connecting = again || any(OutputState::Connecting) || any(OutputState::Standby);
  const Word w = again        ? Word::LiveReconnecting
                 : connecting ? Word::LiveConnecting
                              : Word::LiveFailed;
  plate(f, b, connecting && !again ? Icon::Wait : Icon::Cross, f.say(w), time, theme::kPanel,
        theme::kText);
  if (!connecting || again)
    f.edge(b, blink(f) ? theme::kProgram : theme::rgb(0x8A2A00), 5, 8);
  else
    f.edge(b, theme::kOutline, 2, 8);
}

// A microphone is open while viewers see a card: nothing is more easily forgotten. Only a fault is
// told instead; the badge then keeps its own words in the plate's head.
void draw_card_microphones(DeskPage& d, const Message* fault) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  const Box& b = d.layout.message;
  const bool narrow = b.w < f.px(520);
  const Ink letters{Face::Bold, narrow ? 16 : 24, theme::kBlack};
  const std::string_view head = f.say(narrow ? Word::CardLiveMic : Word::CardLive);
  const float head_w = f.width(letters, head) + (narrow ? f.px(20) : f.px(58));
  f.fill({b.x, b.y, head_w, b.h}, theme::kCaution, 8);
  if (narrow) {
    f.icon(Icon::Microphone, b.x + head_w / 2, b.y + b.h * 0.36F, 24, theme::kBlack);
    f.label({b.x, b.y + b.h * 0.62F, head_w, b.h * 0.3F}, letters, head, Align::Centre);
  } else {
    f.icon(Icon::Microphone, b.x + f.px(26), b.middle(), 28, theme::kBlack);
    f.label({b.x + f.px(48), b.y, head_w, b.h}, letters, head);
  }
  f.edge(b, fault && blink(f) ? theme::kProgram : theme::kCaution, 3, 8);
  std::string names;
  for (const std::string& id : s.microphones_live)
    if (const StripStatus* strip = find_by_id(s.strips, id))
      names += (names.empty()                     ? ""
                : f.language == Language::English ? ", "
                                                  : "、") +
               f.say(strip->name);
  const float pad = narrow ? f.px(8) : f.px(12);
  const Box words{b.x + head_w + pad, b.y + f.px(7), b.w - head_w - 2 * pad, b.h - f.px(14)};
  Ink first{Face::Bold, 18, theme::kText};
  const std::string what =
      fault ? f.say(fault->what) : word(Word::CardLiveWho, f.language, {names});
  const std::string action =
      fault ? f.say(fault->action) : std::string(f.say(Word::CardLiveAction));
  if (f.width(first, what) > words.w) first.px = 16;
  f.label({words.x, words.y, words.w, words.h / 2}, first, what);
  if (!action.empty())
    f.label({words.x, words.middle(), words.w, words.h / 2}, {Face::Regular, 16, theme::kText2},
            "→ " + action);
}

void draw_message(DeskPage& d) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  const Box& b = d.layout.message;
  if (s.emergency) {
    plate(f, b, Icon::Muted, f.say(Word::EmergencyOn), clock_text(s.emergency_seconds, false),
          theme::kMute, theme::kBlack);
    return;
  }
  f.fill(b, theme::kPanel, 8);
  const bool refused = f.now < f.ui.refusal_until;
  const bool faulty = !s.messages.empty() && s.messages.front().severity == Severity::Fault;
  if (!s.microphones_live.empty() && (!refused || faulty))
    return draw_card_microphones(d, faulty ? &s.messages.front() : nullptr);
  if (s.messages.empty() && !refused) {
    f.edge(b, theme::kLine, 1, 8);
    f.icon(Icon::Pass, b.x + f.px(30), b.middle(), 28, theme::kText2);
    f.label({b.x + f.px(58), b.y, b.w - f.px(66), b.h}, {Face::Bold, 24, theme::kText},
            f.say(s.live ? Word::AllWell : Word::AllWellStandby));
    return;
  }
  const Message* m = s.messages.empty() ? nullptr : &s.messages.front();
  const Severity severity = m ? m->severity : Severity::Notice;
  const bool show_refusal = refused && severity != Severity::Fault;
  const Word head = show_refusal                    ? Word::Notice
                    : severity == Severity::Fault   ? Word::Fault
                    : severity == Severity::Caution ? Word::Caution
                                                    : Word::Notice;
  // In a narrow window the sign stands over its word, so that the sentence keeps its room.
  const bool narrow = b.w < f.px(520);
  const Ink letters{Face::Bold, narrow ? 16 : 24,
                    head == Word::Caution ? theme::kBlack : theme::kText};
  const float head_w = f.width(letters, f.say(head)) + (narrow ? f.px(20) : f.px(54));
  if (head == Word::Caution) f.fill({b.x, b.y, head_w, b.h}, theme::kCaution, 8);
  f.icon(head == Word::Fault     ? Icon::Cross
         : head == Word::Caution ? Icon::Caution
                                 : Icon::Pass,
         narrow ? b.x + head_w / 2 : b.x + f.px(24), narrow ? b.y + b.h * 0.36F : b.middle(),
         narrow ? 24 : 26, letters.color);
  if (narrow)
    f.label({b.x, b.y + b.h * 0.62F, head_w, b.h * 0.3F}, letters, f.say(head), Align::Centre);
  else
    f.label({b.x + f.px(44), b.y, head_w, b.h}, letters, f.say(head));
  if (head == Word::Fault)
    f.edge(b, blink(f) ? theme::kProgram : theme::rgb(0x8A2A00), 5, 8);
  else
    f.edge(b, head == Word::Caution ? theme::kCaution : theme::kOutline, 3, 8);

  const float pad = narrow ? f.px(8) : f.px(12);
  const Box words{b.x + head_w + pad, b.y + f.px(7), b.w - head_w - 2 * pad, b.h - f.px(14)};
  if (show_refusal || !m) {
    f.label({words.x, words.y, words.w, words.h / 2}, {Face::Bold, 18, theme::kText},
            f.say(Word::Refused));
    f.label({words.x, words.middle(), words.w, words.h / 2}, {Face::Regular, 16, theme::kText2},
            f.ui.refusal);
    return;
  }
  float more = 0;
  if (s.messages.size() > 1) {
    const std::string rest =
        word(Word::MoreMessages, f.language, {std::to_string(s.messages.size() - 1)});
    const Ink ink{Face::Regular, 16, theme::kText3};
    more = f.width(ink, rest) + f.px(12);
    f.label({words.x, words.middle(), words.w, words.h / 2}, ink, rest, Align::Right);
  }
  Ink first{Face::Bold, 18, theme::kText};
  if (f.width(first, f.say(m->what)) > words.w) first.px = 16;
  f.label({words.x, words.y, words.w, words.h / 2}, first, f.say(m->what));
  const std::string action = f.say(m->action).empty() ? std::string() : "→ " + f.say(m->action);
  f.label({words.x, words.middle(), words.w - more, words.h / 2},
          {Face::Regular, 16, theme::kText2}, action);
}

void draw_emergency(DeskPage& d) {
  Frame& f = d.frame;
  const Box& b = d.layout.emergency;
  UiState& ui = f.ui;
  const bool under = d.snapshot.emergency;
  const bool can_hold = under && ui.rescue.confirmed && ui.rescue.counting_since < 0;
  const Touch t = f.touch("emergency", b);
  const ImU32 edge_color = under ? theme::kAccent : theme::kText;
  f.fill(b, t.hovered ? theme::kHover : theme::kRaise, 8);
  f.edge(b, edge_color, 3, 8);
  f.focus_ring(t, b, 8);
  f.icon(under ? Icon::Return : Icon::Card, b.x + f.px(28), b.middle(), 28, theme::kText);
  const Box words{b.x + f.px(54), b.y + f.px(6), b.w - f.px(62), b.h - f.px(12)};
  const float cap = f.key_cap_width("Esc") + f.px(8);
  Ink letters{Face::Bold, 28, theme::kText};
  const std::string_view head = f.say(under ? Word::Return : Word::Emergency);
  for (const int smaller : {24, 20, 18, 16})
    if (f.width(letters, head) > words.w - cap) letters.px = smaller;
  f.label({words.x, words.y, words.w - cap, words.h * 0.58F}, letters, head);
  f.key_cap(b.right() - f.px(10), words.y + words.h * 0.3F, "Esc", theme::kText);
  const Word hint = !under     ? Word::EmergencyHint
                    : can_hold ? Word::ReturnHintHold
                               : Word::ReturnHint;
  f.label({words.x, words.y + words.h * 0.58F, words.w, words.h * 0.42F},
          {Face::Regular, 16, theme::kText2}, f.say(hint));
  // On at the press, not at the release: this is the one control where a tenth of a second counts.
  if (!under && t.pressed) key_down({Key::Escape, 0}, f.now, false, d.snapshot, ui, d.out);
  if (under && t.down && (t.hovered || ui.enter_down)) f.return_held = true;
}

}  // namespace

void draw_state(DeskPage& d) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  if (s.practice) f.hatch(d.layout.state);
  draw_live(d);
  if (s.record.recording)
    plate(f, d.layout.record, Icon::Record,
          f.say(s.record.off_record ? Word::RecordOffRecord
                : s.record.proven   ? Word::Recording
                                    : Word::RecordProving),
          clock_text(s.record.seconds), theme::kRecord, theme::kBlack);
  else
    empty_plate(f, d.layout.record, Icon::Record, f.say(Word::RecordPlate), f.say(Word::Standby));

  const Box& b = d.layout.scope;
  f.fill(b, theme::kPanel, 8);
  f.edge(b, theme::kOutline, 1.5F, 8);
  f.label({b.x + f.px(16), b.y + f.px(6), b.w - f.px(24), b.h * 0.38F},
          {Face::Regular, 16, theme::kText2}, f.say(Word::ScopeHead));
  const bool open = s.scope == AudienceScope::Public;
  const float sign = open ? 0 : f.px(26);
  const float y = b.y + b.h * 0.45F;
  if (!open) f.icon(Icon::Lock, b.x + f.px(25), y + b.h * 0.22F, 20, theme::kText);
  const Box name{b.x + f.px(16) + sign, y, b.w - f.px(24) - sign, b.h * 0.45F};
  Ink letters{Face::Bold, 24, theme::kText};
  if (f.width(letters, scope_word(s.scope, f.language)) > name.w) letters.px = 18;
  f.label(name, letters, scope_word(s.scope, f.language));
  draw_message(d);
  draw_emergency(d);
}

}  // namespace kakehashi
