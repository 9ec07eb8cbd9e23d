// SPDX-License-Identifier: GPL-3.0-or-later
// What the operator reads when an input is dark: the cause and one thing to do. Private to
// capture/.
#pragma once

#include <string>

#include "capture/source_kind.h"
#include "capture/trouble.h"
#include "core/result.h"
#include "core/text.h"

namespace kakehashi {

// `why`: the kind of the last error; TryLater when it just went silent. `trouble` goes first where
// it is known.
Text no_signal_words(const SourceKind& source_kind, ErrorKind why,
                     Trouble trouble = Trouble::Unknown);
Text unbound_words();
Text unknown_kind_words(const std::string& source_kind);

}  // namespace kakehashi
