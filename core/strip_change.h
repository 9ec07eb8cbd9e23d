// SPDX-License-Identifier: GPL-3.0-or-later
// How a strip's settings become others: as another kind of sound, or by some of their fields. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/strip_settings.h"

namespace kakehashi {

// The strip treated as `set`; what belongs to the place and the role, not to the kind of sound,
// stays: trim, polarity, mono, delay, pan, rights, group, priority, following the picture.
StripSettings with_set(const StripSettings& now, ProcessingSet set);

// `now` with those fields of `wish` whose names are said ("trim_db", as the members are called);
// of another "set" first all that it means, as with_set. Nothing said: the whole wish.
StripSettings changed_strip(const StripSettings& now, const StripSettings& wish,
                            const std::vector<std::string>& said);

}  // namespace kakehashi
