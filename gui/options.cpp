// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/options.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/log.h"

namespace kakehashi {
namespace {

constexpr double kLeastScale = 0.75, kMostScale = 3.0;

std::optional<double> number(const std::string& s) {
  double v = 0;
  const auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), v);
  if (ec != std::errc() || end != s.data() + s.size()) return std::nullopt;
  return v;
}

std::optional<Language> language_of(const std::string& s) {
  if (s == "ja") return Language::Japanese;
  if (s == "en") return Language::English;
  return std::nullopt;
}

Error wrong(const std::string& option, const std::string& wanted) {
  return {ErrorKind::FixInput, option + " needs " + wanted};
}

}  // namespace

Result<DeskOptions> parse_options(const std::vector<std::string>& arguments, bool screen) {
  DeskOptions o;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& a = arguments[i];
    if (a == "-h" || a == "--help") {
      o.help = true;
      return o;
    }
    if (screen && a == "--windowed") {
      o.windowed = true;
      continue;
    }
    if (!screen && a == "--exit-with-station") {
      o.exit_with_station = true;
      continue;
    }
    if (a.rfind("--", 0) != 0) {
      if (screen || !o.event.empty())
        return Error{ErrorKind::FixInput, "unexpected word \"" + a + "\""};
      o.event = a;
      continue;
    }
    const bool known = a == "--socket" || (screen ? a == "--display" || a == "--bus"
                                                  : a == "--lang" || a == "--scale" ||
                                                        a == "--size" || a == "--station");
    if (!known) return Error{ErrorKind::FixInput, "there is no option " + a};
    if (i + 1 == arguments.size()) return wrong(a, "a value");
    const std::string& v = arguments[++i];
    if (a == "--socket") o.socket = v;
    if (a == "--station") o.station = v;
    if (a == "--lang" && !(o.language = language_of(v))) return wrong(a, "ja or en");
    if (a == "--scale") {
      o.scale = number(v);
      if (!o.scale || *o.scale < kLeastScale || *o.scale > kMostScale)
        return wrong(a, "a number from 0.75 to 3");
    }
    if (a == "--size") {
      char rest = 0;
      if (std::sscanf(v.c_str(), "%dx%d%c", &o.width, &o.height, &rest) != 2 || o.width < 640 ||
          o.height < 360 || o.width > 16384 || o.height > 16384)
        return wrong(a, "WIDTHxHEIGHT, such as 1920x1080");
    }
    if (a == "--bus") {
      const auto named = std::find(kBusNames.begin(), kBusNames.end(), v);
      if (named == kBusNames.end()) return wrong(a, "venue, aux, program or clean");
      o.bus = static_cast<Bus>(named - kBusNames.begin());
    }
    if (a == "--display") {
      const auto n = number(v);
      if (!n || *n < -1 || *n > 63 || *n != static_cast<int>(*n))
        return wrong(a, "a monitor number from 0, or -1 for the last");
      o.display = static_cast<int>(*n);
    }
  }
  return o;
}

std::string usage(bool screen) {
  if (screen)
    return "kakehashi-screen [--socket PATH] [--bus NAME] [--display N] [--windowed]\n"
           "The hall's screen: shows one bus of the station full-screen and nothing else.\n\n"
           "  --socket PATH   the station's door (default: the user's own)\n"
           "  --bus NAME      venue (default), aux (for the web meeting), program or clean\n"
           "  --display N     monitor number, from 0; -1 (default) is the last one\n"
           "  --windowed      in a window; also chosen when there is only one monitor\n";
  return "kakehashi [EVENT.json] [options]\n"
         "The desk. Attaches to a running station; starts one for EVENT when none runs.\n\n"
         "  --socket PATH         the station's door (default: the user's own)\n"
         "  --lang ja|en          language of the desk\n"
         "  --scale X             size of everything, 0.75 to 3 (default 1)\n"
         "  --size WxH            size of the window\n"
         "  --station PATH        the station's program\n"
         "  --exit-with-station   end when the station ends\n";
}

DeskSettings parse_settings(const std::string& text) {
  DeskSettings s;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string key, equals, value;
    if (!(words >> key >> equals >> value) || equals != "=") continue;
    if (key == "language") s.language = language_of(value).value_or(s.language);
    if (key == "scale")
      if (const auto v = number(value); v && *v >= kLeastScale && *v <= kMostScale) s.scale = *v;
  }
  return s;
}

std::string write_settings(const DeskSettings& s) {
  char scale[32];
  std::snprintf(scale, sizeof scale, "%.2f", s.scale);
  return std::string("language = ") + (s.language == Language::English ? "en" : "ja") +
         "\nscale = " + scale + "\n";
}

std::string settings_path() {
  if (const char* xdg = std::getenv("XDG_CONFIG_HOME"); xdg && *xdg)
    return std::string(xdg) + "/kakehashi/desk.conf";
  const char* home = std::getenv("HOME");
  return std::string(home ? home : "/tmp") + "/.config/kakehashi/desk.conf";
}

DeskSettings load_settings(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return parse_settings(text.str());
}

void save_settings(const DeskSettings& settings, const std::string& path) {
  std::error_code ec;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ec);
  const std::string fresh = path + ".new";
  {
    std::ofstream out(fresh, std::ios::trunc);
    out << write_settings(settings);
    if (!out.flush()) {
      log_warning("gui", "cannot write " + fresh + "; the language is not remembered");
      return;
    }
  }
  std::filesystem::rename(fresh, path, ec);
  if (ec) log_warning("gui", "cannot write " + path + "; the language is not remembered");
}

}  // namespace kakehashi
