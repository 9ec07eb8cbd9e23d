// SPDX-License-Identifier: GPL-3.0-or-later
// The station's command line.
#include <CLI/CLI.hpp>
#include <atomic>
#include <clocale>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "capture/source_kind.h"
#include "core/layout_table.h"
#include "station/client_commands.h"
#include "station/code_places.h"
#include "station/devices_command.h"
#include "station/equip/av_offset.h"
#include "station/equip/equip_command.h"
#include "station/equip/probe_command.h"
#include "station/ingest_main.h"
#include "station/open_event.h"
#include "station/report.h"
#include "station/run_command.h"
#include "station/title_check_command.h"

namespace {

using namespace kakehashi;

std::atomic<bool> stop{false};
void on_signal(int) { stop = true; }

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a peer that goes away is an error code, not an end
}

std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The programs of one build or installation lie side by side.
std::string sibling(const char* program) {
  std::error_code ignored;
  const auto here = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const auto& place : {here / program, here.parent_path() / "gui" / program})
    if (std::filesystem::exists(place, ignored)) return place.string();
  return program;
}

int run_report(const std::string& run, const std::string& ingest) {
  const ReportText report = make_report(read_text(run), read_text(ingest));
  std::cout << report.text
            << (report.good ? "すべて確認できました。／All of it held.\n"
                            : "確認できないものがあります。／Not all of it held.\n");
  return report.good ? kExitOk : kExitDevice;
}

