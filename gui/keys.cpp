// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/keys.h"

#include <algorithm>

namespace kakehashi {
namespace {

void escape_down(double now, const Snapshot& snapshot, UiState& ui, Commands& out) {
  Rescue& r = ui.rescue;
  // After EmergencyOff has left, the snapshot still shows the card for a moment; Esc then means
  // "cover it again", never "go on returning".
  if (!snapshot.emergency || r.sent) {
    out.emplace_back(EmergencyOn{});
    r = {};
    return;
  }
  if (r.counting_since >= 0) {
    r.counting_since = -1;
    return;
  }
  if (r.confirmed) r.held_since = now;
}

}  // namespace

void request_take(double now, const Snapshot& snapshot, UiState& ui, Commands& out) {
  if (snapshot.emergency || snapshot.preview.empty()) return;
  if (now - ui.last_take < kTakeGuard) return;
  ui.last_take = now;
  out.emplace_back(Take{});
}

const InputStatus* slides_at_hand(const Snapshot& snapshot) {
  for (const std::string& scene : {snapshot.program, snapshot.preview})
    for (const SceneStatus& s : snapshot.scenes) {
      if (s.id != scene) continue;
      for (const std::string& id : s.inputs)
        if (const InputStatus* i = find_by_id(snapshot.inputs, id); i && i->pages > 0) return i;
    }
  for (const InputStatus& i : snapshot.inputs)
    if (i.pages > 0) return &i;
  return nullptr;
}

void request_page(int by, const Snapshot& snapshot, Commands& out) {
  const InputStatus* slides = slides_at_hand(snapshot);
  if (!slides) return;
  const int page = std::clamp(slides->page + by, 1, slides->pages);
  if (page != slides->page) out.emplace_back(ShowPage{slides->id, page});
}

const OverlayStatus* title_at_hand(const Snapshot& snapshot) {
  const auto& all = snapshot.overlays;
  const auto name = [](const OverlayStatus& o) { return o.kind == "name_title"; };
  const auto on =
      std::find_if(all.begin(), all.end(), [&](const OverlayStatus& o) { return name(o) && o.on; });
  if (on != all.end()) return &*on;
  const auto first = std::find_if(all.begin(), all.end(), name);
  if (first != all.end()) return &*first;
  return all.empty() ? nullptr : &all.front();
}

void request_title(const Snapshot& snapshot, Commands& out) {
  const OverlayStatus* title = title_at_hand(snapshot);
  if (snapshot.emergency || !title) return;
  if (title->on || title->fits) out.emplace_back(SetOverlay{title->id, !title->on});
}

void request_mark(MarkerKind kind, const Snapshot& snapshot, Commands& out) {
  if (!snapshot.record.recording) return;
  const bool ends = kind == MarkerKind::OffRecord && snapshot.record.off_record;
  out.emplace_back(Mark{kind, !ends, {}});
}

void key_down(KeyPress press, double now, bool text_active, const Snapshot& snapshot, UiState& ui,
              Commands& out) {
  if (ui.link != Link::Connected) return;
  if (press.key == Key::Escape) {
    ui.dialog = Dialog::None;  // the card matters more than any question
    escape_down(now, snapshot, ui, out);
    return;
  }
  if (text_active) return;
  switch (press.key) {
    case Key::Tab:
      ui.move = Move::Next;
      return;
    case Key::BackTab:
      ui.move = Move::Previous;
      return;
    case Key::Left:
      ui.move = Move::Left;
      return;
    case Key::Right:
      ui.move = Move::Right;
      return;
    case Key::Up:
      ui.move = Move::Up;
      return;
    case Key::Down:
      ui.move = Move::Down;
      return;
    case Key::Enter:
      if (snapshot.emergency && ui.focus.empty() && ui.dialog == Dialog::None) {
        ui.rescue.confirmed = true;
        return;
      }
      ui.enter_down = true;
      ui.enter_pressed = true;
      return;
    default:
      break;
  }
  // A key that acts on what is not in sight would surprise.
  if (ui.dialog != Dialog::None || ui.page != Page::Show) return;
  if (press.key == Key::Space) {
    request_take(now, snapshot, ui, out);
  } else if (press.key == Key::PageDown || press.key == Key::PageUp) {
    request_page(press.key == Key::PageDown ? 1 : -1, snapshot, out);
  } else if (press.key == Key::T) {
    request_title(snapshot, out);
  } else if (press.key == Key::M) {
    request_mark(MarkerKind::Chapter, snapshot, out);
  } else if (press.key == Key::H) {
    request_mark(MarkerKind::OffRecord, snapshot, out);
  } else if (press.key == Key::R) {
    request_mark(MarkerKind::Retraction, snapshot, out);
  } else if (press.key == Key::J) {
    request_mark(MarkerKind::Incident, snapshot, out);
  } else if (press.key == Key::Digit) {
    const auto scene = std::find_if(snapshot.scenes.begin(), snapshot.scenes.end(),
                                    [&](const SceneStatus& s) { return s.key == press.digit; });
    if (scene != snapshot.scenes.end()) out.emplace_back(SelectPreview{scene->id});
  }
}

void key_up(KeyPress press, UiState& ui) {
  if (press.key == Key::Escape) ui.rescue.held_since = -1;
  if (press.key == Key::Enter) ui.enter_down = false;
}

void return_held(bool held, double now, const Snapshot& snapshot, UiState& ui) {
  Rescue& r = ui.rescue;
  if (held && !r.by_pointer && r.held_since < 0 && r.counting_since < 0 && r.confirmed &&
      snapshot.emergency && !r.sent) {
    r.held_since = now;
    r.by_pointer = true;
  }
  if (!held && r.by_pointer) {
    r.held_since = -1;
    r.by_pointer = false;
  }
}

void keys_tick(double now, const Snapshot& snapshot, UiState& ui, Commands& out) {
  Rescue& r = ui.rescue;
  if (!snapshot.emergency || r.sent || ui.link != Link::Connected) {
    r.held_since = r.counting_since = -1;
    return;
  }
  if (r.held_since >= 0 && now - r.held_since >= kReturnHold) {
    r.held_since = -1;
    r.counting_since = now;
  }
  if (r.counting_since >= 0 && now - r.counting_since >= kReturnCount) {
    r.counting_since = -1;
    r.sent = true;
    out.emplace_back(EmergencyOff{r.open});
  }
}

void follow(const Snapshot& snapshot, UiState& ui, double now) {
  for (const StripStatus& s : snapshot.strips) {
    StripView& view = ui.strips[s.id];
    const double peak = std::max(s.peak_db[0], s.peak_db[1]);
    view.bar.feed(s.level_db, peak, now);
    view.judge.feed(s.level_db, peak, now);
  }
  for (int c = 0; c < 2; ++c)
    ui.program_bar[c].feed(snapshot.sound.peak_db[c], snapshot.sound.peak_db[c], now);

  // What happens on air is seen, whatever page lay over it.
  if ((snapshot.emergency && !ui.was_emergency) || (snapshot.live && !ui.was_live))
    ui.page = Page::Show;
  ui.was_live = snapshot.live;
  if (snapshot.emergency == ui.was_emergency) return;
  ui.was_emergency = snapshot.emergency;
  ui.rescue = {};
  ui.focus.clear();  // Enter must now mean "checked", not the last thing that was touched
  if (!snapshot.emergency) return;
  for (const StripStatus& s : snapshot.strips)
    if (s.microphone && s.open && !s.muted) ui.rescue.open.push_back(s.id);
}

}  // namespace kakehashi
