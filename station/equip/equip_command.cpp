// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/equip_command.h"

#include <unistd.h>

#include <cmath>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>

#include "station/door/codec.h"
#include "station/equip/compare.h"
#include "station/equip/result_file.h"
#include "station/equip/runner.h"
#include "station/equip/sheet.h"
#include "station/equip/verdict_words.h"
#include "station/write_file.h"

namespace kakehashi {
namespace fs = std::filesystem;
namespace {

struct Moment {
  std::string time;   // 2026-11-22T09:30:00+09:00
  std::string stamp;  // 20261122-093000, sorts by time
};

Moment moment_now() {
  const std::time_t now = std::time(nullptr);
  std::tm local{}, world{};
  ::localtime_r(&now, &local);
  ::gmtime_r(&now, &world);
  char time[40], zone[8], stamp[24];
  std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S", &local);
  std::strftime(zone, sizeof zone, "%z", &local);  // +0900
  std::strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &world);
  return {std::string(time) + std::string(zone, 3) + ":" + (zone + 3), stamp};
}

std::string computer_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

std::vector<std::string> probe_options(const EquipOptions& o) {
  std::vector<std::string> list;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) list.insert(list.end(), {name, value});
  };
  add("--event", o.event);
  add("--venue", o.venue);
  add("--secrets", o.secrets);
  if (o.write_delays) list.push_back("--write-delays");
  if (o.loop) list.push_back("--loop");
  list.insert(list.end(), o.loops.begin(), o.loops.end());
  return list;
}

// Beside the result that names them.
void keep_pictures(EquipmentResult& result, const fs::path& from, const fs::path& folder,
                   const std::string& stamp) {
  std::error_code ec;
  fs::create_directories(folder / stamp, ec);
  for (EquipmentItem& item : result.items) {
    if (item.picture.empty()) continue;
    const std::string name = fs::path(item.picture).filename().string();
    fs::copy_file(from / name, folder / stamp / name, fs::copy_options::overwrite_existing, ec);
    item.picture = ec ? "" : stamp + "/" + name;
  }
}

void print_item(std::ostream& out, const EquipmentItem& item, Language language) {
  const Text word = verdict_words(item.verdict);
  out << (item.verdict == Verdict::Fail      ? "× "
          : item.verdict == Verdict::Caution ? "△ "
          : item.verdict == Verdict::Pass    ? "○ "
                                             : "－ ")
      << word.pick(language) << "  " << item.name.pick(language) << '\n';
  if (!item.device.empty()) out << "      " << item.device << '\n';
  for (const Text* t : {&item.found, &item.cause})
    if (!t->ja.empty()) out << "      " << t->pick(language) << '\n';
  if (!item.action.ja.empty()) out << "      → " << item.action.pick(language) << '\n';
  if (language == Language::Japanese && item.verdict != Verdict::Pass && !item.cause.en.empty())
    out << "      (" << item.cause.en << (item.action.en.empty() ? "" : " " + item.action.en)
        << ")\n";
}

void print_people(std::ostream& out, const EquipmentProgress& p, Language language) {
  const EquipmentResult& r = p.result;
  const bool ja = language == Language::Japanese;
  out << '\n'
      << (ja ? "機材テスト " : "Equipment test ") << r.time << "  " << r.venue << "  " << r.event
      << "\n\n";
  for (const EquipmentItem* item : worst_first(r)) print_item(out, *item, language);
  bool first = true;
  for (const auto& d : r.differences) {
    if (!d.changed) continue;
    if (first) out << '\n' << (ja ? "前回と違う点" : "Changed since the last test") << '\n';
    first = false;
    out << "  ≠ " << d.name.pick(language) << "  " << d.before << " → " << d.now << '\n';
  }
  Verdict all = overall(r);
  if (!p.refusal.ja.empty() && all == Verdict::Pass) all = Verdict::Skipped;  // not all was tested
  const Text word = verdict_words(all);
  out << '\n' << (ja ? "総合 " : "Overall ") << word.ja << " / " << word.en << '\n';
  if (!p.html.empty()) out << (ja ? "印刷用 " : "To print ") << p.html << '\n';
}

}  // namespace

int run_equip_test(const EquipOptions& o, const std::atomic<bool>& stop, std::ostream& out,
                   std::ostream& err) {
  const Moment begun = moment_now();
  // Named after the start and this process: two tests at once keep apart.
  std::error_code ec;
  const fs::path scratch = fs::temp_directory_path(ec) / ("kakehashi-equipment-" + begun.stamp +
                                                          "-" + std::to_string(::getpid()));
  fs::create_directories(scratch, ec);
  fs::permissions(scratch, fs::perms::owner_all, ec);

  TestWish wish;
  wish.program = {fs::read_symlink("/proc/self/exe", ec).string(), "probe"};
  wish.options = probe_options(o);
  wish.only = o.only;
  wish.folder = scratch.string();
  wish.quick = o.quick;
  wish.burn_in_minutes = o.burn_in_minutes;
  Text said;
  TestEnd end = run_test(wish, stop, [&](const EquipmentProgress& p) {
    if (o.progress)
      out << write_equipment(p) << std::endl;
    else if (!(p.now == said)) {
      said = p.now;
      out << "… " << std::lround(p.progress * 100) << " %  " << said.pick(o.language) << std::endl;
    }
  });

  EquipmentProgress& progress = end.progress;
  EquipmentResult& result = progress.result;
  result.time = begun.time;
  const auto trouble = [&](const Status& s) {
    if (!s.ok()) err << s.error().message << '\n';
    return s.ok();
  };
  bool kept = true;
  if (end.ran) {
    const ResultShelf shelf(ResultShelf::default_folder(end.venue_id));
    const std::string stamp = begun.stamp;
    const bool whole = o.only.empty();  // a part is no measure for the next test
    if (const auto last = whole ? shelf.last(o.quick) : std::nullopt) {
      result.compared_with = last->time;
      result.differences = differences(*last, result);
    }
    SheetWish sheet;
    sheet.computer = computer_name();
    sheet.remark = progress.refusal;
    sheet.picture = [&](const std::string& name) {
      return bytes_of(scratch / fs::path(name).filename());
    };
    const std::string page = write_sheet(result, sheet);
    if (whole) {
      const fs::path folder = fs::path(shelf.folder());
      keep_pictures(result, scratch, folder, stamp);
      kept = trouble(shelf.keep(stamp, result));
      const std::string html = (folder / (stamp + ".html")).string();
      if (trouble(write_file(html, page))) progress.html = html;
    }
    if (!o.html.empty()) {
      kept = trouble(write_file(o.html, page)) && kept;
      progress.html = o.html;
    }
    if (!o.json.empty()) kept = trouble(write_file(o.json, write_result(result))) && kept;
  }
  fs::remove_all(scratch, ec);

  if (o.progress)
    out << write_equipment(progress) << std::endl;
  else if (end.ran)
    print_people(out, progress, o.language);
  if (!progress.refusal.ja.empty() && !o.progress) err << progress.refusal.pick(o.language) << '\n';
  return kept ? exit_code_of(end) : 2;
}

}  // namespace kakehashi
