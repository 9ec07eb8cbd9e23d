// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/sound_loop.h"

#include <algorithm>
#include <cctype>

#include "capture/devices.h"

namespace kakehashi {
namespace {

constexpr const char* kLoopbackModel = "Loopback: ";  // snd-aloop's cards, whatever their id

std::string lower(std::string s) {
  std::transform(s.begin(), s.end(), s.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return s;
}

// "card-LabA-pcm-1" -> "card-LabA", 1; "hw:3,1" -> "hw:3", 1
std::pair<std::string, int> split(const std::string& port) {
  for (const char* mark : {"-pcm-", ","})
    if (const auto at = port.rfind(mark); at != std::string::npos) {
      const std::string number = port.substr(at + std::string(mark).size());
      if (!number.empty() && number.size() < 4 &&
          std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return {port.substr(0, at), std::stoi(number)};
    }
  return {port, 0};
}

// Device 0 of a loopback card is heard on its device 1, and the other way round.
bool other_end(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return false;
  const auto [card_a, device_a] = split(a);
  const auto [card_b, device_b] = split(b);
  return card_a == card_b && device_a != device_b;
}

// What the computer itself plays (capture/sound_list.cpp).
bool computers_sound(const std::string& word) {
  return word == "pc-sound" || lower(word).find("@default_monitor@") != std::string::npos;
}

bool server(const std::string& pcm) {
  return pcm == "default" || pcm == "pulse" || pcm == "pipewire";
}

// "alsa_output.usb.monitor", "Monitor of USB Audio": what it listens to; nothing: it is none.
std::string monitored(const std::string& word) {
  const std::string low = lower(word);
  if (const auto at = low.find(".monitor"); at != std::string::npos) {
    const auto begins = low.find_last_of(":=\"'", at);
    return low.substr(begins == std::string::npos ? 0 : begins + 1,
                      at - (begins == std::string::npos ? 0 : begins + 1));
  }
  if (const auto at = low.find("monitor of "); at != std::string::npos) return low.substr(at + 11);
  return {};
}

}  // namespace

bool plays_into(const DeviceIdentity& output, const std::string& pcm, const Input& input) {
  // Of an application only what it plays itself is heard; this program's own is never among it
  // (capture/sound_server.cpp). Its name may read like anything.
  if (!input.audio || !input.source || input.source->kind == "application") return false;
  const DeviceIdentity heard = identity_of(*input.source);
  if (heard.empty()) return false;
  if (output.model.starts_with(kLoopbackModel) &&
      (other_end(output.port, heard.port) || other_end(pcm, heard.model)))
    return true;
  for (const std::string& word : {heard.model, heard.port, heard.serial}) {
    if (computers_sound(word) && server(pcm)) return true;
    const std::string sink = monitored(word);
    if (sink.empty()) continue;
    // A server's own choice of output may be that one.
    if (server(pcm) || lower(pcm).find(sink) != std::string::npos ||
        lower(output.model).find(sink) != std::string::npos)
      return true;
  }
  return false;
}

const Input* loop_through(const DeviceIdentity& output, const std::string& pcm,
                          const std::vector<Input>& inputs) {
  for (const Input& input : inputs)
    if (plays_into(output, pcm, input)) return &input;
  return nullptr;
}

Error loop_refusal(const Text& bus, const Input& input) {
  return {ErrorKind::FixInput,
          "bind_sound: what is played there comes back as input \"" + input.id + "\"; a loop",
          {"「" + bus.ja + "」の音が「" + input.name.ja +
               "」に戻って回ってしまいます。→ 別の出力を選んでください。",
           "The sound of \"" + bus.pick(Language::English) + "\" would come back as \"" +
               input.name.pick(Language::English) + "\". -> Choose another output."}};
}

}  // namespace kakehashi
