// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/enhanced.h"

#include <algorithm>
#include <array>

namespace kakehashi::rtmp {
namespace {

enum PacketType : std::uint8_t { kSequenceStart = 0, kCodedFrames = 1, kCodedFramesX = 3 };
constexpr std::uint8_t kEnhanced = 0x80, kKey = 1 << 4, kInter = 2 << 4;

// HEVC 7.4.2.2, table 7-1.
enum HevcType : std::uint8_t { kVps = 32, kSps = 33, kPps = 34, kDelimiter = 35 };
std::uint8_t hevc_type(ByteView unit) { return (unit[0] >> 1) & 0x3F; }
bool hevc_header(ByteView unit) { return hevc_type(unit) >= kVps && hevc_type(unit) <= kPps; }

// AV1 6.2.2.
constexpr std::uint8_t kSequenceHeader = 1, kTemporalDelimiter = 2;
std::uint8_t obu_type(ByteView obu) { return (obu[0] >> 3) & 0x0F; }

// Without emulation prevention bytes (HEVC 7.3.1.1), as far as `most`.
Bytes raw_of(ByteView unit, std::size_t most) {
  Bytes raw;
  int zeros = 0;
  for (const std::uint8_t b : unit) {
    if (raw.size() >= most) break;
    if (zeros >= 2 && b == 3) {
      zeros = 0;
      continue;
    }
    zeros = b == 0 ? zeros + 1 : 0;
    raw.push_back(b);
  }
  return raw;
}

// Bits of a sequence header; zero behind its end.
class Bits {
 public:
  explicit Bits(ByteView v) : v_(v) {}
  std::uint32_t take(int n) {
    std::uint32_t value = 0;
    for (; n > 0; --n, ++at_) {
      const std::size_t byte = at_ / 8;
      const std::uint32_t bit = byte < v_.size() ? (v_[byte] >> (7 - at_ % 8)) & 1U : 0;
      value = value << 1 | bit;
    }
    return value;
  }
  bool over() const { return at_ > v_.size() * 8; }

