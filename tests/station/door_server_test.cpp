// SPDX-License-Identifier: GPL-3.0-or-later
// One desk and the station: commands, snapshots, refusals, and the socket as a file.
#include <sys/stat.h>

#include <doctest/doctest.h>

#include "station/door/codec_wire.h"
#include "tests/station/door_fixture.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace std::chrono_literals;
using kakehashi::testing::BareDesk;
using kakehashi::testing::Station;
using kakehashi::testing::TemporaryFolder;
using kakehashi::testing::wait_until;

namespace {

unsigned mode_of(const std::string& path) {
  struct stat info {};
  REQUIRE(::lstat(path.c_str(), &info) == 0);
  return info.st_mode & 0777U;
}

}  // namespace

TEST_CASE("a command reaches the station, its refusal comes back") {
  TemporaryFolder folder;
  Station station(folder / "station.sock");
  auto desk = station.desk();
  CHECK(desk->send(Take{}).ok());
  CHECK(desk->send(SetGain{"mic", {-3}}).ok());
  const auto refused = desk->send(SetMute{"nobody", true});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().kind == ErrorKind::NotFound);
  CHECK(refused.error().message == "mute: no strip is called \"nobody\"");
  CHECK(station.commands() == std::vector<std::string>{write_command(Take{}),
                                                       write_command(SetGain{"mic", {-3}}),
                                                       write_command(SetMute{"nobody", true})});
}

TEST_CASE("posted commands do not wait; what was refused is told later, in both languages") {
  TemporaryFolder folder;
  Station station(folder / "station.sock");
  auto desk = station.desk();
  for (int i = 0; i < 100; ++i) REQUIRE(desk->post(SetMute{i == 50 ? "nobody" : "mic", true}).ok());
  CHECK(desk->send(Take{}).ok());  // answered last
  CHECK(station.commands().size() == 101);
  CHECK(station.commands().back() == write_command(Take{}));
  CHECK(desk->take_refusals() ==
        std::vector<std::string>{"The named thing was not found. -> Check its name."});
  CHECK(desk->take_refusals().empty());
  REQUIRE(desk->post(SetMute{"nobody", true}).ok());
  REQUIRE(desk->send(Take{}).ok());
  CHECK(desk->take_refusals(Language::Japanese) ==
        std::vector<std::string>{"指定されたものが見つかりません。→ 名前を確認してください。"});
}

TEST_CASE("raw lines are answered in their order, with their ids") {
  TemporaryFolder folder;
  Station station(folder / "station.sock");
  BareDesk desk(station.path());
  std::string lines;
  for (int i = 0; i < 500; ++i)
    lines += "{\"id\":" + std::to_string(i) + R"(,"command":"preview","scene":"s)" +
             std::to_string(i) + "\"}\r\n";
  REQUIRE(desk.say(lines + R"({"id":"last","command":"dance"})" + "\n"));
  for (int i = 0; i < 500; ++i) CHECK(desk.line() == door::write_ok(std::to_string(i)));
  const auto refused = desk.line();
  REQUIRE(refused);
  CHECK(refused->starts_with(R"({"id":"last","ok":false,"kind":"fix_input","error":"command: )"));
  CHECK(station.commands().size() == 500);
  CHECK(station.commands()[499] == write_command(SelectPreview{"s499"}));
}

TEST_CASE("exchange gives the station's own words") {
  TemporaryFolder folder;
  Station station(folder / "station.sock");
  auto desk = station.desk();
  auto answer = desk->exchange(R"({"id":77,"command":"take"})");
  REQUIRE(answer.ok());
  CHECK(*answer == R"({"id":77,"ok":true})");
  answer = desk->exchange("nonsense");
  REQUIRE(answer.ok());
  CHECK(answer->find("not JSON") != std::string::npos);
  CHECK_FALSE(desk->exchange("{}\n{}").ok());
}

