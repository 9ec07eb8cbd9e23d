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

// Bindings as they were before each BindRole, newest last, so that a wrong one can be taken back.
// Not for several threads.
class BindingHistory {
 public:
  static constexpr std::size_t kMost = 20;  // the oldest are forgotten

  // Before `plan` is carried out on `show`.
  void keep(const Show& show, const BindingPlan& plan);
  void forget() { steps_.clear(); }  // another event
  void drop();                       // the newest was taken back
  // What takes the newest back, for `show` as it is now; nothing: there is none, or the show has
  // its role no more. A role that played what the event itself has goes out of the venue file.
  std::optional<BindingPlan> back(
      const Show& show,
      const std::function<std::optional<SourceSpec>(const std::string& role)>& own_source) const;
  // The role of the newest and what it played; nothing as above.
  std::optional<Binding> newest() const;

 private:
  std::vector<std::vector<Binding>> steps_;
};

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
