// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes at the door: read or refused, and what is understood stays the same when said again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "station/door/codec.h"
#include "station/door/codec_wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kakehashi;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto command = parse_command(text)) {
    const auto line = write_command(*command);
    const auto again = parse_command(line);
    if (!again || write_command(*again) != line) std::abort();
  }
  if (const auto snapshot = parse_snapshot(text)) {
    const auto line = write_snapshot(*snapshot);
    const auto again = parse_snapshot(line);
    if (!again || write_snapshot(*again) != line) std::abort();
  }
  (void)door::parse_asked(text);
  (void)door::parse_answer(text);
  return 0;
}
