// SPDX-License-Identifier: GPL-3.0-or-later
// The RTMP port phones send to, without GStreamer behind it.
#include "capture/push_listener.h"

#include <doctest/doctest.h>

#include <atomic>
#include <mutex>

#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<Process> phone(int port, const std::string& name) {
  return Process::start({"ffmpeg",
                         "-nostdin",
                         "-loglevel",
                         "error",
                         "-re",
                         "-f",
                         "lavfi",
                         "-i",
                         "testsrc=s=160x90:r=30:d=60",
                         "-c:v",
                         "libx264",
                         "-preset",
                         "ultrafast",
                         "-tune",
                         "zerolatency",
                         "-pix_fmt",
                         "yuv420p",
                         "-g",
                         "30",
                         "-f",
                         "flv",
                         "rtmp://127.0.0.1:" + std::to_string(port) + "/live/" + name},
                        {}, "/dev/null");
}

// What a decoder is given.
struct Taken {
  std::mutex mutex;
  std::string bytes;
  PushStream::Sink sink() {
    return [this](rtmp::ByteView flv) {
      const std::lock_guard lock(mutex);
      bytes.append(flv.begin(), flv.end());
    };
  }
  std::size_t size() {
    const std::lock_guard lock(mutex);
    return bytes.size();
  }
};

}  // namespace

TEST_CASE("inputs share a port, not a name") {
  auto first = PushStream::wait_for(0, "a");
  REQUIRE(first.ok());
  const int port = (*first)->port();
  CHECK(port > 0);
  auto second = PushStream::wait_for(port, "b");
  REQUIRE(second.ok());
  CHECK((*second)->port() == port);
  auto again = PushStream::wait_for(port, "a");
  REQUIRE_FALSE(again.ok());
  CHECK(again.error().kind == ErrorKind::FixInput);
  CHECK_FALSE(again.error().words.ja.empty());
  first = Error{};
  CHECK(PushStream::wait_for(port, "a").ok());
}

TEST_CASE("a port that somebody else holds") {
  auto mine = PushStream::wait_for(0, "a");
  REQUIRE(mine.ok());
  // As seen by another program.
  const std::string port = std::to_string((*mine)->port());
  auto other =
      Process::start({"python3", "-c",
                      "import socket,sys,time\ns=socket.socket()\ns.bind(('0.0.0.0',0))\n"
                      "s.listen(1)\nprint(s.getsockname()[1],flush=True)\ntime.sleep(60)"});
  REQUIRE(other);
  const auto taken = other->read_line();
  REQUIRE(taken.has_value());
  auto refused = PushStream::wait_for(std::stoi(*taken), "a");
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().kind == ErrorKind::FixSetup);
  CHECK(refused.error().words.en.find(*taken) != std::string::npos);
}

TEST_CASE(
    "whoever looks gets a header, what decoders need first, and pictures from a keyframe on") {
  auto waiting = PushStream::wait_for(0, "phone");
  REQUIRE(waiting.ok());
  PushStream& stream = **waiting;
  CHECK_FALSE(stream.wait(Duration::milliseconds(10)));
  CHECK_FALSE(stream.attach([](rtmp::ByteView) {}));
  auto sender = phone(stream.port(), "phone");
  REQUIRE(sender);
  REQUIRE(stream.wait(Duration::seconds(10)));
  for (int look = 0; look < 2; ++look) {  // the second one comes in the middle of things
    CAPTURE(look);
    Taken taken;
    REQUIRE(wait_until([&] { return stream.attach(taken.sink()); }));
    REQUIRE(wait_until([&] { return taken.size() > 3000; }));
    stream.detach();
    const std::size_t then = taken.size();
    CHECK(taken.bytes.substr(0, 3) == "FLV");
    if (look == 1) {
      // 13 bytes of header, 11 of the tag's: an AVC sequence header comes first.
      CHECK(static_cast<unsigned char>(taken.bytes[13]) == 9);
      CHECK(static_cast<unsigned char>(taken.bytes[24]) == 0x17);
      CHECK(taken.bytes[25] == 0);
    }
    CHECK(taken.size() == then);
  }
  Taken last;
  REQUIRE(stream.attach(last.sink()));
  CHECK_FALSE(stream.attached_sender_gone());
  sender->signal(SIGKILL);
  CHECK(wait_until([&] { return stream.attached_sender_gone(); }));
  stream.detach();
}

TEST_CASE("a phone that still sends is found by the input that waits again") {
  auto other = PushStream::wait_for(0, "other");  // keeps the port
  REQUIRE(other.ok());
  auto stream = PushStream::wait_for((*other)->port(), "phone");
  REQUIRE(stream.ok());
  auto sender = phone((*other)->port(), "phone");
  REQUIRE((*stream)->wait(Duration::seconds(10)));
  stream = Error{};
  stream = PushStream::wait_for((*other)->port(), "phone");
  REQUIRE(stream.ok());
  CHECK((*stream)->wait(Duration::seconds(3)));
  CHECK(sender->running());
}