TEST_CASE("the whole state comes on request and by subscription, newest first") {
  TemporaryFolder folder;
  Station station(folder / "station.sock");
  auto first = testing::full_snapshot();
  first.sequence = 100;
  station.say(first);
  auto desk = station.desk();
  auto asked = desk->snapshot();
  REQUIRE(asked.ok());
  CHECK(write_snapshot(*asked) == write_snapshot(first));

  REQUIRE(desk->subscribe(60).ok());
  CHECK(station.desks == 1);
  std::uint64_t seen = 0;
  const auto newest = [&] {
    auto polled = desk->poll();
    REQUIRE(polled.ok());
    if (*polled) seen = (**polled).sequence;
    return seen;
  };
  CHECK(wait_until([&] { return newest() == 100; }));  // at once, without any change
  for (int i = 0; i < 50; ++i) station.tick();
  CHECK(wait_until([&] { return newest() == 150; }));  // the last one is never swallowed

  REQUIRE(desk->subscribe(0).ok());
  CHECK(station.desks == 0);
  (void)desk->poll();
  station.tick();
  REQUIRE(desk->send(Take{}).ok());  // behind any snapshot that might still have come
  auto after = desk->poll();
  REQUIRE(after.ok());
  CHECK_FALSE(after->has_value());
}

TEST_CASE("each subscriber gets its own rate") {
  TemporaryFolder folder;
  Station station(folder / "station.sock");
  auto fast = station.desk();
  auto slow = station.desk();
  REQUIRE(fast->subscribe(50).ok());
  REQUIRE(slow->subscribe(10).ok());
  CHECK(station.desks == 2);
  int fast_count = 0, slow_count = 0;
  const auto start = std::chrono::steady_clock::now();
  CHECK(wait_until([&] {
    for (int i = 0; i < 10; ++i) {
      station.tick();
      if (auto got = fast->poll(); got.ok() && *got) ++fast_count;
      if (auto got = slow->poll(); got.ok() && *got) ++slow_count;
      std::this_thread::sleep_for(1ms);
    }
    return slow_count >= 8;
  }));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  // Never more than asked for, but for the first; fewer only where the machine is busy.
  CHECK(fast_count <= took.count() * 50 + 3);
  CHECK(slow_count <= took.count() * 10 + 3);
  CHECK(fast_count > slow_count);
}

TEST_CASE(
    "a station that is still starting says so, and serves the subscriber once it has a state") {
  TemporaryFolder folder;
  std::atomic<bool> ready{false};
  DoorHandlers h;
  h.command = [](const Command&) -> Status { return {}; };
  h.snapshot = [&] { return ready ? std::make_shared<const Snapshot>() : nullptr; };
  h.boards = [] { return std::vector<BoardHandle>(); };
  auto server = DoorServer::open(folder / "s", std::move(h));
  REQUIRE(server.ok());
  auto desk = DoorClient::connect(folder / "s");
  REQUIRE(desk.ok());
  auto early = (*desk)->snapshot();
  REQUIRE_FALSE(early.ok());
  CHECK(early.error().kind == ErrorKind::TryLater);
  REQUIRE((*desk)->subscribe(20).ok());
  ready = true;
  (*server)->snapshot_changed();
  CHECK(wait_until([&] {
    auto got = (*desk)->poll();
    return got.ok() && got->has_value();
  }));
}

TEST_CASE("garbage is answered, then the door closes; a good line in between forgives") {
  TemporaryFolder folder;
  Station station(folder / "station.sock");
  BareDesk patient(station.path());
  for (int i = 0; i < 10; ++i) REQUIRE(patient.say("garbage\n"));
  REQUIRE(patient.say("{\"command\":\"take\"}\n"));
  for (int i = 0; i < 10; ++i) REQUIRE(patient.say("\xff\xfe[[[\n"));
  for (int i = 0; i < 21; ++i) {
    const auto line = patient.line();
    REQUIRE(line);
    CHECK(line->starts_with(i == 10 ? R"({"ok":true)" : R"({"ok":false,"kind":"fix_input")"));
  }

  BareDesk noise(station.path());
  std::string much;
  for (int i = 0; i < 1000; ++i) much += "garbage\n";
  (void)noise.say(much);
  int answers = 0;
  std::string last;
  while (auto line = noise.line()) {
    ++answers;
    last = *line;
  }
  CHECK(noise.ended());
  CHECK(answers == 16);
  CHECK(last.find("closed after too many") != std::string::npos);
  CHECK(station.desk()->send(Take{}).ok());
}

TEST_CASE("a line over 1 MiB is refused, one just below is read, the next ones are served") {
  TemporaryFolder folder;
  Station station(folder / "station.sock");
  BareDesk desk(station.path());
  std::thread speaker([&] {  // beside: the answer must be read while it speaks
    const std::string fits =
        R"({"command":"preview","scene":")" + std::string(1'000'000, 'a') + "\"}\n";
    CHECK(desk.say(fits));
    CHECK(desk.say(std::string(1'500'000, 'x') + "\n"));
    CHECK(desk.say("{\"id\":2,\"command\":\"take\"}\n"));
  });
  CHECK(desk.line() == R"({"ok":true})");
  const auto refused = desk.line();
  REQUIRE(refused);
  CHECK(refused->find("line too long: at most 1048576 bytes") != std::string::npos);
  CHECK(desk.line() == R"({"id":2,"ok":true})");
  speaker.join();
  CHECK(station.commands().size() == 2);
}

