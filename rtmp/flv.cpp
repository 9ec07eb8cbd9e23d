// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/flv.h"

#include <algorithm>

namespace kakehashi::rtmp {
namespace {

constexpr std::uint8_t kKeyframeAvc = 0x17, kInterAvc = 0x27;  // frame type and codec (E.4.3.1)
constexpr std::uint8_t kAac = 0xAF;  // AAC; rate, size and channels are fixed there (E.4.2.1)
constexpr std::uint8_t kSequenceHeader = 0, kCoded = 1;

// H.264 7.4.1, table 7-1.
enum NalType : std::uint8_t { kSps = 7, kPps = 8, kDelimiter = 9 };
NalType type_of(ByteView unit) { return static_cast<NalType>(unit[0] & 0x1F); }

void put_unit(Bytes& out, ByteView unit) {
  put_be16(out, static_cast<std::uint32_t>(unit.size()));
  out.insert(out.end(), unit.begin(), unit.end());
}

// ISO/IEC 14496-15, 5.3.3.1.2. Of profiles that carry more (High and above) every known receiver
// does without.
Bytes configuration_record(const std::vector<ByteView>& sps, const std::vector<ByteView>& pps) {
  if (sps.empty() || pps.empty() || sps[0].size() < 4 || sps.size() > 31 || pps.size() > 255)
    return {};
  Bytes r{1,
          sps[0][1],
          sps[0][2],
          sps[0][3],
          0xFF,  // lengths of 4 bytes
          static_cast<std::uint8_t>(0xE0 | sps.size())};
  for (const ByteView& u : sps) put_unit(r, u);
  r.push_back(static_cast<std::uint8_t>(pps.size()));
  for (const ByteView& u : pps) put_unit(r, u);
  return r;
}

Bytes sequence_header(const Bytes& configuration) {
  Bytes body{kKeyframeAvc, kSequenceHeader, 0, 0, 0};
  body.insert(body.end(), configuration.begin(), configuration.end());
  return body;
}

}  // namespace

void split_annex_b(ByteView stream, std::vector<ByteView>& units) {
  units.clear();
  const std::uint8_t* const end = stream.data() + stream.size();
  // The next 00 00 01, or the end.
  const auto next_code = [end](const std::uint8_t* p) {
    while (end - p >= 3) {
      p = std::find(p, end - 2, 0);
      if (end - p < 3) break;
      if (p[1] == 0 && p[2] == 1) return p;
      ++p;
    }
    return end;
  };
  for (const std::uint8_t* at = next_code(stream.data()); at != end;) {
    const std::uint8_t* const begin = at + 3;
    at = next_code(begin);
    const std::uint8_t* last = at;
    while (last > begin && last[-1] == 0) --last;  // of a longer start code, or stuffing (B.1)
    if (last > begin) units.emplace_back(begin, last);
  }
}

Bytes AvcTags::first_header(ByteView extradata) {
  split_annex_b(extradata, units_);
  sps_.clear();
  pps_.clear();
  for (const ByteView& u : units_) {
    if (type_of(u) == kSps) sps_.push_back(u);
    if (type_of(u) == kPps) pps_.push_back(u);
  }
  configuration_ = configuration_record(sps_, pps_);
  return configuration_.empty() ? Bytes() : sequence_header(configuration_);
}

std::optional<Bytes> AvcTags::picture(ByteView access_unit, bool keyframe) {
  split_annex_b(access_unit, units_);
  sps_.clear();
  pps_.clear();
  kept_.clear();
  for (const ByteView& u : units_) {
    switch (type_of(u)) {
      case kSps:
        sps_.push_back(u);
        break;
      case kPps:
        pps_.push_back(u);
        break;
      case kDelimiter:
        break;
      default:
        kept_.push_back(u);
    }
  }
  small_.clear();
  parts_.clear();
  if (!kept_.empty()) {
    small_.reserve(5 + 4 * kept_.size());                                    // parts_ point into it
    const Bytes head{keyframe ? kKeyframeAvc : kInterAvc, kCoded, 0, 0, 0};  // no B-frames
    small_.insert(small_.end(), head.begin(), head.end());
    put_be32(small_, static_cast<std::uint32_t>(kept_[0].size()));
    parts_.emplace_back(small_.data(), 9);
    parts_.push_back(kept_[0]);
    for (std::size_t i = 1; i < kept_.size(); ++i) {
      put_be32(small_, static_cast<std::uint32_t>(kept_[i].size()));
      parts_.emplace_back(small_.data() + 5 + 4 * i, 4);
      parts_.push_back(kept_[i]);
    }
  }
  if (sps_.empty() || pps_.empty()) return std::nullopt;
  Bytes now = configuration_record(sps_, pps_);
  if (now.empty() || now == configuration_) return std::nullopt;
  configuration_ = std::move(now);
  return sequence_header(configuration_);
}

Bytes aac_header(ByteView audio_specific_config) {
  Bytes body{kAac, kSequenceHeader};
  body.insert(body.end(), audio_specific_config.begin(), audio_specific_config.end());
  return body;
}

void AacTags::frame(ByteView raw) {
  small_.assign({kAac, kCoded});
  parts_.clear();
  parts_.emplace_back(small_);
  parts_.push_back(raw);
}

AmfValue metadata_of(const StreamFacts& f) {
  std::vector<AmfProperty> p{{"duration", AmfValue::of(0.0)},
                             {"width", AmfValue::of(static_cast<double>(f.width))},
                             {"height", AmfValue::of(static_cast<double>(f.height))},
                             {"videodatarate", AmfValue::of(static_cast<double>(f.video_kbps))},
                             {"framerate", AmfValue::of(f.pictures_per_second)},
                             {"videocodecid", AmfValue::of(f.video_codec)}};
  if (f.audio_kbps > 0) {
    p.push_back({"audiodatarate", AmfValue::of(static_cast<double>(f.audio_kbps))});
    p.push_back({"audiosamplerate", AmfValue::of(48'000.0)});
    p.push_back({"audiosamplesize", AmfValue::of(16.0)});
    p.push_back({"stereo", AmfValue::of(true)});
    p.push_back({"audiocodecid", AmfValue::of(10.0)});
  }
  p.push_back({"encoder", AmfValue::of("Kakehashi")});
  return AmfValue::ecma_array(std::move(p));
}

}  // namespace kakehashi::rtmp
