// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/practice_code.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

// Made up once for this message (ISO/IEC 11578).
constexpr std::array<std::uint8_t, 16> kUuid = {0x6b, 0x61, 0x6b, 0x65, 0x68, 0x61, 0x4d, 0x1c,
                                                0x9a, 0x52, 0x73, 0x68, 0x69, 0x2d, 0x30, 0x31};
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kFixed = 16 + 1 + 8 + 8 + 4 + 16 + 8 + 2;
constexpr std::uint8_t kSei = 6, kSlice = 1, kIdr = 5;
constexpr int kEvery = 16;  // pixels and lines

void put(std::vector<std::uint8_t>& to, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}
std::uint64_t take(std::span<const std::uint8_t>& from, int bytes) {
  std::uint64_t v = 0;
  for (int i = 0; i < bytes; ++i) v = v << 8 | from[static_cast<std::size_t>(i)];
  from = from.subspan(static_cast<std::size_t>(bytes));
  return v;
}

// ITU-T H.264 7.4.1: 00 00 0x never stands in a NAL unit.
std::vector<std::uint8_t> without_emulation(std::span<const std::uint8_t> nal) {
  std::vector<std::uint8_t> plain;
  plain.reserve(nal.size());
  int zeros = 0;
  for (const std::uint8_t b : nal) {
    if (zeros >= 2 && b == 3) {
      zeros = 0;
      continue;
    }
    zeros = b == 0 ? zeros + 1 : 0;
    plain.push_back(b);
  }
  return plain;
}

// Where the start code of the first slice of an Annex B picture begins; its size when there is
// none.
std::size_t first_slice(std::span<const std::uint8_t> d) {
  for (std::size_t i = 0; i + 3 < d.size(); ++i) {
    if (d[i] != 0 || d[i + 1] != 0 || d[i + 2] != 1) continue;
    const std::uint8_t type = d[i + 3] & 0x1F;
    if (type == kSlice || type == kIdr) return i > 0 && d[i - 1] == 0 ? i - 1 : i;
    i += 3;
  }
  return d.size();
}

}  // namespace

PictureFields picture_fields(const std::uint8_t* luma, int stride, int width, int height) {
  std::array<std::uint32_t, 16> sum{}, count{};
  for (int y = kEvery / 2; y < height; y += kEvery) {
    const std::uint8_t* line = luma + static_cast<std::ptrdiff_t>(y) * stride;
    const int row = y * 4 / height * 4;
    for (int x = kEvery / 2; x < width; x += kEvery) {
      const auto field = static_cast<std::size_t>(row + x * 4 / width);
      sum[field] += line[x];
      ++count[field];
    }
  }
  PictureFields fields{};
  for (std::size_t i = 0; i < fields.size(); ++i)
    fields[i] = static_cast<std::uint8_t>(sum[i] / std::max(1U, count[i]));
  return fields;
}

std::uint8_t sound_level(std::span<const float> left_right) {
  double power = 0;
  for (const float v : left_right) power += static_cast<double>(v) * v;
  power /= static_cast<double>(std::max<std::size_t>(1, left_right.size()));
  const double db = power <= 1e-13 ? -127.5 : 10 * std::log10(power);
  return static_cast<std::uint8_t>(std::clamp(std::lround((db + 127.5) * 2), 0L, 255L));
}
double level_db(std::uint8_t level) { return level / 2.0 - 127.5; }

std::vector<std::uint8_t> write_practice_sei(const PracticeNote& note) {
  std::vector<std::uint8_t> data(kUuid.begin(), kUuid.end());
  data.push_back(kVersion);
  put(data, static_cast<std::uint64_t>(note.captured_us), 8);
  put(data, static_cast<std::uint64_t>(note.pts_us), 8);
  put(data, note.number, 4);
  data.insert(data.end(), note.fields.begin(), note.fields.end());
  put(data, static_cast<std::uint64_t>(note.first_step), 8);
  put(data, note.levels.size(), 2);
  data.insert(data.end(), note.levels.begin(), note.levels.end());

  std::vector<std::uint8_t> rbsp{5};  // user_data_unregistered
  std::size_t size = data.size();
  for (; size >= 255; size -= 255) rbsp.push_back(255);
  rbsp.push_back(static_cast<std::uint8_t>(size));
  rbsp.insert(rbsp.end(), data.begin(), data.end());
  rbsp.push_back(0x80);

  std::vector<std::uint8_t> nal{0, 0, 0, 1, kSei};
  int zeros = 0;
  for (const std::uint8_t b : rbsp) {
    if (zeros >= 2 && b <= 3) {
      nal.push_back(3);
      zeros = 0;
    }
    zeros = b == 0 ? zeros + 1 : 0;
    nal.push_back(b);
  }
  return nal;
}

