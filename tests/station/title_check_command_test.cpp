// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/title_check_command.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "station/run_command.h"

using namespace kakehashi;

namespace {

// An event with one name title, in a folder of its own.
class EventFile {
 public:
  explicit EventFile(const std::string& affiliation) {
    std::filesystem::create_directories(folder_);
    std::ofstream(path()) << R"({"kakehashi_event": 1, "id": "e", "title": {"ja": "講座"},
      "inputs": [{"id": "cam", "name": {"ja": "カメラ"}}],
      "scenes": [{"id": "s", "name": {"ja": "講師"}, "layers": [{"input": "cam", "rect": [0, 0, 1920, 1080]}]}],
      "overlays": [{"id": "o", "kind": "name_title", "label": {"ja": "講師の氏名", "en": "Speaker"},
                    "name": "中村 さくら", "affiliation": ")"
                          << affiliation << R"(", "rect": [96, 684, 500, 96]}]})";
  }
  ~EventFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  EventFile(const EventFile&) = delete;
  EventFile& operator=(const EventFile&) = delete;
  std::string path() const { return folder_ / "event.json"; }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("kakehashi-titles-" + std::to_string(::getpid()));
};

struct Said {
  int code;
  std::string out, err;
};
Said check(const std::string& event, bool json = false, Language language = Language::Japanese) {
  std::ostringstream out, err;
  TitleCheckOptions options;
  options.event = event;
  options.json = json;
  options.language = language;
  const int code = run_title_check(options, out, err);
  return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("title-check says in one line that all titles are good") {
  const EventFile event("区長");
  const Said said = check(event.path());
  CAPTURE(said.err);
  CHECK(said.code == kExitOk);
  CHECK(said.out.find("問題ありません") != std::string::npos);
}

TEST_CASE("title-check names the title that is too long, in both languages and as JSON") {
  const EventFile event("みどり区 危機管理室 危機管理課 地域防災係 主任主事");
  const Said ja = check(event.path());
  CHECK(ja.code == kExitFaults);
  CHECK(ja.out.find("講師の氏名") != std::string::npos);
  CHECK(ja.out.find("短くしてください") != std::string::npos);
  CHECK(check(event.path(), false, Language::English).out.find("Speaker") != std::string::npos);
  const Said json = check(event.path(), true);
  CHECK(json.code == kExitFaults);
  CHECK(json.out.find(R"("kind": "overflow")") != std::string::npos);
  CHECK(json.out.find(R"("good": false)") != std::string::npos);
}

TEST_CASE("title-check of a file that is no event says so") {
  const Said said = check("/nonexistent/event.json");
  CHECK(said.code == kExitBadEvent);
  CHECK_FALSE(said.err.empty());
  CHECK(said.out.empty());
}