TEST_CASE("the folder is 0700 and the socket 0600, and both ends say who may stand there") {
  TemporaryFolder folder;
  const auto before = ::umask(0);  // the most careless caller
  Station station(folder / "new/station.sock");
  ::umask(before);
  CHECK(mode_of(folder / "new") == 0700);
  CHECK(mode_of(folder / "new/station.sock") == 0600);

  CHECK_FALSE(DoorServer::open("", {}).ok());
  CHECK_FALSE(DoorServer::open(folder / std::string(200, 'x'), {}).ok());
  auto missing = DoorServer::open(folder / "no/such/place", {});
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().message.find(folder / "no/such") != std::string::npos);
}

TEST_CASE("a living station is not pushed aside, a dead one's socket is replaced") {
  TemporaryFolder folder;
  const std::string path = folder / "station.sock";
  {
    Station station(path);
    auto second = DoorServer::open(path, {});
    REQUIRE_FALSE(second.ok());
    CHECK(second.error().kind == ErrorKind::FixInput);
    CHECK(second.error().message.find("already runs on " + path) != std::string::npos);
    CHECK(station.desk()->send(Take{}).ok());
  }
  CHECK_FALSE(std::filesystem::exists(path));
  auto nobody = DoorClient::connect(path);
  REQUIRE_FALSE(nobody.ok());
  CHECK(nobody.error().kind == ErrorKind::NotFound);

  {  // the file of a station that was killed: bound, nobody listens
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    std::strncpy(a.sun_path, path.c_str(), sizeof a.sun_path - 1);
    REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&a), sizeof a) == 0);
    // Bound by somebody who does not know our lock but does listen: not dead either.
    REQUIRE(::listen(fd, 1) == 0);
    auto second = DoorServer::open(path, {});
    REQUIRE_FALSE(second.ok());
    CHECK(second.error().message.find("already answers on") != std::string::npos);
    ::close(fd);
  }
  REQUIRE(std::filesystem::exists(path));
  CHECK(DoorClient::connect(path).error().kind == ErrorKind::NotFound);
  Station revived(path);
  CHECK(revived.desk()->send(Take{}).ok());
}

TEST_CASE("an ordinary file in the socket's place is left alone") {
  TemporaryFolder folder;
  const std::string path = folder / "letter.txt";
  ::close(::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  auto server = DoorServer::open(path, {});
  REQUIRE_FALSE(server.ok());
  CHECK(server.error().message.find("is no socket") != std::string::npos);
  CHECK(std::filesystem::is_regular_file(path));
}

TEST_CASE("the default socket lives in the runtime folder") {
  const char* kept = std::getenv("XDG_RUNTIME_DIR");
  const std::string before = kept ? kept : "";
  ::setenv("XDG_RUNTIME_DIR", "/run/user/1234", 1);
  CHECK(default_socket_path() == "/run/user/1234/kakehashi/station.sock");
  ::setenv("XDG_RUNTIME_DIR", "relative", 1);
  CHECK(default_socket_path() == "/tmp/kakehashi-" + std::to_string(::geteuid()) + "/station.sock");
  if (kept)
    ::setenv("XDG_RUNTIME_DIR", before.c_str(), 1);
  else
    ::unsetenv("XDG_RUNTIME_DIR");
}

TEST_CASE(
    "a desk notices that the station ended, and a new connection has the full state at once") {
  TemporaryFolder folder;
  Station station(folder / "station.sock");
  auto desk = station.desk();
  REQUIRE(desk->subscribe(20).ok());
  station.close();
  CHECK(wait_until([&] { return !desk->poll().ok(); }));
  CHECK(desk->poll().error().kind == ErrorKind::TryLater);
  CHECK_FALSE(desk->send(Take{}).ok());

  station.open();
  // The first that comes is whole, and comes without the station saying anything again.
  auto again = station.desk();
  REQUIRE(again->subscribe(20).ok());
  std::optional<Snapshot> first;
  REQUIRE(wait_until([&] {
    auto got = again->poll();
    if (got.ok() && got->has_value()) first = std::move(**got);
    return first.has_value();
  }));
  CHECK(first->inputs.size() == 2);
}
