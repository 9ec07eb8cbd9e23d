// SPDX-License-Identifier: GPL-3.0-or-later
#include "presets/event_file.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "tests/presets/full_event.h"
#include "tests/presets/kinds.h"

using namespace kakehashi;
namespace fs = std::filesystem;

namespace {

EventReading parse(const std::string& text) {
  return parse_event(text, testing::source_kinds(), testing::output_kinds());
}

std::string all_faults(const EventReading& r) {
  std::string out;
  for (const auto& f : r.faults) out += f.path + ": " + f.message + "\n";
  return out;
}

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "kakehashi-presets-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), {}));
  }
  fs::path path;
};

std::string content(const fs::path& p) {
  std::ostringstream out;
  out << std::ifstream(p).rdbuf();
  return out.str();
}

}  // namespace

TEST_CASE("every part of an event is read") {
  const auto r = parse(testing::kFullEvent);
  REQUIRE_MESSAGE(r.ok(), all_faults(r));
  const Show& s = r.show;
  CHECK(s.title == Text{"行事", "Event"});
  CHECK(s.canvas == Canvas{1280, 720, {30000, 1001}});
  CHECK(s.inputs[0].delay == Duration::microseconds(33'300));
  CHECK(s.inputs[0].source->settings.at("device") == SettingValue(std::string("serial:1")));
  CHECK(s.inputs[1].name.ja == "mic");
  CHECK_FALSE(s.inputs[1].source);
  CHECK(s.inputs[2].source->settings.at("latency_ms") == SettingValue(std::int64_t{80}));
  CHECK(s.inputs[3].source->settings.at("tone_hz") == SettingValue(440.0));
  CHECK(s.scenes[0].layers[0].rect == Rect{0, 0, 1280, 720});
  CHECK(s.scenes[0].layers[1].fit == FitMode::Fill);
  CHECK(s.scenes[0].layers[1].crop == Crop{0.1, 0, 0.25, 0.05});
  const LayerLook& look = s.scenes[0].layers[1].look;
  CHECK(look.turn == Turn::Left);
  CHECK(look.key.on);
  CHECK(look.key.colour == 0x0000FF);
  CHECK(look.masks[0] == Mask{.x = -0.1, .w = 0.5, .h = 0.5});
  CHECK(look.shadow == Shadow{6, 8, 16, 0.5});
  CHECK(s.inputs[0].masks[0].shape == Mask::Shape::Ellipse);
  CHECK(s.scenes[1].card == "wait");
  CHECK(s.scenes[2].slots == std::vector<SlotFill>{{"slide", "net"}, {"speaker", "cam"}});
  CHECK(s.scenes[2].otherwise == "a");
  CHECK(s.overlays[0].hold == Duration::milliseconds(7500));
  CHECK(s.overlays[1].people[1].kana == "すずき はなこ");
  CHECK(s.overlays[2].label.ja == "アンケート");
  CHECK_FALSE(s.overlays[2].hold);
  CHECK(s.overlays[4].label.ja == "カウントダウン");
  CHECK(s.overlays[5].hold == Duration{});
  CHECK(s.cards[0].kind == CardKind::Break);
  CHECK(s.overlays[0].label.ja == "𠮷田 太郎");
  CHECK(s.cards[0].background == 0x0A0B0C);
  CHECK(s.destinations[0].settings.at("url") == SettingValue(std::string("rtmps://host/app")));
  CHECK(s.destinations[0].scope == AudienceScope::Public);
  CHECK(s.script[0].at == Duration::milliseconds(1500));
  CHECK(s.script[1].overlay_on == false);
  CHECK(r.notices.empty());
}

TEST_CASE("unknown keys are told, kept and written back where they were") {
  const auto r = parse(R"({
    "kakehashi_event": 1, "id": "x", "title": {"ja": "題", "fr": "titre"}, "later": {"b": [1, {"c": null}], "a": 2.5},
    "inputs": [{"id": "i"}, {"id": "j", "source": {"kind": "test", "glow/up~": true}}],
    "scenes": [{"id": "s", "layers": [{"input": "i"}, {"input": "j", "spin": 90}], "tags": ["α"]}],
    "encode": {"hdr": false}})");
  REQUIRE_MESSAGE(r.ok(), all_faults(r));
  CHECK(r.show.unknown.size() == 6);
  CHECK(r.notices.size() == 6);
  const auto holds = [&](const std::string& path, const std::string& json) {
    for (const auto& u : r.show.unknown)
      if (u == UnknownKey{path, json}) return true;
    return false;
  };
  CHECK(holds("/later", R"({"a":2.5,"b":[1,{"c":null}]})"));
  CHECK(holds("/title/fr", R"("titre")"));
  CHECK(holds("/inputs/1/source/glow~1up~0", "true"));
  CHECK(holds("/scenes/0/layers/1/spin", "90"));
  CHECK(holds("/scenes/0/tags", R"(["α"])"));
  CHECK(holds("/encode/hdr", "false"));
  CHECK(r.notices[0].path.size() > 0);

  const auto again = parse(write_event(r.show));
  REQUIRE(again.ok());
  CHECK(again.show == r.show);

  // The object an unknown key belonged to is gone: the key goes with it, nothing else suffers.
  Show shorter = r.show;
  shorter.inputs.pop_back();
  shorter.scenes[0].layers.pop_back();
  const auto after = parse(write_event(shorter));
  REQUIRE_MESSAGE(after.ok(), all_faults(after));
  CHECK(after.show.unknown.size() == 4);
}

TEST_CASE("an unknown key is kept in an object that otherwise holds nothing but usual values") {
  const auto r = parse(R"({
    "kakehashi_event": 1, "id": "x", "title": "題", "inputs": [{"id": "i"}],
    "scenes": [{"id": "s", "layers": [{"input": "i", "correction": {"gama": 2}, "border": {"dash": 1},
                "shadow": {"tint": 3}, "chroma_key": {"on": false, "edge": 4}}]}],
    "venue_bus": {"a": 5}, "aux_bus": {"b": 6}})");
  REQUIRE_MESSAGE(r.ok(), all_faults(r));
  CHECK(r.show.unknown.size() == 6);
  const auto again = parse(write_event(r.show));
  REQUIRE_MESSAGE(again.ok(), all_faults(again));
  CHECK(again.show == r.show);
}

