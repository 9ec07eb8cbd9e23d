// SPDX-License-Identifier: GPL-3.0-or-later
// What BindRole does to a show, and when it may. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "capture/devices.h"
#include "core/command.h"
#include "core/result.h"
#include "core/snapshot.h"

namespace kakehashi {

struct Binding {
  std::string role;
  std::optional<SourceSpec> device;  // for the venue file; nothing: it binds the role no more
};

struct BindingPlan {
  Show show;                      // with the bindings applied
  std::vector<Binding> bindings;  // the wish's first, then the roles that lost their device to it
  bool changes = false;           // else the show is as it was
};

// `kinds`: of sources. `own_source`: what the event itself has for a role, played when no device
// is. NotFound: no such input, or the device is not plugged in. FixInput: it cannot play this role.
Result<BindingPlan> plan_binding(
    const Show& show, const std::vector<Device>& devices, const KindTable& kinds,
    const BindRole& wish,
    const std::function<std::optional<SourceSpec>(const std::string& role)>& own_source);

// Who sees or hears the show now.
struct Audience {
  bool stream = false, hall = false, meeting = false;  // live or recorded; a window of Venue, Aux
  bool any() const { return stream || hall || meeting; }
};
// Refused while an audience gets the picture or the sound of one of `roles`; one that gives none
// (unplugged, unbound) may be bound on air: that is how it comes back.
Status may_bind(const Show& show, const LiveState& live, const std::vector<InputStatus>& inputs,
                const std::vector<Binding>& roles, const Audience& audience, MediaTime now);

}  // namespace kakehashi
