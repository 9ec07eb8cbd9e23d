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
  if (o.clap) list.push_back("--clap");
  return list;
}

// Where a picture is: probes name a file of theirs, a kept result one beside itself.
fs::path picture_path(const std::string& picture, const fs::path& scratch, const fs::path& kept) {
  std::error_code ec;
  const fs::path fresh = scratch / fs::path(picture).filename();
  if (!fs::path(picture).has_parent_path() && fs::exists(fresh, ec)) return fresh;
  return kept.empty() ? fresh : kept / picture;
}

// Beside the result that names them.
void keep_pictures(EquipmentResult& result, const fs::path& scratch, const fs::path& folder,
                   const std::string& stamp) {
  std::error_code ec;
  fs::create_directories(folder / stamp, ec);
  for (EquipmentItem& item : result.items) {
    if (item.picture.empty() || fs::path(item.picture).has_parent_path()) continue;
    const std::string name = fs::path(item.picture).filename().string();
    fs::copy_file(scratch / name, folder / stamp / name, fs::copy_options::overwrite_existing, ec);
    item.picture = ec ? "" : stamp + "/" + name;
  }
}

// A station's desk is told whole paths: it knows neither folder.
std::string progress_line(EquipmentProgress p, const fs::path& scratch, const fs::path& kept) {
  for (EquipmentItem& item : p.result.items)
    if (!item.picture.empty()) item.picture = picture_path(item.picture, scratch, kept).string();
  return write_equipment(p);
}

// Half a day of setting up and the day of the event: a test of one item belongs to the test before
// it. What is older is the record of another time and stays as it is.
constexpr double kSameOccasionHours = 36;

bool same_occasion(const std::string& before, const std::string& now) {
  const auto seconds_of = [](const std::string& stamp) {
    std::tm t{};
    return ::strptime(stamp.c_str(), "%Y%m%d-%H%M%S", &t) ? ::timegm(&t) : std::time_t(0);
  };
  const double hours = std::difftime(seconds_of(now), seconds_of(before)) / 3600;
  return hours >= 0 && hours < kSameOccasionHours;
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
    out << "  ≠ " << d.name.pick(language) << "  " << d.before.pick(language) << " → "
        << d.now.pick(language) << '\n';
  }
  const Text word = overall_words(r);
  out << '\n' << (ja ? "総合 " : "Overall ") << word.ja << " / " << word.en << '\n';
  if (r.stopped)
    out << (ja ? "試していない項目 " : "Not tested ") << names_of_stopped(r).pick(language) << '\n';
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
  wish.time = begun.time;
  std::string stamp = begun.stamp;
  fs::path folder;  // of the result that this one becomes part of
  wish.part_of = [&](const PlannedShow& show) -> std::optional<EquipmentResult> {
    const ResultShelf shelf(ResultShelf::default_folder(show.venue_id));
    auto kept = shelf.newest();
    if (!kept || kept->result.event != show.event || !same_occasion(kept->stamp, begun.stamp))
      return std::nullopt;
    stamp = kept->stamp;
    folder = shelf.folder();
    return std::move(kept->result);
  };
  Text said;
  TestEnd end = run_test(wish, stop, [&](const EquipmentProgress& p) {
    if (o.progress)
      out << progress_line(p, scratch, folder) << std::endl;
    else if (!(p.now == said)) {
      said = p.now;
      out << "… " << std::lround(p.progress * 100) << " %  " << said.pick(o.language) << std::endl;
    }
  });

  EquipmentProgress& progress = end.progress;
  EquipmentResult& result = progress.result;
  if (!end.joined) result.time = begun.time;
  const auto trouble = [&](const Status& s) {
    if (!s.ok()) err << s.error().message << '\n';
    return s.ok();
  };
  bool kept = true;
  if (end.ran) {
    const ResultShelf shelf(ResultShelf::default_folder(end.venue_id));
    const bool whole = o.only.empty();
    if (end.joined) {
      if (const auto last = shelf.of_time(result.compared_with))
        result.differences = differences(*last, result);
    } else if (const auto last = whole ? shelf.last(o.quick) : std::nullopt) {
      result.compared_with = last->time;
      result.differences = differences(*last, result);
    }
    SheetWish sheet;
    sheet.computer = computer_name();
    sheet.picture = [&](const std::string& name) {
      return bytes_of(picture_path(name, scratch, folder));
    };
    const std::string page = write_sheet(result, sheet);
    if (whole || end.joined) {  // a part alone is no measure for the next test
      folder = shelf.folder();
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
  if (o.progress) out << progress_line(progress, scratch, folder) << std::endl;
  fs::remove_all(scratch, ec);

  if (!o.progress && end.ran) print_people(out, progress, o.language);
  if (!progress.refusal.ja.empty() && !o.progress) err << progress.refusal.pick(o.language) << '\n';
  return kept ? exit_code_of(end) : 2;
}

}  // namespace kakehashi