 private:
  ByteView v_;
  std::size_t at_ = 0;
};

// Where an OBU's payload begins and ends; nothing when it is broken.
struct Extent {
  std::size_t header = 0, size = 0;  // bytes of the header with its size field; of the payload
};
std::optional<Extent> extent_of(ByteView v) {
  if (v.empty() || (v[0] & 0x80)) return std::nullopt;
  Extent e{(v[0] & 0x04) ? 2U : 1U, 0};
  if (!(v[0] & 0x02)) {  // without a size: to the end
    if (v.size() < e.header) return std::nullopt;
    e.size = v.size() - e.header;
    return e;
  }
  std::uint64_t size = 0;
  for (int i = 0; i < 8; ++i) {  // leb128, 4.10.5
    if (e.header >= v.size()) return std::nullopt;
    const std::uint8_t b = v[e.header++];
    size |= static_cast<std::uint64_t>(b & 0x7F) << (7 * i);
    if (!(b & 0x80)) break;
  }
  if (size > v.size() - e.header) return std::nullopt;
  e.size = static_cast<std::size_t>(size);
  return e;
}

}  // namespace

std::string fourcc_of(VideoCodec codec) {
  switch (codec) {
    case VideoCodec::Hevc:
      return "hvc1";
    case VideoCodec::Av1:
      return "av01";
    default:
      return {};
  }
}

void split_obus(ByteView unit, std::vector<ByteView>& obus) {
  obus.clear();
  while (!unit.empty()) {
    const auto e = extent_of(unit);
    if (!e) return;
    obus.push_back(unit.first(e->header + e->size));
    unit = unit.subspan(e->header + e->size);
  }
}

Bytes hevc_configuration(ByteView headers) {
  std::vector<ByteView> units;
  split_annex_b(headers, units);
  std::array<std::vector<ByteView>, 3> sets;  // VPS, SPS, PPS
  for (const ByteView& u : units)
    if (u.size() > 2 && hevc_header(u))
      sets[static_cast<std::size_t>(hevc_type(u) - kVps)].push_back(u);
  if (std::any_of(sets.begin(), sets.end(), [](const auto& s) { return s.empty(); })) return {};
  // Behind the NAL header of 2 bytes: ids and layers, then profile, tier and level
  // (7.3.2.2, 7.3.3).
  const Bytes sps = raw_of(sets[1][0], 15);
  if (sps.size() < 15) return {};
  Bytes r{1};
  r.insert(r.end(), sps.begin() + 3, sps.begin() + 15);
  const auto layers = static_cast<std::uint8_t>(((sps[2] >> 1) & 7) + 1);
  const std::uint8_t nested = sps[2] & 1;
  const std::array<std::uint8_t, 10> rest{
      0xF0,
      0,
      0xFC,
      0xFC | 1,
      0xF8,
      0xF8,
      0,
      0,
      static_cast<std::uint8_t>(layers << 3 | nested << 2 | 3),  // lengths of 4 bytes
      3};
  r.insert(r.end(), rest.begin(), rest.end());
  for (std::size_t i = 0; i < sets.size(); ++i) {
    r.push_back(static_cast<std::uint8_t>(0x80 | (kVps + i)));  // all of them are here
    put_be16(r, static_cast<std::uint32_t>(sets[i].size()));
    for (const ByteView& u : sets[i]) {
      put_be16(r, static_cast<std::uint32_t>(u.size()));
      r.insert(r.end(), u.begin(), u.end());
    }
  }
  return r;
}

Bytes av1_configuration(ByteView headers) {
  std::vector<ByteView> obus;
  split_obus(headers, obus);
  const auto found = std::find_if(obus.begin(), obus.end(),
                                  [](const ByteView& o) { return obu_type(o) == kSequenceHeader; });
  if (found == obus.end()) return {};
  Bits bits(found->subspan(extent_of(*found)->header));
  const std::uint32_t profile = bits.take(3);
  bits.take(1);  // still picture
  std::uint32_t level = 0, tier = 0;
  if (bits.take(1)) {  // reduced header
    level = bits.take(5);
  } else {
    if (bits.take(1)) {  // timing info, 5.5.3; a decoder model is made by none of our encoders
      bits.take(32);
      bits.take(32);
      if (bits.take(1)) return {};
      if (bits.take(1)) return {};
    }
    bits.take(1 + 5 + 12);  // delays; count and idc of operating points: the first one counts
    level = bits.take(5);
    if (level > 7) tier = bits.take(1);
  }
  if (bits.over()) return {};
  Bytes r{0x81, static_cast<std::uint8_t>(profile << 5 | level),
          static_cast<std::uint8_t>(tier << 7 | 0x0C),  // 8 bits, 4:2:0
          0};
  r.insert(r.end(), found->begin(), found->end());
  return r;
}

std::optional<Bytes> EnhancedTags::changed_header(ByteView headers) {
  Bytes now = codec_ == VideoCodec::Hevc ? hevc_configuration(headers) : av1_configuration(headers);
  if (now.empty() || now == configuration_) return std::nullopt;
  configuration_ = std::move(now);
  Bytes body{static_cast<std::uint8_t>(kEnhanced | kKey | kSequenceStart)};
  const std::string fourcc = fourcc_of(codec_);
  body.insert(body.end(), fourcc.begin(), fourcc.end());
  body.insert(body.end(), configuration_.begin(), configuration_.end());
  return body;
}

void EnhancedTags::picture(ByteView unit, bool keyframe) {
  parts_.clear();
  small_.clear();
  const bool hevc = codec_ == VideoCodec::Hevc;
  if (hevc) {
    split_annex_b(unit, units_);
    std::erase_if(units_,
                  [](const ByteView& u) { return hevc_header(u) || hevc_type(u) == kDelimiter; });
  } else {
    split_obus(unit, units_);
    std::erase_if(units_, [](const ByteView& o) { return obu_type(o) == kTemporalDelimiter; });
  }
  if (units_.empty()) return;
  small_.reserve(5 + 4 * units_.size());  // parts_ point into it
  // CodedFramesX: picture and decoding time are the same, so no difference is sent.
  const std::uint8_t type = hevc ? kCodedFramesX : kCodedFrames;
  small_.push_back(static_cast<std::uint8_t>(kEnhanced | (keyframe ? kKey : kInter) | type));
  const std::string fourcc = fourcc_of(codec_);
  small_.insert(small_.end(), fourcc.begin(), fourcc.end());
  parts_.emplace_back(small_.data(), 5);
  for (std::size_t i = 0; i < units_.size(); ++i) {
    if (hevc) {
      put_be32(small_, static_cast<std::uint32_t>(units_[i].size()));
      parts_.emplace_back(small_.data() + 5 + 4 * i, 4);
    }
    parts_.push_back(units_[i]);
  }
}

}  // namespace kakehashi::rtmp
