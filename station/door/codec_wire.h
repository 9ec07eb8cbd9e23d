// SPDX-License-Identifier: GPL-3.0-or-later
// Private to the door: the lines around commands and snapshots (requests, answers). The forms are
// in codec.h. Pure; nothing throws.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/command.h"
#include "core/result.h"
#include "core/snapshot.h"

namespace kakehashi::door {

inline constexpr std::size_t kLongestLine = 1024 * 1024;  // without its \n

// The name of a board and its size, as in the answer to "pictures".
struct BoardLine {
  std::string name;
  int width = 0, height = 0;
};

struct AskSnapshot {};
struct AskPictures {};
struct Subscribe {
  double hz = 0;           // 0: no more
  std::optional<Bus> bus;  // a window that shows nothing but this bus
};
using Wish = std::variant<Command, AskSnapshot, Subscribe, AskPictures>;

// A line from a desk.
struct Asked {
  std::string id;        // compact JSON, empty: none given
  bool garbage = false;  // not an object with "command" or "request": no desk of ours wrote it
  Result<Wish> wish = Error{};
};
Asked parse_asked(std::string_view line);

// Lines to a desk, without \n. `id` as in Asked.
std::string write_ok(std::string_view id);
std::string write_refusal(std::string_view id, const Error& error);
std::string write_snapshot_answer(std::string_view id, std::string_view snapshot);
std::string write_snapshot_event(std::string_view snapshot);
std::string write_boards(std::string_view id, const std::vector<BoardLine>& boards);

// Lines to the station.
std::string write_request(std::string_view request);
std::string write_subscribe(double hz, std::optional<Bus> bus = {});

// The snapshot inside a line of write_snapshot_event; empty when it is another kind of line.
std::string_view snapshot_of_event(std::string_view line);

// The kind a refusal names, "fix_input" and so on.
std::optional<ErrorKind> kind_named(std::string_view name);

// An answer line.
struct Answer {
  Status status;  // a refusal has words in both languages
  std::optional<Snapshot> snapshot;
  std::vector<BoardLine> boards;
};
Result<Answer> parse_answer(std::string_view line);

}  // namespace kakehashi::door
