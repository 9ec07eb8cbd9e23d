// SPDX-License-Identifier: GPL-3.0-or-later
// Reading the door's lines. A fault is a sentence that grows outwards, so it ends up naming the
// whole path: `inputs[2].signal: expected one of ...`.
#include <array>
#include <cstdint>
#include <limits>

#include <nlohmann/json.hpp>

#include "station/door/codec.h"
#include "station/door/codec_fields.h"
#include "station/door/codec_wire.h"

namespace kakehashi {
namespace door {
namespace {

using nlohmann::json;

Error wrong(std::string message) { return {ErrorKind::FixInput, std::move(message)}; }

std::string in_quotes(std::string_view name) {
  constexpr std::size_t kEnough = 40;  // a fault stays one readable line
  return "\"" + std::string(name.substr(0, kEnough)) + (name.size() > kEnough ? "..." : "") + "\"";
}

std::string found(const json& j) {
  if (j.is_string()) return ", found " + in_quotes(j.get_ref<const std::string&>());
  if (j.is_number() || j.is_boolean()) return ", found " + j.dump();
  return std::string(", found ") + j.type_name();
}

template <class List>
std::string any_of(const List& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + in_quotes(name);
  return out;
}

// Fault sentences start with a field's path; the innermost begins with ": ".
using Fault = std::optional<std::string>;

Fault read(const json& j, bool& out) {
  if (!j.is_boolean()) return ": expected true or false" + found(j);
  out = j.get<bool>();
  return {};
}
Fault read(const json& j, std::string& out) {
  if (!j.is_string()) return ": expected a text" + found(j);
  out = j.get<std::string>();
  return {};
}
Fault read(const json& j, double& out) {
  if (j.is_null()) return {};  // what cannot be a number (see append): the default stays
  if (!j.is_number()) return ": expected a number" + found(j);
  out = j.get<double>();
  return {};
}
template <std::integral I>
Fault read(const json& j, I& out) {
  using Limits = std::numeric_limits<I>;
  const auto expected = [&] {
    return ": expected a whole number from " + std::to_string(Limits::min()) + " to " +
           std::to_string(Limits::max()) + found(j);
  };
  if (!j.is_number_integer()) return expected();
  // Non-negative ones are unsigned in this library, so the two cases cover every integer.
  if (j.is_number_unsigned() ? !std::in_range<I>(j.get<std::uint64_t>())
                             : !std::in_range<I>(j.get<std::int64_t>()))
    return expected();
  out = j.get<I>();
  return {};
}
Fault read(const json& j, Decibel& out) {
  constexpr double kLeast = -60, kMost = 12;  // the fader's ends (core/command.h)
  if (!j.is_number() || j.get<double>() < kLeast || j.get<double>() > kMost)
    return ": expected a number from -60 to 12 (dB)" + found(j);
  out = {j.get<double>()};
  return {};
}
template <class E>
requires std::is_enum_v<E> Fault read(const json& j, E& out) {
  if (j.is_string())
    for (std::size_t i = 0; i < std::size(kNames<E>); ++i)
      if (j.get_ref<const std::string&>() == kNames<E>[i]) {
        out = static_cast<E>(i);
        return {};
      }
  return ": expected one of " + any_of(kNames<E>) + found(j);
}
Fault read(const json& j, double (&out)[2]) {
  if (!j.is_array() || j.size() != 2) return ": expected two numbers" + found(j);
  for (std::size_t i = 0; i < 2; ++i)
    if (auto fault = read(j[i], out[i])) return "[" + std::to_string(i) + "]" + *fault;
  return {};
}
template <Described T>
Fault read(const json& j, T& out);
template <class T, std::size_t N>
Fault read(const json& j, std::array<T, N>& out) {
  if (!j.is_array() || j.size() != N) return ": expected a list of " + std::to_string(N) + found(j);
  for (std::size_t i = 0; i < N; ++i)
    if (auto fault = read(j[i], out[i])) return "[" + std::to_string(i) + "]" + *fault;
  return {};
}
template <class T>
Fault read(const json& j, std::vector<T>& out) {
  if (!j.is_array()) return ": expected a list" + found(j);
  out.clear();
  out.resize(j.size());
  for (std::size_t i = 0; i < out.size(); ++i)
    if (auto fault = read(j[i], out[i])) return "[" + std::to_string(i) + "]" + *fault;
  return {};
}

// A snapshot's objects: unknown names are a newer station's, missing ones an older one's.
template <Described T>
Fault read(const json& j, T& out) {
  if (!j.is_object()) return ": expected an object" + found(j);
  Fault fault;
  each_field<T>([&](const auto& f) {
    const auto it = j.find(f.name);
    if (it == j.end()) return true;
    fault = read(*it, out.*f.member);
    if (fault) fault = "." + std::string(f.name) + *fault;
    return !fault;
  });
  return fault;
}

std::string without_lead(const std::string& fault) {
  return fault.starts_with('.') || fault.starts_with(": ")
             ? fault.substr(fault.starts_with('.') ? 1 : 2)
             : fault;
}

// Of a strip's settings only those that are written count: whoever turns one knob by hand need not
// know the others.
Fault note_said(const json& sound, std::vector<std::string>& said) {
  std::vector<std::string_view> known;
  each_field<StripSettings>([&](const auto& f) {
    known.push_back(f.name);
    return true;
  });
  for (const auto& [name, value] : sound.items()) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      return "sound." + in_quotes(name) + ": no such field here, expected " + any_of(known);
    said.push_back(name);
  }
  if (said.empty()) return "sound: says nothing, expected some of " + any_of(known);
  return {};
}

// A command's fields: nothing missing, nothing unknown. A misspelt wish must not half happen.
template <class T>
Result<Command> read_command(const json& j) {
  T out;
  Fault fault;
  std::vector<std::string_view> known = {"id", "command"};
  each_field<T>([&](const auto& f) {
    known.push_back(f.name);
    const auto it = j.find(f.name);
    if (it != j.end())
      fault = read(*it, out.*f.member);
    else if (f.required)
      fault = ": is missing";
    if (fault) fault = std::string(f.name) + *fault;
    return !fault;
  });
  for (const auto& [name, value] : j.items())
    if (!fault && std::find(known.begin(), known.end(), name) == known.end())
      fault = in_quotes(name) + ": no such field here, expected " + any_of(known);
  if constexpr (std::is_same_v<T, SetStrip>)
    if (!fault) fault = note_said(j["sound"], out.said);
  if (fault) return wrong("command " + in_quotes(Fields<T>::name) + ": " + *fault);
  return Command(std::move(out));
}

template <class Variant>
struct CommandTable;
template <class... T>
struct CommandTable<std::variant<T...>> {
  static constexpr std::array<std::string_view, sizeof...(T)> names = {Fields<T>::name...};
  static constexpr std::array<Result<Command> (*)(const json&), sizeof...(T)> readers = {
      &read_command<T>...};
};

Result<Command> read_command_object(const json& j) {
  using Table = CommandTable<Command>;
  const json& name = j.at("command");
  if (name.is_string())
    for (std::size_t i = 0; i < Table::names.size(); ++i)
      if (name.get_ref<const std::string&>() == Table::names[i]) return Table::readers[i](j);
  return wrong("command: expected one of " + any_of(Table::names) + found(name));
}

Result<Wish> read_request(const json& j) {
  static constexpr std::array<std::string_view, 3> kRequests = {"snapshot", "subscribe",
                                                                "pictures"};
  const json& name = j.at("request");
  if (name == kRequests[0]) return Wish(AskSnapshot{});
  if (name == kRequests[2]) return Wish(AskPictures{});
  if (name != kRequests[1])
    return wrong("request: expected one of " + any_of(kRequests) + found(name));
  constexpr double kMost = 60;  // no display shows more
  const auto hz = j.find("hz");
  if (hz == j.end() || !hz->is_number() || hz->get<double>() < 0 || hz->get<double>() > kMost)
    return wrong("hz: expected a number from 0 (no more) to 60" +
                 (hz == j.end() ? ", it is missing" : found(*hz)));
  Subscribe wish{hz->get<double>(), {}};
  if (const auto bus = j.find("bus"); bus != j.end()) {
    const auto named = std::find(kBusNames.begin(), kBusNames.end(),
                                 bus->is_string() ? bus->get<std::string>() : std::string());
    if (named == kBusNames.end())
      return wrong("bus: expected one of " + any_of(kBusNames) + found(*bus));
    wish.bus = static_cast<Bus>(named - kBusNames.begin());
  }
  return Wish(wish);
}

// The library throws on text that is not JSON (and on exhausted memory); here that ends.
template <class Read>
auto read_text(std::string_view text, Read use) -> decltype(use(json())) {
  try {
    return use(json::parse(text));
  } catch (const json::parse_error& e) {
    return wrong("not JSON: wrong at byte " + std::to_string(e.byte) + " of " +
                 std::to_string(text.size()));
  } catch (const std::exception& e) {
    return wrong(std::string("cannot be read: ") + e.what());
  }
}

Result<Snapshot> read_snapshot(const json& j) {
  Snapshot out;
  if (auto fault = read(j, out)) return wrong("snapshot: " + without_lead(*fault));
  return out;
}

Result<EquipmentProgress> read_equipment(const json& j) {
  EquipmentProgress out;
  if (auto fault = read(j, out)) return wrong("equipment test: " + without_lead(*fault));
  return out;
}

Result<Asked> read_asked(const json& j) {
  Asked asked;
  if (!j.is_object()) {
    asked.garbage = true;
    asked.wish = wrong("expected an object with \"command\" or \"request\"" + found(j));
    return asked;
  }
  if (const auto id = j.find("id"); id != j.end()) {
    if (!id->is_number() && !id->is_string()) {
      asked.wish = wrong("id: expected a number or a text" + found(*id));
      return asked;
    }
    asked.id = id->dump();
  }
  if (j.contains("command")) {
    auto command = read_command_object(j);
    asked.wish = command ? Result<Wish>(Wish(std::move(*command))) : std::move(command.error());
  } else if (j.contains("request")) {
    asked.wish = read_request(j);
  } else {
    asked.garbage = true;
    asked.wish =
        wrong("expected \"command\" (" + any_of(CommandTable<Command>::names) + ") or \"request\"");
  }
  return asked;
}

Result<Answer> read_answer(const json& j) {
  Answer answer;
  bool ok = false;
  if (!j.is_object() || !j.contains("ok") || read(j["ok"], ok))
    return wrong("answer: expected an object with \"ok\"" + found(j));
  if (!ok) {
    Error error;
    std::string kind;
    if (j.contains("kind") && !read(j["kind"], kind))
      error.kind = kind_named(kind).value_or(ErrorKind::FixInput);
    if (!j.contains("error") || read(j["error"], error.message))
      return wrong("answer: a refusal without a sentence");
    for (const auto& [name, words] : {std::pair{"ja", &error.words.ja}, {"en", &error.words.en}})
      if (!j.contains(name) || read(j[name], *words)) *words = error.message;
    answer.status = std::move(error);
    return answer;
  }
  if (j.contains("snapshot")) {
    auto snapshot = read_snapshot(j["snapshot"]);
    if (!snapshot) return std::move(snapshot.error());
    answer.snapshot = std::move(*snapshot);
  }
  if (j.contains("boards"))
    if (auto fault = read(j["boards"], answer.boards)) return wrong("boards" + *fault);
  return answer;
}

}  // namespace

Asked parse_asked(std::string_view line) {
  auto asked = read_text(line, read_asked);
  if (asked) return std::move(*asked);
  Asked garbage;
  garbage.garbage = true;
  garbage.wish = std::move(asked.error());
  return garbage;
}

Result<Answer> parse_answer(std::string_view line) { return read_text(line, read_answer); }

}  // namespace door

Result<Command> parse_command(std::string_view text) {
  return door::read_text(text, [](const nlohmann::json& j) -> Result<Command> {
    if (!j.is_object() || !j.contains("command"))
      return door::wrong("expected an object with \"command\", one of " +
                         door::any_of(door::CommandTable<Command>::names) + door::found(j));
    return door::read_command_object(j);
  });
}

Result<Snapshot> parse_snapshot(std::string_view text) {
  return door::read_text(text, door::read_snapshot);
}

Result<EquipmentProgress> parse_equipment(std::string_view text) {
  return door::read_text(text, door::read_equipment);
}

}  // namespace kakehashi
