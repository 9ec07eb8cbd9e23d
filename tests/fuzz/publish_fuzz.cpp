// SPDX-License-Identifier: GPL-3.0-or-later
// Hostile servers. The first byte of the input chooses how far a well-behaved server brought the
// publisher before the rest is said to it, and in pieces of what size. Whatever comes, the session
// goes on, is refused or ends with a sentence; what it sends is readable, and bounded by what came.
#include <cstdlib>

#include "rtmp/flv.h"
#include "rtmp/login.h"
#include "rtmp/publish_session.h"
#include "rtmp/server_session.h"

using namespace kakehashi;
using namespace kakehashi::rtmp;

namespace {

struct Host final : SessionHandler {
  std::optional<std::string> connect(const std::string&) override { return std::nullopt; }
  std::optional<std::string> publish(const std::string&, const std::string&) override {
    return std::nullopt;
  }
  void metadata(const AmfValue&) override {}
  void video(std::uint32_t, ByteView) override {}
  void audio(std::uint32_t, ByteView) override {}
  void unpublished() override {}
};

void must(bool held) {
  if (!held) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const int far = data[0] & 3;
  ByteView rest(data + 1, size - 1);

  // A second, good server reads all that the publisher says.
  Host host;
  ServerSession server(host, 1);
  PublishSession client(2);
  Bytes to_server, to_client;
  const auto carry = [&] {
    while (!to_server.empty()) {
      must(server.receive(to_server, to_client).ok());
      to_server.clear();
      must(client.receive(to_client, to_server).ok());
      to_client.clear();
    }
  };
  client.start(to_server);
  if (far >= 1) {
    carry();
    client.connect("live", "rtmp://h/live", to_server, true);
    if (far >= 2) carry();
  }
  if (far >= 2) {
    client.publish("key", to_server);
    if (far >= 3) carry();
  }

  const std::size_t piece = (data[0] >> 2) ? static_cast<std::size_t>(data[0] >> 2) : rest.size();
  const std::size_t before = to_server.size();
  while (!rest.empty()) {
    const std::size_t n = rest.size() < piece ? rest.size() : piece;
    const Status s = client.receive(rest.first(n), to_server);
    rest = rest.subspan(n);
    if (!s) {
      must(!s.error().message.empty());
      must(!client.receive(rest, to_server).ok());  // ended means ended
      break;
    }
    if (client.state() == PublishSession::State::Greeted)
      client.connect("live", "rtmp://h/live", to_server);
    else if (client.state() == PublishSession::State::Connected)
      client.publish("key", to_server);
  }
  must(client.said().size() <= 300);
  must(client.refusal().size() <= 4096);
  must(to_server.size() - before <= 8192 + 64 * size);
  (void)client.offers("hvc1");
  client.unpublish(to_server);
  // With the fuzzer as server the publisher may be anywhere, but never speaks nonsense.
  if (far >= 1) (void)server.receive(to_server, to_client);

  const std::string words(reinterpret_cast<const char*>(data), size);
  (void)answer_challenge(words, {"user", "password"}, "live", 1);
  AvcTags tags;
  (void)tags.first_header(ByteView(data, size));
  (void)tags.picture(ByteView(data, size), true);
  std::size_t sum = 0;
  for (const ByteView& p : tags.parts())
    for (const std::uint8_t b : p) sum += b;
  must(sum <= 255 * 5 * (size + 16));
  return 0;
}
