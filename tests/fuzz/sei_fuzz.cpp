// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in SEI messages: practice notes as a hostile publisher might send them, and captions
// of any bytes a caption feed may bring. The first byte chooses.
#include <cstdlib>
#include <string>
#include <vector>

#include "encoder/caption_sei.h"
#include "station/practice_code.h"

using namespace kakehashi;

namespace {

void must(bool held) {
  if (!held) std::abort();
}

// What could be read can be written, and is then read as the same.
void again(const std::optional<PracticeNote>& note) {
  if (!note) return;
  const auto nal = write_practice_sei(*note);
  const auto same = read_practice_sei(std::span(nal).subspan(4));
  must(same && *same == *note);
}

void read_notes(std::span<const std::uint8_t> bytes) {
  again(read_practice_sei(bytes));
  again(find_practice_note(bytes));
  // Behind a header that is right, so that the fuzzer need not guess it.
  std::vector<std::uint8_t> tag{0x17, 1, 0, 0, 0};
  const auto size = static_cast<std::uint32_t>(bytes.size());
  for (int shift = 24; shift >= 0; shift -= 8)
    tag.push_back(static_cast<std::uint8_t>(size >> shift));
  tag.insert(tag.end(), bytes.begin(), bytes.end());
  again(find_practice_note(tag));
}

// The bytes are a note's levels: whatever a sound was, the note survives its NAL unit.
void write_note(std::span<const std::uint8_t> bytes) {
  PracticeNote note;
  const std::size_t most = std::min<std::size_t>(bytes.size(), 400);
  note.levels.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(most));
  for (std::size_t i = 0; i < note.fields.size() && i < most; ++i) note.fields[i] = bytes[i];
  for (std::size_t i = 0; i < 8 && i < most; ++i) note.pts_us = note.pts_us << 8 | bytes[i];
  again(note);
}

void caption(std::span<const std::uint8_t> bytes) {
  static constexpr Rate kRates[] = {{25, 1}, {30000, 1001}, {30, 1}, {60, 1}};
  const Rate rate = kRates[bytes.empty() ? 0 : bytes[0] % std::size(kRates)];
  CaptionWriter writer(rate);
  std::vector<std::string> lines{""};
  std::size_t triplets = writer.next().size();
  must(triplets > 0 && triplets % 3 == 0);
  for (const std::uint8_t b : bytes) {
    if (b == '\n') {
      lines.emplace_back();
      continue;
    }
    if (b == '\f') {  // in the middle of what is being sent
      writer.show(lines);
      must(writer.next().size() == triplets);
      lines = {""};
      continue;
    }
    lines.back().push_back(static_cast<char>(b));
  }
  writer.show(lines);
  for (int i = 0; i < 40; ++i) {
    const auto next = writer.next();
    must(next.size() == triplets);  // always as many as the rate asks for
    for (std::size_t t = 0; t < next.size(); t += 3) must((next[t] & 0xF8) == 0xF8);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span rest(data + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      read_notes(rest);
      break;
    case 1:
      write_note(rest);
      break;
    default:
      caption(rest);
  }
  return 0;
}
