// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/desk_app.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "core/log.h"
#include "gui/panels.h"
#include "station/door/server.h"

namespace kakehashi {
namespace {

constexpr double kFrame = 1.0 / 30;      // the desk is never drawn more often
constexpr double kSlowFrame = 1.0 / 12;  // nor less often than this while pictures move
constexpr double kSnapshotHz = 25;       // meters want this much
constexpr double kStartPatience = 12;    // s until "starting" becomes "not connected"
constexpr double kRefusalShown = 8;      // s

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string wall_clock() {
  const std::time_t t = std::time(nullptr);
  std::tm local{};
  localtime_r(&t, &local);
  char text[16];
  std::strftime(text, sizeof text, "%H:%M:%S", &local);
  return text;
}

std::string find_demo_event(const std::string& own_path) {
  namespace fs = std::filesystem;
  std::error_code ec;
  const fs::path here = fs::path(own_path).parent_path();
  for (const fs::path& p :
       {here / "../share/kakehashi/events/demo.json", fs::path(KAKEHASHI_DEMO_EVENT)})
    if (fs::exists(p, ec)) return fs::weakly_canonical(p, ec).string();
  return {};
}

}  // namespace

DeskApp::DeskApp(DeskOptions options, std::string own_path)
    : options_(std::move(options)),
      own_path_(std::move(own_path)),
      settings_path_(settings_path()) {
  settings_ = load_settings(settings_path_);
  if (options_.language) settings_.language = *options_.language;
  if (options_.scale) settings_.scale = *options_.scale;
  if (options_.socket.empty()) options_.socket = default_socket_path();
  ui_.language = settings_.language;
  ui_.link_since = steady_seconds();
}

// Attach first; only where nobody answers is a station started.
void DeskApp::open_station() {
  connection_ = std::make_unique<Connection>(options_.socket, kSnapshotHz);
  take_news(steady_seconds());
  if (connection_->connected()) return;
  const std::string event = options_.event.empty() ? find_demo_event(own_path_) : options_.event;
  if (event.empty()) {
    log_warning("gui", "no station runs at " + options_.socket + " and no event was named");
    return;
  }
  const std::string program = options_.station.empty() ? find_station(own_path_) : options_.station;
  namespace fs = std::filesystem;
  std::error_code ec;
  const fs::path folder = fs::path(options_.socket).parent_path();
  if (!folder.empty() && !fs::exists(folder, ec)) {
    fs::create_directories(folder, ec);
    fs::permissions(folder, fs::perms::owner_all, ec);
  }
  const Status started = start_station(program, fs::absolute(event, ec).string(), options_.socket,
                                       options_.socket + ".log");
  if (started)
    started_station_ = true;
  else
    log_error("gui", started.error().message);
}

void DeskApp::take_news(double now) {
  if (auto fresh = connection_->poll(now)) {
    snapshot_ = std::move(*fresh);
    snapshot_.sequence = std::max<std::uint64_t>(snapshot_.sequence, 1);
    follow(snapshot_, ui_, now);
    need_letters();
    news_ = true;
  }
  for (const std::string& no : connection_->take_refusals(ui_.language)) {
    ui_.refusal = no;
    ui_.refusal_until = now + kRefusalShown;
    news_ = true;
  }
  const bool here = connection_->connected() && snapshot_.sequence > 0;
  ever_connected_ = ever_connected_ || here;
  // At the start a little patience; a station of ours needs some seconds to open its devices.
  const bool patient =
      !ever_connected_ && now - ui_.link_since < (started_station_ ? kStartPatience : 1.5);
  const Link link = here                                    ? Link::Connected
                    : patient && ui_.link == Link::Starting ? Link::Starting
                                                            : Link::Lost;
  if (link == ui_.link) return;
  ui_.link = link;
  ui_.link_since = now;
  ui_.pressed.clear();
  ui_.fader.clear();
  news_ = true;
}

void DeskApp::need_letters() {
  const auto need = [&](const Text& t) { window_->need_letters(t.pick(ui_.language)); };
  need(snapshot_.title);
  for (const auto& i : snapshot_.inputs) {
    need(i.name);
    need(i.reason);
  }
  for (const auto& s : snapshot_.scenes) need(s.name);
  for (const auto& o : snapshot_.overlays) need(o.label);
  for (const auto& s : snapshot_.strips) {
    need(s.name);
    need(s.closed);
    for (const auto& one : s.findings) {
      need(one.what);
      need(one.action);
    }
  }
  for (const auto& s : snapshot_.sound_snapshots) need(s.name);
  for (const auto& b : snapshot_.sound_buses) {
    need(b.name);
    need(b.reason);
  }
  for (const auto& o : snapshot_.outputs) {
    need(o.name);
    need(o.reason);
  }
  for (const auto& m : snapshot_.messages) {
    need(m.what);
    need(m.action);
  }
}

bool DeskApp::moving(double now) const {
  return !ui_.pressed.empty() || ui_.rescue.held_since >= 0 || ui_.rescue.counting_since >= 0 ||
         now < ui_.flashed_until + 0.1 || now < ui_.last_take + 0.2 || ui_.move != Move::None ||
         ui_.enter_pressed;
}

// Closing the window stops nothing, but the operator is told so before it goes.
bool DeskApp::may_close() {
  const bool on_air = ui_.link == Link::Connected && (snapshot_.live || snapshot_.record.recording);
  if (!on_air) return true;
  ui_.dialog = Dialog::Close;
  ui_.focus = "close.no";
  return false;
}

void DeskApp::write_item_map(const std::vector<Item>& items) const {
  static const char* const path = std::getenv("KAKEHASHI_ITEM_MAP");
  if (!path) return;
  const std::string fresh = std::string(path) + ".new";
  {
    std::ofstream out(fresh, std::ios::trunc);
    for (const Item& i : items) {
      char line[256];
      std::snprintf(line, sizeof line, R"({"id":"%s","x":%d,"y":%d,"w":%d,"h":%d,"enabled":%s})",
                    i.id.c_str(), static_cast<int>(i.box.x), static_cast<int>(i.box.y),
                    static_cast<int>(i.box.w), static_cast<int>(i.box.h),
                    i.enabled ? "true" : "false");
      out << line << '\n';
    }
  }
  std::rename(fresh.c_str(), path);
}

int DeskApp::run() {
  CanvasSpec spec;
  spec.title = "架け橋 Kakehashi";
  spec.scale = settings_.scale;
  if (options_.width > 0) {
    spec.width = options_.width;
    spec.height = options_.height;
  } else {
    spec.width = spec.height = 0;
  }
  auto window = CanvasWindow::open(spec);
  if (!window) {
    std::fprintf(stderr, "kakehashi: %s\n", window.error().message.c_str());
    return 4;
  }
  window_ = std::move(window).value();
  open_station();

  Commands wishes;
  const auto send_wishes = [&] {
    for (const Command& wish : wishes) connection_->send(wish);
    wishes.clear();
  };
  window_->on_key = [&](KeyPress press, bool down) {
    if (down)
      key_down(press, steady_seconds(), ImGui::GetIO().WantTextInput, snapshot_, ui_, wishes);
    else
      key_up(press, ui_);
    send_wishes();  // at once, not with the next frame
  };

  double next_frame = 0, next_map = 0;
  std::string shown_wall;
  unsigned turn = 0;
  double cost = 0;  // s per drawn frame, smoothed
  bool dirty = true;
  while (!ui_.leave) {
    double now = steady_seconds();
    // Two meshes: input wakes at once, news is looked for 60 times a second.
    dirty |= window_->wait(std::clamp(next_frame - now, 0.001, kFrame / 2));
    now = steady_seconds();
    take_news(now);
    keys_tick(now, snapshot_, ui_, wishes);
    send_wishes();
    if (window_->take_close_request()) {
      if (may_close()) break;
      dirty = true;
    }
    if (options_.exit_with_station && ever_connected_ && ui_.link == Link::Lost) break;
    if (now < next_frame) continue;

    const auto largest = [&](const std::string& board) {
      return static_cast<int>(board == "program"   ? layout_.program_picture().w
                              : board == "preview" ? layout_.preview_picture().w
                                                   : 400 * window_->scale());
    };
    // Small pictures move at half the desk's rate: they are for knowing, not for watching.
    const bool small_turn = ++turn % 2 == 0;
    const bool tiles =
        small_turn && (!layout_.compact || ui_.tab == Tab::Multiview || ui_.page == Page::Prepare);
    const double upload_start = steady_seconds();
    const int fresh = connection_->read_pictures(
        [&](const std::string& board) {
          if (board == "program" || board == "preview") return true;
          return board.rfind("input.", 0) == 0 ? tiles : small_turn;
        },
        [&](const std::string& board, const std::uint8_t* i420, int w, int h) {
          window_->pictures().update(board, i420, w, h, largest(board));
        });
    const double upload = steady_seconds() - upload_start;
    const std::string wall = wall_clock();
    if (!dirty && !news_ && fresh == 0 && !moving(now) && wall == shown_wall &&
        !window_->needs_another_frame())
      continue;
    dirty = news_ = false;
    shown_wall = wall;
    const double before = steady_seconds();

    std::vector<Item> items;
    window_->frame(ui_, now, wall, [&](Frame& f) {
      const ImVec2 size = ImGui::GetIO().DisplaySize;
      layout_ = desk_layout(size.x, size.y, f.scale);
      draw_desk(f, layout_, snapshot_, wishes);
      items = std::move(f.items);
    });
    // Where drawing is dear (no graphics card) the desk is drawn less often, so that it never takes
    // the processor from the station: about a third of one core, 12 to 30 pictures a second.
    cost += 0.1 * (steady_seconds() - before + upload - cost);
    const double interval = std::clamp(3 * cost, kFrame, kSlowFrame);
    next_frame = std::max(next_frame + interval, now + interval / 2);
    send_wishes();
    if (ui_.language != settings_.language) {
      settings_.language = ui_.language;
      save_settings(settings_, settings_path_);
    }
    if (now >= next_map) {
      write_item_map(items);
      next_map = now + 1;
    }
  }
  // A station that this desk started and that shows nobody anything would only keep the cameras.
  if (started_station_ && ui_.link == Link::Connected && !snapshot_.live &&
      !snapshot_.record.recording && !snapshot_.screen_running && snapshot_.desks <= 1)
    connection_->send(Quit{});
  return 0;
}

}  // namespace kakehashi