TEST_CASE("a file that is not there, is a folder, or is too large is one clear fault") {
  const Folder folder;
  const auto load = [](const fs::path& p) {
    return load_event(p.string(), testing::source_kinds(), testing::output_kinds());
  };
  const auto missing = load(folder.path / "none.json");
  REQUIRE(missing.faults.size() == 1);
  CHECK(missing.faults[0].path == (folder.path / "none.json").string());
  CHECK(missing.faults[0].message.find("No such file") != std::string::npos);
  CHECK(missing.faults[0].ja.find("見つかりません") != std::string::npos);

  CHECK(load(folder.path).faults.size() == 1);

  REQUIRE(::mkfifo((folder.path / "pipe").c_str(), 0600) == 0);
  CHECK(load(folder.path / "pipe").faults.size() == 1);  // and does not wait for a writer

  std::ofstream(folder.path / "big.json") << std::string(10'000'001, ' ');
  const auto big = load(folder.path / "big.json");
  REQUIRE(big.faults.size() == 1);
  CHECK(big.faults[0].message.find("at most 10 MB") != std::string::npos);
}

TEST_CASE("saving replaces the file and keeps its rights; a link stays a link") {
  const Folder folder;
  const Show show = parse(testing::kFullEvent).show;
  const fs::path file = folder.path / "a.json";
  REQUIRE(save_event(show, file.string()));
  CHECK(content(file) == write_event(show));

  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("a.json", folder.path / "link.json");
  Show other = show;
  other.id = "other";
  REQUIRE(save_event(other, (folder.path / "link.json").string()));
  CHECK(fs::is_symlink(folder.path / "link.json"));
  CHECK(content(file) == write_event(other));
  CHECK((fs::status(file).permissions() & fs::perms::group_read) == fs::perms::none);
  CHECK(folder.files() == 2);
}

TEST_CASE("a save that fails leaves the old file and no rubbish") {
  const Folder folder;
  const Show show = parse(testing::kFullEvent).show;
  const fs::path file = folder.path / "a.json";
  REQUIRE(save_event(show, file.string()));
  const std::string before = content(file);

  SUBCASE("the disk is full in the middle") {
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit usual{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &usual) == 0);
    rlimit small = usual;
    small.rlim_cur = 100;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const Status saved = save_event(show, file.string());
    ::setrlimit(RLIMIT_FSIZE, &usual);
    REQUIRE_FALSE(saved);
    CHECK(saved.error().message.find("save event \"full\"") == 0);
  }
  SUBCASE("the rename is refused") {
    const fs::path occupied = folder.path / "folder.json";
    fs::create_directories(occupied / "inside");
    const Status saved = save_event(show, occupied.string());
    REQUIRE_FALSE(saved);
    CHECK(saved.error().kind == ErrorKind::FixSetup);
    CHECK(fs::is_directory(occupied / "inside"));
    fs::remove_all(occupied);
  }
  SUBCASE("the folder does not exist") {
    CHECK_FALSE(save_event(show, (folder.path / "no" / "a.json").string()));
  }
  SUBCASE("the folder may not be written") {
    if (::geteuid() == 0) return;  // root may write everywhere
    fs::permissions(folder.path, fs::perms::owner_read | fs::perms::owner_exec);
    const Status saved = save_event(show, file.string());
    fs::permissions(folder.path, fs::perms::owner_all);
    CHECK_FALSE(saved);
  }
  CHECK(content(file) == before);
  CHECK(folder.files() == 1);
}
