// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/door/codec.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "station/door/codec_text.h"
#include "station/door/codec_wire.h"

namespace kakehashi {
namespace door {
namespace {

// Length of the well-formed UTF-8 sequence at the front of `s`, 0 if there is none
// (Unicode 15, table 3-7).
std::size_t utf8_length(std::string_view s) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(s[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t n = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (n == 0 || s.size() < n) return 0;
  const std::uint8_t least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const std::uint8_t most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < least || byte(1) > most) return 0;
  for (std::size_t i = 2; i < n; ++i)
    if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
  return n;
}

void append_escaped(std::string& out, char c) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += "\\u00";
      out += kHex[(c >> 4) & 0xF];
      out += kHex[c & 0xF];
  }
}

void open_line(std::string& out, std::string_view id) {
  out += '{';
  if (id.empty()) return;
  out += "\"id\":";
  out += id;
  out += ',';
}

struct KindWords {
  std::string_view name;
  std::string_view ja, en;
};
// By ErrorKind: its name on the wire, and what the operator may do where the place that refused has
// no better words.
constexpr std::array<KindWords, 6> kKinds = {{
    {"fix_input", "この操作は今はできません。→ 内容を確認してください。",
     "This cannot be done now. -> Check what was asked for."},
    {"fix_setup", "機材の準備ができていません。→ 接続と設定を確認してください。",
     "The equipment is not ready. -> Check its connection and settings."},
    {"try_later", "相手側の応答がありません。→ 少し待って、もう一度お試しください。",
     "The other side does not answer. -> Wait a moment and try again."},
    {"not_found", "指定されたものが見つかりません。→ 名前を確認してください。",
     "The named thing was not found. -> Check its name."},
    {"unsupported", "この機材では使えない操作です。→ 別の方法をお試しください。",
     "This equipment cannot do that. -> Try another way."},
    {"bug", "内部で不具合が起きました。→ 記録を保存して担当者に知らせてください。",
     "Something went wrong inside. -> Keep the log and tell the person in charge."},
}};

}  // namespace

void append(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain = 0;  // start of what needs no change
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<std::uint8_t>(text[i]);
    const std::size_t n = c < 0x80 ? 1 : utf8_length(text.substr(i));
    if (n > 1 || (n == 1 && c >= 0x20 && c != '"' && c != '\\')) {
      i += n;
      continue;
    }
    out.append(text, plain, i - plain);
    if (n == 0)
      out += "\xEF\xBF\xBD";
    else
      append_escaped(out, text[i]);
    plain = ++i;
  }
  out.append(text, plain);
  out += '"';
}

std::string write_ok(std::string_view id) {
  std::string out;
  open_line(out, id);
  return out += "\"ok\":true}";
}

std::string write_refusal(std::string_view id, const Error& error) {
  const auto& words = kKinds.at(static_cast<std::size_t>(error.kind));
  std::string out;
  open_line(out, id);
  out += "\"ok\":false,\"kind\":";
  append(out, words.name);
  out += ",\"error\":";
  append(out, error.message);
  out += ",\"ja\":";
  append(out, error.words.ja.empty() ? words.ja : std::string_view(error.words.ja));
  out += ",\"en\":";
  append(out,
         error.words.ja.empty() ? words.en : std::string_view(error.words.pick(Language::English)));
  return out += '}';
}

std::optional<ErrorKind> kind_named(std::string_view name) {
  for (std::size_t i = 0; i < kKinds.size(); ++i)
    if (kKinds[i].name == name) return static_cast<ErrorKind>(i);
  return std::nullopt;
}

std::string write_snapshot_answer(std::string_view id, std::string_view snapshot) {
  std::string out;
  out.reserve(snapshot.size() + id.size() + 40);
  open_line(out, id);
  out += "\"ok\":true,\"snapshot\":";
  out += snapshot;
  return out += '}';
}

namespace {
constexpr std::string_view kEvent = "{\"snapshot\":";
}

std::string write_snapshot_event(std::string_view snapshot) {
  std::string out;
  out.reserve(kEvent.size() + snapshot.size() + 1);
  out += kEvent;
  out += snapshot;
  return out += '}';
}

std::string_view snapshot_of_event(std::string_view line) {
  if (!line.starts_with(kEvent) || !line.ends_with('}')) return {};
  line.remove_prefix(kEvent.size());
  line.remove_suffix(1);
  return line;
}

std::string write_boards(std::string_view id, const std::vector<BoardLine>& boards) {
  std::string out;
  open_line(out, id);
  out += "\"ok\":true,\"boards\":";
  append(out, boards);
  return out += '}';
}

std::string write_request(std::string_view request) {
  std::string out = "{\"request\":";
  append(out, request);
  return out += '}';
}

std::string write_subscribe(double hz, std::optional<Bus> bus) {
  std::string out = "{\"request\":\"subscribe\",\"hz\":";
  append(out, hz);
  if (bus) {
    out += ",\"bus\":";
    append(out, bus_name(*bus));
  }
  return out += '}';
}

}  // namespace door

std::string write_command(const Command& command) {
  std::string out = "{\"command\":";
  std::visit(
      [&]<class T>(const T& c) {
        door::append(out, door::Fields<T>::name);
        door::append_fields(out, c, false);
      },
      command);
  return out += '}';
}

std::string write_snapshot(const Snapshot& snapshot) {
  std::string out;
  out.reserve(16 * 1024);  // a show with ten inputs; growing by doubling copies it four times
  door::append(out, snapshot);
  return out;
}

std::string write_equipment(const EquipmentProgress& progress) {
  std::string out;
  door::append(out, progress);
  return out;
}

std::string_view to_string(SignalState v) {
  return door::kNames<SignalState>[static_cast<std::size_t>(v)];
}
std::string_view to_string(OutputState v) {
  return door::kNames<OutputState>[static_cast<std::size_t>(v)];
}
std::string_view to_string(AudienceScope v) {
  return door::kNames<AudienceScope>[static_cast<std::size_t>(v)];
}
std::string_view to_string(TransitionKind v) {
  return door::kNames<TransitionKind>[static_cast<std::size_t>(v)];
}
std::string_view to_string(Severity v) {
  return door::kNames<Severity>[static_cast<std::size_t>(v)];
}

}  // namespace kakehashi
