// SPDX-License-Identifier: GPL-3.0-or-later
// The desk's command line and its small settings file (language, scale). Both programs use it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/show.h"
#include "core/text.h"

namespace kakehashi {

struct DeskOptions {
  std::string event;    // empty: attach, or the demonstration event
  std::string socket;   // empty: default_socket_path()
  std::string station;  // empty: the one beside this program
  std::optional<Language> language;
  std::optional<double> scale;  // 1.0..2.0, times the monitor's own scale
  int width = 0, height = 0;    // 0: as the monitor allows
  int display = -1;             // the hall's screen: monitor number, -1 the last one
  Bus bus = Bus::Venue;         // what the window shows
  bool windowed = false;
  bool exit_with_station = false;
  bool help = false;
};

// FixInput names the option. `screen`: the options of kakehashi-screen.
Result<DeskOptions> parse_options(const std::vector<std::string>& arguments, bool screen);
std::string usage(bool screen);

struct DeskSettings {
  Language language = Language::Japanese;
  double scale = 1.0;
};
// Lines "language = en", "scale = 1.25"; anything else is passed over. A missing file: defaults.
DeskSettings parse_settings(const std::string& text);
std::string write_settings(const DeskSettings& settings);
// $XDG_CONFIG_HOME/kakehashi/desk.conf, else ~/.config/kakehashi/desk.conf.
std::string settings_path();
DeskSettings load_settings(const std::string& path);
void save_settings(const DeskSettings& settings, const std::string& path);

}  // namespace kakehashi
