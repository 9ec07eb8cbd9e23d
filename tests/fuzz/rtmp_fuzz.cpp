// SPDX-License-Identifier: GPL-3.0-or-later
// Hostile publishers. The first byte of the input chooses how the rest reaches the session: raw, or
// behind a real handshake and publish so that the fuzzer need not guess them, and in pieces of what
// size. Whatever comes, the session answers or ends with a sentence.
#include <cstdlib>

#include "rtmp/chunk_writer.h"
#include "rtmp/server_session.h"
#include "tests/rtmp/client.h"

using namespace kakehashi;
using namespace kakehashi::rtmp;

namespace {

struct Sink final : SessionHandler {
  std::size_t seen = 0;
  std::optional<std::string> connect(const std::string& app) override {
    if (app == "no") return "no";
    return std::nullopt;
  }
  std::optional<std::string> publish(const std::string&, const std::string& key) override {
    if (key == "no") return "no";
    return std::nullopt;
  }
  void metadata(const AmfValue& v) override { seen += v.properties.size(); }
  // Reads every byte, so that a span that is too long is noticed.
  void video(std::uint32_t, ByteView b) override {
    for (const std::uint8_t x : b) seen += x;
  }
  void audio(std::uint32_t, ByteView b) override {
    for (const std::uint8_t x : b) seen += x;
  }
  void unpublished() override {}
};

void must(bool held) {
  if (!held) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::uint8_t how = data[0];
  ByteView rest(data + 1, size - 1);

  Sink sink;
  ServerSession session(sink, 1);
  Bytes out;
  if (how & 1) {
    testing::RtmpClient client;
    client.out.insert(client.out.end(), kHandshakeSize, 0);
    if (how & 2) {
      client.connect("live");
      client.create_and_publish("key");
    }
    must(session.receive(client.out, out).ok());
    must(session.publishing() == ((how & 2) != 0));
  }
  const std::size_t piece = (how >> 2) ? static_cast<std::size_t>(how >> 2) : rest.size();
  while (!rest.empty()) {
    const std::size_t n = rest.size() < piece ? rest.size() : piece;
    const Status s = session.receive(rest.first(n), out);
    rest = rest.subspan(n);
    if (!s) {
      must(!s.error().message.empty());
      must(!session.receive(rest, out).ok());  // ended means ended
      break;
    }
  }
  // What the session answered must itself be readable by a client.
  testing::RtmpClient client;
  if (out.size() > 1 + 2 * kHandshakeSize) must(client.take(out).ok());

  // Any values that can be read can be written and read again.
  const auto values = read_amf0(ByteView(data + 1, size - 1));
  if (values) must(read_amf0(amf0_body(*values)).ok());
  return 0;
}
