// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include <random>

#include "rtmp/chunk_reader.h"
#include "rtmp/chunk_writer.h"

using namespace kakehashi;
using namespace kakehashi::rtmp;

namespace {

struct Kept {
  MessageType type;
  std::uint32_t stream, timestamp;
  Bytes body;
  bool operator==(const Kept&) const = default;
};

struct Receiver {
  ChunkReader reader;
  std::vector<Kept> got;
  Status feed(ByteView in) {
    return reader.feed(in, [this](const Message& m) {
      got.push_back({m.type, m.stream, m.timestamp, Bytes(m.body.begin(), m.body.end())});
      return Status();
    });
  }
};

Bytes raw(std::initializer_list<int> v) {
  Bytes b;
  for (int x : v) b.push_back(static_cast<std::uint8_t>(x));
  return b;
}
Bytes filled(std::size_t n, int start) {
  Bytes b(n);
  for (std::size_t i = 0; i < n; ++i) b[i] = static_cast<std::uint8_t>(start + static_cast<int>(i));
  return b;
}
std::string fault_of(const Bytes& in) {
  Receiver r;
  const Status s = r.feed(in);
  return s ? "no fault" : s.error().message;
}

}  // namespace

TEST_CASE("The specification's example: four sound messages shrink to the shortest headers") {
  // 5.3.2.1: equal messages 20 ms apart. Formats 0, 2, 3, 3 (we write 0, 2, 3, 3 too, because the
  // second one carries the delta).
  ChunkWriter writer;
  Bytes wire;
  const Bytes body = filled(32, 1);
  for (std::uint32_t t : {1000U, 1020U, 1040U, 1060U})
    writer.write(wire, 3, {MessageType::Audio, 12345, t, body});
  CHECK(wire.size() == (12 + 32) + (4 + 32) + (1 + 32) + (1 + 32));
  Receiver r;
  REQUIRE(r.feed(wire).ok());
  REQUIRE(r.got.size() == 4);
  CHECK(r.got[3] == Kept{MessageType::Audio, 12345, 1060, body});
}

TEST_CASE("The specification's example: a long video message in three chunks") {
  ChunkWriter writer;
  Bytes wire;
  const Bytes body = filled(307, 0);
  writer.write(wire, 4, {MessageType::Video, 12346, 1000, body});
  CHECK(wire.size() == 12 + 128 + 1 + 128 + 1 + 51);  // 5.3.2.2
  Receiver r;
  REQUIRE(r.feed(wire).ok());
  REQUIRE(r.got.size() == 1);
  CHECK(r.got[0].body == body);
}

TEST_CASE("Whatever is written is read, however the bytes are cut") {
  std::mt19937 generator(7);
  const auto dice = [&] { return static_cast<std::uint32_t>(generator()); };
  for (int round = 0; round < 20; ++round) {
    ChunkWriter writer;
    Bytes wire;
    std::vector<Kept> sent;
    std::uint32_t time = round % 2 ? 0xFFFFF0 : 0;  // every other round crosses 24 bits
    for (int i = 0; i < 60; ++i) {
      if (i == 20) writer.set_chunk_size(wire, 1 + dice() % 5000);
      // Small, medium and large ids; times also go back.
      const std::uint32_t ids[] = {3, 63, 64, 319, 320, 65599};
      const std::uint32_t id = ids[dice() % 6];
      time += i % 9 == 8 ? static_cast<std::uint32_t>(-40) : i % 13 == 12 ? 0x1000000 : dice() % 50;
      const Bytes body = filled(dice() % 3 ? 300 : dice() % 3000, i);
      const auto type = dice() % 2 ? MessageType::Video : MessageType::Audio;
      writer.write(wire, id, {type, 1 + dice() % 2, time, body});
      sent.push_back({type, 0, time, body});
    }
    Receiver r;
    for (std::size_t at = 0; at < wire.size();) {
      const std::size_t n = std::min<std::size_t>(1 + dice() % 700, wire.size() - at);
      REQUIRE(r.feed(ByteView(wire).subspan(at, n)).ok());
      at += n;
    }
    std::erase_if(r.got, [](const Kept& k) { return k.type == MessageType::SetChunkSize; });
    REQUIRE(r.got.size() == sent.size());
    for (std::size_t i = 0; i < sent.size(); ++i) {
      CHECK(r.got[i].timestamp == sent[i].timestamp);
      CHECK(r.got[i].type == sent[i].type);
      CHECK(r.got[i].body == sent[i].body);
    }
  }
}

