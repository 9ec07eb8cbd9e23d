// SPDX-License-Identifier: GPL-3.0-or-later
// A source that is one picture: handed over again every half second, so that it never counts as
// lost. Private to capture/.
#pragma once

#include <memory>

#include "capture/source_kind.h"
#include "capture/still_picture.h"

namespace kakehashi {

// `context.video` must be there.
std::unique_ptr<Source> still_source(FramePtr picture, const SourceContext& context);

}  // namespace kakehashi