int receive(IngestOptions options, const std::string& event, Language language) {
  if (!event.empty()) {
    const OpenedEvent opened = open_event(event, "", "");
    print_faults(std::cerr, event, opened.faults, language);
    if (!opened.faults.empty()) return kExitBadEvent;
    options.code_rects = code_places(arranged(opened.show));
  }
  return run_ingest(options);
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  catch_signals();
  CLI::App app{
      "架け橋 Kakehashi: the station. Captures, mixes, records and streams an event; no window."};
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 ok, 1 title-check found faults, 2 usage, 3 bad event (every fault with its "
      "path), 4 device or destination "
      "failed.");
  std::string language = "ja", socket;
  app.add_option("--lang", language, "Language of messages")
      ->check(CLI::IsMember({"ja", "en"}))
      ->capture_default_str();

  RunOptions run;
  std::vector<std::string> urls;
  auto* run_command = app.add_subcommand("run", "Open an event and run it");
  run_command->add_option("EVENT", run.event, "Event file (JSON)")->required();
  run_command->add_flag("--go-live", run.go_live, "Start all enabled destinations at once");
  run_command->add_option("--for", run.seconds, "End after this many seconds")
      ->check(CLI::PositiveNumber);
  run_command->add_flag("--script", run.script, "Perform the event's scripted takes");
  run_command->add_option("--stats", run.stats, "Write figures to this JSON file at the end");
  run_command->add_option("--socket", run.socket,
                          "The door's socket (default: in $XDG_RUNTIME_DIR/kakehashi)");
  run_command->add_option("--venue", run.venue, "Venue file (default: the one the event names)");
  run_command->add_option("--secrets", run.secrets,
                          "Stream keys (default: ~/.config/kakehashi/secrets.json)");
  run_command->add_option("--record-folder", run.record_folder, "Where recordings go");
  run_command
      ->add_option("--destination", urls, "ID=URL: another address for a destination of the event")
      ->check([](const std::string& s) {
        return s.find('=') == std::string::npos ? "expected ID=URL" : "";
      });
  run_command->add_flag("--screen", run.screen, "Open the hall's screen");
  run_command->add_flag("--practice-receiver", run.practice_receiver,
                        "Receive a practice on this machine and say what viewers would get");
  run_command->add_flag("--duck-howls", run.duck_howls, "Lower a send that howls by 12 dB");

  auto* devices = app.add_subcommand("devices", "List cameras, sound inputs and displays");
  bool as_json = false;
  devices->add_flag("--json", as_json, "As JSON");
  bool watch_devices = false;
  devices->add_flag("--watch", watch_devices, "Again with each change, until stopped");

  std::string event, venue;
  auto* validate =
      app.add_subcommand("validate", "Check an event file; names every fault with its place");
  validate->add_option("EVENT", event, "Event file (JSON)")->required();
  validate->add_option("--venue", venue, "Venue file (default: the one the event names)");

  TitleCheckOptions titles;
  auto* title_check = app.add_subcommand(
      "title-check",
      "Check every title of an event: letters, length, contrast, place; 1 if any is wrong");
  title_check->add_option("EVENT", titles.event, "Event file (JSON)")->required();
  title_check->add_option("--venue", titles.venue, "Venue file (default: the one the event names)");
  title_check->add_flag("--json", titles.json, "As JSON");
  title_check->add_flag("--timing", titles.timing, "Also say how long it took");

  std::string line;
  auto* send =
      app.add_subcommand("send", "Send one command to the running station and print its answer");
  send->add_option("COMMAND", line, R"(JSON, for example {"command":"take"})")->required();
  send->add_option("--socket", socket, "The door's socket");

  auto* snapshot = app.add_subcommand("snapshot", "Print what the running station is doing");
  snapshot->add_option("--socket", socket, "The door's socket");
  snapshot->add_flag("--json", as_json, "As JSON, complete");

  IngestOptions ingest;
  std::string ingest_event;
  double ingest_seconds = 0;
  auto* ingest_command = app.add_subcommand(
      "ingest", "Practice receiver: an RTMP server that checks what viewers would get");
  ingest_command->add_option("--listen", ingest.listen, "Address")->capture_default_str();
  ingest_command->add_option("--for", ingest_seconds, "End after this many seconds")
      ->check(CLI::PositiveNumber);
  ingest_command->add_option("--stats", ingest.stats_file,
                             "Write figures to this JSON file at the end");
  ingest_command->add_option("--event", ingest_event,
                             "Event file: where its test pictures stand in each scene");
  ingest_command->add_flag("--progress", ingest.progress,
                           "Lines of JSON instead of words, one a second");
  ingest_command->add_option("--frames", ingest.frames_file,
                             "Write one line per picture to this CSV file");

  EquipOptions equip;
  auto* equip_command = app.add_subcommand(
      "equip-test",
      "Test cameras, sound, disk, PC and network before an event; 0 nothing failed, 1 something "
      "did, 2 it could not run, 3 it was stopped before its end");
  equip_command->add_option("--event", equip.event, "Event file (default: what is plugged in)");
  equip_command->add_option("--venue", equip.venue,
                            "Venue file (default: the one the event names)");
  equip_command->add_option("--secrets", equip.secrets,
                            "Stream keys (default: ~/.config/kakehashi/secrets.json)");
  equip_command->add_option("--json", equip.json, "Also write the result to this JSON file");
  equip_command->add_option("--html", equip.html, "Also write the sheet to print to this file");
  equip_command->add_flag("--quick", equip.quick, "A third of the time, coarser figures");
  equip_command
      ->add_option("--burn-in", equip.burn_in_minutes,
                   "Also run everything so many minutes, 30 to 120")
      ->check(CLI::Range(kMinBurnIn, kMaxBurnIn));
  equip_command->add_flag("--write-delays", equip.write_delays,
                          "Keep the measured delays of picture and sound in the venue file");
  equip_command->add_flag("--clap", equip.clap,
                          "Picture against sound by clapping hands instead of the flash page");
  auto* loops =
      equip_command
          ->add_option("--loop", equip.loops,
                       "Also play a quiet sound and hear it come back through a cable: "
                       "ROLE=OUTPUT ..., or alone: every microphone, the output beside it")
          ->expected(0, 16);
  equip_command->add_option("--only", equip.only,
                            "Test only these again and put them into the last result: camera, "
                            "camera.cam_main, machine.disk, ...");
  equip_command->add_flag("--progress", equip.progress, "Lines of JSON instead of words");

  std::string page;
  auto* flash_page_command = app.add_subcommand(
      "flash-page", "Write the page that flashes and beeps, for measuring picture against sound");
  flash_page_command->add_option("-o,--output", page, "HTML file, to be opened on a phone or a PC")
      ->required();

  ProbeOptions probe;
  auto* probe_command = app.add_subcommand("probe", "One part of equip-test, for equip-test");
  probe_command->group("");  // hidden
  probe_command->add_option("NAME", probe.name)->required();
  probe_command->add_option("--event", probe.event);
  probe_command->add_option("--venue", probe.venue);
  probe_command->add_option("--secrets", probe.secrets);
  probe_command->add_option("--role", probe.role);
  probe_command->add_option("--folder", probe.folder);
  probe_command->add_flag("--quick", probe.quick);
  probe_command->add_flag("--write-delays", probe.write_delays);
  probe_command->add_flag("--clap", probe.clap);
  auto* probe_loops = probe_command->add_option("--loop", probe.loops)->expected(0, 16);
  probe_command->add_option("--burn-in", probe.burn_in_minutes);
  probe_command->add_option("--parent", probe.parent);

  std::string run_stats, ingest_stats;
  auto* report = app.add_subcommand(
      "report", "Say for people what a practice run did; 0 only if all of it held");
  report->add_option("--run", run_stats, "What run --stats wrote")
      ->required()
      ->check(CLI::ExistingFile);
  report->add_option("--ingest", ingest_stats, "What ingest --stats wrote")
      ->required()
      ->check(CLI::ExistingFile);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const int code = app.exit(e);
    return code == 0 ? kExitOk : kExitUsage;
  }
  const Language spoken = language == "en" ? Language::English : Language::Japanese;

  if (*report) return run_report(run_stats, ingest_stats);
  if (*send) return send_line(socket, line);
  if (*snapshot) return print_snapshot(socket, as_json);
  // Given without a word it counts, with an empty word in the list.
  const auto without_empty = [](std::vector<std::string>& words) {
    std::erase_if(words, [](const std::string& w) { return w.empty() || w == "{}"; });
  };
  equip.loop = loops->count() > 0;
  probe.loop = probe_loops->count() > 0;
  without_empty(equip.loops);
  without_empty(probe.loops);
  if (*equip_command) {
    equip.language = spoken;
    return run_equip_test(equip, stop, std::cout, std::cerr);
  }
  if (const auto ok = init_capture(); !ok) {
    std::cerr << ok.error().message << '\n';
    return kExitDevice;
  }
  if (*flash_page_command) {
    std::ofstream out(page, std::ios::binary);
    out << flash_page();
    out.close();
    if (out) return kExitOk;
    std::cerr << "flash-page: " << page << " cannot be written\n";
    return kExitDevice;
  }
  if (*probe_command) return run_probe(probe, stop, std::cout, std::cerr);
  if (*devices) return run_devices({as_json, watch_devices}, stop, std::cout, std::cerr);
  if (*validate) return validate_event(event, venue, spoken);
  if (*title_check) {
    titles.language = spoken;
    return run_title_check(titles, std::cout, std::cerr);
  }
  if (*ingest_command) {
    ingest.run_for = Duration::from_seconds(ingest_seconds);
    ingest.stop = &stop;
    return receive(ingest, ingest_event, spoken);
  }
  for (const auto& u : urls) run.urls[u.substr(0, u.find('='))] = u.substr(u.find('=') + 1);
  run.language = spoken;
  run.screen_program = sibling("kakehashi-screen");
  std::error_code unknown;  // then there is no equipment test
  run.station_program = std::filesystem::read_symlink("/proc/self/exe", unknown).string();
  return run_event(run, stop);
}
