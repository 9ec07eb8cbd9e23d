// SPDX-License-Identifier: GPL-3.0-or-later
// Private to presets/. The settings of a kind (source, output), read and checked by its row in the
// table and by nothing else, so that a new kind needs no line here.
#pragma once

#include "presets/reader.h"

namespace kakehashi {

// Whether the addresses among the settings are shown to everybody (a QR code) or may lead into a
// stream.
enum class Addresses : std::uint8_t { Guarded, Public };

// Reads "kind" and every field of that kind from the object. Null: the kind is unknown (told).
const KindDescription* read_kind(ObjectReader& from, const KindTable& table, std::string& kind,
                                 Settings& settings, Addresses addresses = Addresses::Guarded);
// The fields alone.
void read_settings(ObjectReader& from, const KindDescription& kind, Settings& settings,
                   Addresses addresses);

// {"kind": "clip", "file": …}
SourceSpec read_source(ObjectReader& from, const KindTable& sources);

}  // namespace kakehashi
