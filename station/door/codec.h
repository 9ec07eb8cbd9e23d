// SPDX-License-Identifier: GPL-3.0-or-later
// The door's words as JSON. One JSON object per line (\n), UTF-8, at most 1 MiB per line.
//
//   to the station                                     from the station
//   {"id":1,"command":"take"}                          {"id":1,"ok":true}
//   {"id":2,"command":"mute","strip":"x","muted":true} {"id":2,"ok":false,"kind":"not_found",
//                                                       "error":"...","ja":"...","en":"..."}
//   {"id":3,"request":"snapshot"}                      {"id":3,"ok":true,"snapshot":{...}}
//   {"id":4,"request":"subscribe","hz":20}             {"id":4,"ok":true}, then {"snapshot":{...}}
//   ...                                                (hz 0..60; 0 ends it). With "bus":"venue" it
//                                                       is a window of that bus: the board is fed
//   {"id":5,"request":"pictures"} {"id":5,"ok":true,"boards":[{"name":"program",
//                                                       "width":1920,"height":1080}, ...]} with one
//                                                       memfd per board in that order (SCM_RIGHTS,
//                                                       chunks of <= 64)
// "id" (a number or a text) is optional and comes back as it was; answers come in the order of the
// lines. "kind" is the ErrorKind. Field names are those of core/command.h and core/snapshot.h. In a
// command an unknown field is refused, as is a missing one (except return's "open" and screen's
// "display"); in a snapshot unknown ones are ignored and missing ones keep their defaults, so that
// a desk and a station of different versions understand each other.
#pragma once

#include <string>
#include <string_view>

#include "core/command.h"
#include "core/result.h"
#include "core/snapshot.h"

namespace kakehashi {

// A command object; an error names the field and what was expected. Never throws.
Result<Command> parse_command(std::string_view json);
std::string write_command(const Command& command);  // one line, no newline, no id

std::string write_snapshot(const Snapshot& snapshot);  // one line
Result<Snapshot> parse_snapshot(std::string_view json);

// An equipment test as its process tells it: one line of standard output is the whole of it so far,
// without newline. Read as leniently as a snapshot.
std::string write_equipment(const EquipmentProgress& progress);
Result<EquipmentProgress> parse_equipment(std::string_view json);

// Names as they stand in JSON: "live", "lost", ...
std::string_view to_string(SignalState);
std::string_view to_string(OutputState);
std::string_view to_string(AudienceScope);
std::string_view to_string(TransitionKind);
std::string_view to_string(Severity);

}  // namespace kakehashi