std::optional<PracticeNote> read_practice_sei(std::span<const std::uint8_t> nal) {
  if (nal.empty() || (nal[0] & 0x1F) != kSei) return std::nullopt;
  const std::vector<std::uint8_t> plain = without_emulation(nal.subspan(1));
  std::span<const std::uint8_t> rest = plain;
  if (rest.empty() || rest[0] != 5) return std::nullopt;
  rest = rest.subspan(1);
  std::size_t size = 0;
  while (!rest.empty()) {
    const std::uint8_t b = rest[0];
    rest = rest.subspan(1);
    size += b;
    if (b != 255) break;
  }
  if (size < kFixed || size > rest.size()) return std::nullopt;
  rest = rest.first(size);
  if (!std::equal(kUuid.begin(), kUuid.end(), rest.begin()) || rest[16] != kVersion)
    return std::nullopt;
  rest = rest.subspan(17);
  PracticeNote note;
  note.captured_us = static_cast<std::int64_t>(take(rest, 8));
  note.pts_us = static_cast<std::int64_t>(take(rest, 8));
  note.number = static_cast<std::uint32_t>(take(rest, 4));
  std::copy_n(rest.begin(), note.fields.size(), note.fields.begin());
  rest = rest.subspan(note.fields.size());
  note.first_step = static_cast<std::int64_t>(take(rest, 8));
  const std::size_t levels = take(rest, 2);
  if (levels != rest.size()) return std::nullopt;
  note.levels.assign(rest.begin(), rest.end());
  return note;
}

std::optional<PracticeNote> find_practice_note(std::span<const std::uint8_t> body) {
  if (body.size() < 5 || (body[0] & 0x0F) != 7 || body[1] != 1) return std::nullopt;
  body = body.subspan(5);
  while (body.size() > 4) {
    const std::size_t size = take(body, 4);
    if (size == 0 || size > body.size()) return std::nullopt;
    const std::uint8_t type = body[0] & 0x1F;
    if (type == kSlice || type == kIdr) return std::nullopt;
    if (auto note = read_practice_sei(body.first(size))) return note;
    body = body.subspan(size);
  }
  return std::nullopt;
}

void PracticeCode::set(bool on) {
  const std::lock_guard lock(mutex_);
  on_ = on;
  if (!on) levels_.clear();
}

void PracticeCode::hear(const AudioBlock& block) {
  const std::lock_guard lock(mutex_);
  if (!on_) return;
  const std::int64_t first = block.position / kSoundStep;
  const bool follows =
      !levels_.empty() && first_step_ + static_cast<std::int64_t>(levels_.size()) == first;
  if (!follows || levels_.size() >= kMostSteps) {
    levels_.clear();
    first_step_ = first;
  }
  const std::span<const float> samples(block.samples);
  constexpr std::size_t kValues = static_cast<std::size_t>(kSoundStep) * kProgramChannels;
  for (std::size_t at = 0; at + kValues <= samples.size(); at += kValues)
    levels_.push_back(sound_level(samples.subspan(at, kValues)));
}

PacketPtr PracticeCode::mark(PacketPtr packet, const VideoFrame& frame, std::int64_t number,
                             MediaTime tick) {
  PracticeNote note;
  {
    const std::lock_guard lock(mutex_);
    if (!on_ || !packet) return packet;
    note.first_step = first_step_;
    note.levels.swap(levels_);
  }
  const std::size_t at = first_slice(packet->data);
  if (at == packet->data.size()) return packet;
  note.captured_us = (packet->captured.ns != 0 ? packet->captured : tick).ns / 1000;
  note.pts_us = packet->pts.ns / 1000;
  note.number = static_cast<std::uint32_t>(number);
  const PlaneView luma = frame.plane(0);
  note.fields = picture_fields(luma.data, luma.stride, frame.width(), frame.height());
  const std::vector<std::uint8_t> sei = write_practice_sei(note);
  const auto bytes = std::make_shared<std::vector<std::uint8_t>>();
  bytes->reserve(packet->data.size() + sei.size());
  bytes->assign(packet->data.begin(), packet->data.begin() + static_cast<std::ptrdiff_t>(at));
  bytes->insert(bytes->end(), sei.begin(), sei.end());
  bytes->insert(bytes->end(), packet->data.begin() + static_cast<std::ptrdiff_t>(at),
                packet->data.end());
  auto marked = std::make_shared<EncodedPacket>(*packet);
  marked->data = *bytes;
  marked->owner = bytes;
  return marked;
}

}  // namespace kakehashi
