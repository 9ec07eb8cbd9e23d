// SPDX-License-Identifier: GPL-3.0-or-later
// Private to presets/. Parts of a Show -> JSON.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "core/show.h"

namespace kakehashi {

using Json = nlohmann::ordered_json;

Json in_units(Duration d,
              std::int64_t unit_ns);  // whole numbers without a fraction: 250, not 250.0
Json json_of(const Text& t);
Json json_of(const Rect& r);
Json json_of(const Scene& s);
Json json_of(const Overlay& o);
Json json_of(const HoldingCard& c);
// Only what differs from the processing set; the set itself unless it is `usual`.
Json json_of(const StripSettings& s, ProcessingSet usual);
Json json_of(const SoundSettings& s);
Json json_of(const EncodeSettings& e);
Json json_of(const NamedEncode& e);
Json json_of(const Destination& d);
Json json_of(const RecordSettings& r);
std::string colour_word(std::uint32_t rgb);  // "#22384A"
void add_settings(Json& out, const Settings& settings);
// An unknown key where it was. Where its object is gone (a scene was deleted), it goes with it.
void put_back(Json& root, const UnknownKey& unknown);
void add_masks(Json& out, const std::vector<Mask>& masks);

}  // namespace kakehashi
