// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/title_check_command.h"

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <ostream>

#include "mixer/title_check.h"
#include "station/open_event.h"
#include "station/run_command.h"

namespace kakehashi {
namespace {

const char* word(TitleFault::Kind kind) {
  switch (kind) {
    case TitleFault::Kind::NotPainted:
      return "not_painted";
    case TitleFault::Kind::MissingLetter:
      return "missing_letter";
    case TitleFault::Kind::Overflow:
      return "overflow";
    case TitleFault::Kind::LowContrast:
      return "low_contrast";
    case TitleFault::Kind::OutsideSafe:
      return "outside_safe_area";
    case TitleFault::Kind::LeftOut:
      return "reading_left_out";
  }
  return "";
}

nlohmann::json to_json(const TitleFault& f) {
  nlohmann::json j{{"kind", word(f.kind)}, {"notice", f.notice()}, {"id", f.id},
                   {"card", f.card},       {"layouts", f.layouts}, {"words", f.words},
                   {"ja", f.text.ja},      {"en", f.text.en}};
  if (!f.code.empty()) j["code"] = f.code;
  if (f.figure > 0) j["figure"] = f.figure;
  return j;
}

}  // namespace

int run_title_check(const TitleCheckOptions& options, std::ostream& out, std::ostream& err) {
  const OpenedEvent opened = open_event(options.event, options.venue, "");
  if (!opened.faults.empty()) {
    print_faults(err, options.event, opened.faults, options.language);
    return kExitBadEvent;
  }
  const auto start = std::chrono::steady_clock::now();
  const TitleCheck check = check_titles(opened.show, {options.language, opened.media_folder, {}});
  const double ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  const bool ja = options.language == Language::Japanese;

  if (options.json) {
    nlohmann::json j{{"titles", check.titles}, {"layouts", check.layouts}, {"good", check.good()}};
    j["faults"] = nlohmann::json::array();
    for (const TitleFault& f : check.faults) j["faults"].push_back(to_json(f));
    if (options.timing) j["milliseconds"] = ms;
    out << j.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    return check.good() ? kExitOk : kExitFaults;
  }
  std::size_t faults = 0;
  for (const bool notices : {false, true})
    for (const TitleFault& f : check.faults) {
      if (f.notice() != notices) continue;
      faults += notices ? 0 : 1;
      out << (notices ? (ja ? "参考  " : "note  ") : (ja ? "要修正  " : "fault  "))
          << f.text.pick(options.language) << '\n';
    }
  const std::string titles = std::to_string(check.titles);
  if (faults == 0)
    out << (ja ? titles + "件の文字を確認しました。問題ありません。"
               : titles + " titles checked, no fault.");
  else
    out << (ja ? titles + "件の文字のうち、直すところが" + std::to_string(faults) + "か所あります。"
               : std::to_string(faults) + " faults in " + titles + " titles.");
  out << '\n';
  if (options.timing) {
    char line[64];
    std::snprintf(line, sizeof line, "%d layouts, %.1f ms\n", check.layouts, ms);
    out << line;
  }
  return check.good() ? kExitOk : kExitFaults;
}

}  // namespace kakehashi