TEST_CASE("Messages on different chunk streams may interleave") {
  Receiver r;
  Bytes wire = raw({0x03, 0, 0, 5, 0, 0, 130, 9, 1, 0, 0, 0});  // video, 130 bytes
  wire.insert(wire.end(), 128, 0xAA);
  for (int b : {0x04, 0, 0, 6, 0, 0, 2, 8, 1, 0, 0, 0, 0x11, 0x22})
    wire.push_back(static_cast<std::uint8_t>(b));
  for (int b : {0xC3, 0xBB, 0xBB}) wire.push_back(static_cast<std::uint8_t>(b));
  REQUIRE(r.feed(wire).ok());
  REQUIRE(r.got.size() == 2);
  CHECK(r.got[0].type == MessageType::Audio);
  CHECK(r.got[1].body.size() == 130);
}

TEST_CASE("Format 3 after format 0 repeats the timestamp as delta") {
  Receiver r;
  REQUIRE(r.feed(raw({0x03, 0, 0, 100, 0, 0, 1, 8, 1, 0, 0, 0, 7, 0xC3, 8})).ok());
  REQUIRE(r.got.size() == 2);
  CHECK(r.got[1].timestamp == 200);
}

TEST_CASE("Extended timestamps: with and without the copy in continuation chunks") {
  for (const bool copied : {true, false}) {
    CAPTURE(copied);
    Bytes wire = raw({0x03, 0xFF, 0xFF, 0xFF, 0, 0, 200, 9, 1, 0, 0, 0, 0x01, 0x23, 0x45, 0x67});
    const Bytes body = filled(200, 9);
    wire.insert(wire.end(), body.begin(), body.begin() + 128);
    wire.push_back(0xC3);
    if (copied)
      for (int b : {0x01, 0x23, 0x45, 0x67}) wire.push_back(static_cast<std::uint8_t>(b));
    wire.insert(wire.end(), body.begin() + 128, body.end());
    Receiver r;
    REQUIRE(r.feed(wire).ok());
    REQUIRE(r.got.size() == 1);
    CHECK(r.got[0].timestamp == 0x01234567);
    CHECK(r.got[0].body == body);
  }
}

TEST_CASE("Abort throws away the half message of the named chunk stream only") {
  ChunkWriter control;
  Bytes wire = raw({0x05, 0, 0, 1, 0, 0, 200, 9, 1, 0, 0, 0});
  wire.insert(wire.end(), 128, 0x77);
  const Bytes five = be32_body(5);
  control.write(wire, 2, {MessageType::Abort, 0, 0, five});
  for (int b : {0x05, 0, 0, 9, 0, 0, 1, 9, 1, 0, 0, 0, 0x42})
    wire.push_back(static_cast<std::uint8_t>(b));
  Receiver r;
  REQUIRE(r.feed(wire).ok());
  REQUIRE(r.got.size() == 2);
  CHECK(r.got[1].body == raw({0x42}));
}

TEST_CASE("Limits and broken streams are named") {
  CHECK(fault_of(raw({0x43})) == "no fault");  // not whole yet
  CHECK(fault_of(raw({0xC3})).find("begins with a header of format 3") != std::string::npos);
  CHECK(fault_of(raw({0x02, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0})).find("outside 1..") !=
        std::string::npos);
  CHECK(fault_of(raw({0x02, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF}))
            .find("outside 1..") != std::string::npos);
  Bytes half = raw({0x03, 0, 0, 0, 0, 0, 200, 9, 1, 0, 0, 0});
  half.insert(half.end(), 128, 0);
  for (int i = 0; i < 12; ++i) half.push_back(i ? 0 : 0x03);
  CHECK(fault_of(half).find("before the last one was whole") != std::string::npos);

  Bytes many;
  ChunkWriter writer;
  for (std::uint32_t id = 3; id < 3 + 65; ++id)
    writer.write(many, id, {MessageType::Audio, 1, 0, {}});
  CHECK(fault_of(many).find("more than 64 chunk streams") != std::string::npos);
}

TEST_CASE("Unfinished messages together are limited") {
  Receiver r;
  Bytes size;
  ChunkWriter writer;
  writer.set_chunk_size(size, 8 * 1024 * 1024);
  Status s = r.feed(size);
  const Bytes piece(1024 * 1024);
  for (int id = 3; id < 10 && s.ok(); ++id) {  // each announces 16 MiB and sends half
    s = r.feed(raw({id, 0, 0, 0, 0xFF, 0xFF, 0xFF, 9, 1, 0, 0, 0}));
    for (int i = 0; i < 8 && s.ok(); ++i) s = r.feed(piece);
  }
  REQUIRE_FALSE(s.ok());
  CHECK(s.error().message.find("32 MiB") != std::string::npos);
  CHECK_FALSE(r.feed(piece).ok());  // stays failed
}
