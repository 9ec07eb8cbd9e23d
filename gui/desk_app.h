// SPDX-License-Identifier: GPL-3.0-or-later
// The desk as a program: window, connection, loop. It owns nothing that is on air.
#pragma once

#include "gui/canvas_window.h"
#include "gui/connection.h"
#include "gui/options.h"

namespace kakehashi {

class DeskApp {
 public:
  // `own_path`: argv[0], to find the station and the demonstration event.
  DeskApp(DeskOptions options, std::string own_path);
  // Until the window is closed. The exit code.
  int run();

 private:
  void open_station();
  void take_news(double now);
  void need_letters();
  bool moving(double now) const;
  bool may_close();
  void write_item_map(const std::vector<Item>& items) const;

  DeskOptions options_;
  std::string own_path_;
  std::string settings_path_;
  DeskSettings settings_;
  std::unique_ptr<CanvasWindow> window_;
  std::unique_ptr<Connection> connection_;
  Snapshot snapshot_;
  UiState ui_;
  DeskLayout layout_;
  bool started_station_ = false;
  bool ever_connected_ = false;
  bool news_ = false;
};

}  // namespace kakehashi
