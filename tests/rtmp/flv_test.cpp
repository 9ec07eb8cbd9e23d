// SPDX-License-Identifier: GPL-3.0-or-later
// Access units to FLV tag bodies.
#include "rtmp/flv.h"

#include <doctest/doctest.h>

using namespace kakehashi::rtmp;

namespace {

Bytes joined(std::span<const ByteView> parts) {
  Bytes b;
  for (const ByteView& p : parts) b.insert(b.end(), p.begin(), p.end());
  return b;
}
Bytes body_of(ByteView v) { return {v.begin(), v.end()}; }

const Bytes kExtradata{0, 0, 0, 1, 0x67, 0x64, 0, 0x1F, 0xAC, 0, 0, 1, 0x68, 0xEE, 0x3C, 0x80};

}  // namespace

TEST_CASE("NAL units are found behind start codes of both lengths") {
  std::vector<ByteView> units;
  const Bytes stream{0, 0, 0, 1, 0x09, 0xF0, 0, 0, 1, 0x65, 1, 2, 0, 0, 0, 0, 1, 0x41, 0, 0, 3, 1};
  split_annex_b(stream, units);
  REQUIRE(units.size() == 3);
  CHECK(body_of(units[0]) == Bytes{0x09, 0xF0});
  CHECK(body_of(units[1]) == Bytes{0x65, 1, 2});  // zeros before a start code are none of its
  CHECK(body_of(units[2]) == Bytes{0x41, 0, 0, 3, 1});
  for (const Bytes& none : {Bytes{}, Bytes{0}, Bytes{0, 0, 1}, Bytes{0, 0, 0, 1}, Bytes(50, 0),
                            Bytes{5, 6, 7, 8}, Bytes{0, 0, 1, 0, 0, 1, 0, 0, 0}}) {
    split_annex_b(none, units);
    CHECK(units.empty());
  }
}

TEST_CASE("the sequence header holds SPS and PPS") {
  AvcTags tags;
  CHECK(tags.first_header(kExtradata) == Bytes{0x17, 0,    0, 0,    0,    1,    0x64, 0,    0x1F,
                                               0xFF, 0xE1, 0, 5,    0x67, 0x64, 0,    0x1F, 0xAC,
                                               1,    0,    4, 0x68, 0xEE, 0x3C, 0x80});
  CHECK(tags.first_header(Bytes{0, 0, 1, 0x68, 1}).empty());
}

TEST_CASE("pictures: lengths for start codes, without parameter sets and delimiters") {
  AvcTags tags;
  (void)tags.first_header(kExtradata);
  Bytes idr{0, 0, 0, 1, 0x09, 0xF0};
  idr.insert(idr.end(), kExtradata.begin(), kExtradata.end());
  const Bytes slices{0, 0, 0, 1, 0x06, 5, 1, 0, 0, 1, 0x65, 8, 8, 0, 0, 1, 0x65, 9};
  idr.insert(idr.end(), slices.begin(), slices.end());
  CHECK_FALSE(tags.picture(idr, true));  // the same parameter sets
  CHECK(joined(tags.parts()) == Bytes{0x17, 1, 0, 0,    0, 0, 0, 0, 3, 0x06, 5,    1, 0,
                                      0,    0, 3, 0x65, 8, 8, 0, 0, 0, 2,    0x65, 9});
  const Bytes inter{0, 0, 1, 0x41, 7};
  CHECK_FALSE(tags.picture(inter, false));
  CHECK(joined(tags.parts()) == Bytes{0x27, 1, 0, 0, 0, 0, 0, 0, 2, 0x41, 7});

  idr[11] = 0x4D;  // another profile: the encoder was changed on air
  const auto header = tags.picture(idr, true);
  REQUIRE(header);
  CHECK((*header)[6] == 0x4D);
  CHECK_FALSE(tags.picture(idr, true));
  CHECK_FALSE(tags.picture(Bytes{}, false));
  CHECK(tags.parts().empty());
}

TEST_CASE("sound and metadata") {
  CHECK(aac_header(Bytes{0x11, 0x90}) == Bytes{0xAF, 0, 0x11, 0x90});
  AacTags tags;
  const Bytes raw{1, 2, 3};
  tags.frame(raw);
  CHECK(joined(tags.parts()) == Bytes{0xAF, 1, 1, 2, 3});
  StreamFacts f{1920, 1080, 29.97, 6000, 0};
  CHECK_FALSE(metadata_of(f).find("audiocodecid"));
  f.audio_kbps = 160;
  CHECK(metadata_of(f).find("audiocodecid")->number == 10);
  CHECK(metadata_of(f).find("width")->number == 1920);
}
