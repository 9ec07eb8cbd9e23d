// SPDX-License-Identifier: GPL-3.0-or-later
// What has to be opened, closed or changed to get from one show to the next. Pure: the station
// carries it out, tests read it. Opening an event is patch(nothing, event).
#pragma once

#include <string>
#include <vector>

#include "core/show.h"

namespace kakehashi {

struct Patch {
  std::vector<std::string> open;   // inputs without a running feed in `before`
  std::vector<std::string> close;  // inputs that `after` does not have, or has with another source
  std::vector<std::string> keep;   // feeds that go on running untouched
  bool repaint = false;            // letters, names, cards or the canvas changed
  bool reencode = false;           // canvas or encode settings changed: refused while on air
  bool encodes = false;            // further encodes changed: refused while one of them is in use
  bool destinations = false;       // the list of outputs changed: taken up at the next start
  bool empty() const {
    return open.empty() && close.empty() && !repaint && !reencode && !encodes && !destinations;
  }
};

// An input whose source, delay or sound/picture wish changed is in `close` and in `open`.
Patch patch(const Show& before, const Show& after);

}  // namespace kakehashi
