// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/display_log.h"

#include <algorithm>
#include <cstdio>

#include "core/layout_table.h"
#include "core/log.h"
#include "core/overlay_kind.h"
#include "mixer/switcher.h"

namespace kakehashi {
namespace {

void say(const std::string& id, const std::string& what) {
  log_info("display", "QR code \"" + id + "\" " + what);
}
std::string after(Duration stretch, Duration total) {
  char words[96];
  std::snprintf(words, sizeof words, "off after %.1f s, %.1f s in all", stretch.to_seconds(),
                total.to_seconds());
  return words;
}

}  // namespace

bool overlay_is_seen(const Show& show, const LiveState& live, const Overlay& overlay,
                     const OverlayState& state, MediaTime t) {
  if (!overlay_is_on(overlay, state, t) || card_on_program(show, live)) return false;
  const Scene* scene = find_by_id(show.scenes, live.program);
  return scene && overlay_place(overlay, *scene, show.canvas).has_value();
}

void DisplayLog::show(Row& row, bool seen) {
  if (row.showing == seen) return;
  row.showing = seen;
  if (seen) row.stretch = {};
  if (row.logged) say(row.id, seen ? "on" : after(row.stretch, row.total));
}

void DisplayLog::advance(MediaTime now) {
  if (!moment_ || now <= until_) return;
  for (Row& row : rows_) {
    if (!row.showing) continue;
    const Overlay* overlay = find_by_id(moment_->stage->show->overlays, row.id);
    const OverlayState* state = find_by_id(moment_->live.overlays, row.id);
    if (!overlay || !state) continue;
    const auto left = overlay_time_left(*overlay, *state, until_);
    const bool goes_on = !left || *left > now - until_;
    const Duration more = goes_on ? now - until_ : *left;
    row.stretch = row.stretch + more;
    row.total = row.total + more;
    if (!goes_on) show(row, false);
  }
  until_ = now;
}

void DisplayLog::change(std::shared_ptr<const Moment> next, MediaTime now) {
  std::shared_ptr<const Moment> before;  // let go of after the lock
  const std::lock_guard lock(mutex_);
  advance(now);
  before = std::exchange(moment_, std::move(next));
  until_ = std::max(until_, now);
  const Show& show_now = *moment_->stage->show;
  for (const Overlay& overlay : show_now.overlays)
    if (!find_by_id(rows_, overlay.id))
      rows_.push_back({.id = overlay.id, .logged = overlay.kind == "qr"});
  for (Row& row : rows_) {
    const Overlay* overlay = find_by_id(show_now.overlays, row.id);
    const OverlayState* state = find_by_id(moment_->live.overlays, row.id);
    show(row, overlay && state && overlay_is_seen(show_now, moment_->live, *overlay, *state, now));
  }
}

void DisplayLog::restart() {
  const std::lock_guard lock(mutex_);
  for (Row& row : rows_) row.total = row.stretch = {};
}

std::vector<Duration> DisplayLog::shown(MediaTime now) {
  const std::lock_guard lock(mutex_);
  advance(now);
  std::vector<Duration> out;
  if (!moment_) return out;
  for (const Overlay& overlay : moment_->stage->show->overlays) {
    const Row* row = find_by_id(rows_, overlay.id);
    out.push_back(row ? row->total : Duration{});
  }
  return out;
}

}  // namespace kakehashi
