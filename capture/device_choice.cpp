// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/device_choice.h"

#include <algorithm>

#include "capture/device_identity.h"

namespace kakehashi {
namespace {

std::string text_of(const Settings& s, const char* name) {
  const auto it = s.find(name);
  const auto* text = it == s.end() ? nullptr : std::get_if<std::string>(&it->second);
  return text ? *text : std::string();
}

std::string quoted(const std::string& words) { return "\"" + words + "\""; }

std::string offered_words(const Offered& o) { return quoted(device_words(o.name, o.identity)); }

std::string advice(const std::string& what, const std::vector<Offered>& present) {
  if (present.empty()) return "no " + what + " was found, check its cable";
  std::string list;
  for (const auto& o : present) list += (list.empty() ? "" : ", ") + offered_words(o);
  return "connect it or choose one of " + list;
}

using Found = std::vector<std::size_t>;

// "device": an exact word first, else part of a name.
Found by_word(const std::string& wanted, const std::vector<Offered>& present) {
  Found exact, part;
  for (std::size_t i = 0; i < present.size(); ++i) {
    const Offered& o = present[i];
    const auto says = [&](const std::string& word) { return word == wanted; };
    if (says(o.identity.serial) || says(o.identity.port) || says(o.identity.model) ||
        says(o.name) || std::any_of(o.words.begin(), o.words.end(), says))
      exact.push_back(i);
    else if (device_words(o.name, o.identity).find(wanted) != std::string::npos)
      part.push_back(i);
  }
  return exact.empty() ? part : exact;
}

Result<std::size_t> choose_by_word(const std::string& what, const std::string& wanted,
                                   const std::vector<Offered>& present,
                                   const std::vector<DeviceIdentity>& others) {
  if (wanted.empty())
    return Error{ErrorKind::FixInput, "no " + what + " is chosen; " + advice(what, present)};
  Found found = by_word(wanted, present);
  if (found.size() > 1)
    std::erase_if(found, [&](std::size_t i) {
      return std::find(others.begin(), others.end(), present[i].identity) != others.end();
    });
  if (found.size() == 1) return found.front();
  if (found.empty())
    return Error{ErrorKind::NotFound,
                 what + " " + quoted(wanted) + " does not exist; " + advice(what, present)};
  std::string list;
  for (const std::size_t i : found) list += (list.empty() ? "" : ", ") + offered_words(present[i]);
  return Error{ErrorKind::NotFound, what + " " + quoted(wanted) + " may be any of " + list +
                                        "; bind it again, so that its port is kept"};
}

}  // namespace

Result<std::size_t> choose_device(const std::string& what, const Settings& settings,
                                  const std::vector<Offered>& present,
                                  const std::vector<DeviceIdentity>& others) {
  const DeviceIdentity wanted{text_of(settings, "serial"), text_of(settings, "port"),
                              text_of(settings, "model")};
  if (wanted.empty()) return choose_by_word(what, text_of(settings, "device"), present, others);
  std::vector<DeviceIdentity> identities;
  identities.reserve(present.size());
  for (const auto& o : present) identities.push_back(o.identity);
  const DeviceChoice choice = find_device(wanted, identities, others);
  if (choice.match == DeviceMatch::Found) return choice.index;
  const std::string name =
      what + " " +
      quoted(wanted.model.empty() && wanted.port.empty()
                 ? wanted.serial
                 : device_words(wanted.model.empty() ? what : wanted.model, wanted));
  if (choice.match == DeviceMatch::Elsewhere) {
    const DeviceIdentity& there = identities[choice.index];
    return Error{
        ErrorKind::NotFound,
        name + " is not there; " +
            (there.port != wanted.port && !wanted.port.empty()
                 ? "one of the same model is at another port (" + port_words(there.port) + ")"
                 : std::string("another one of the same model is there")) +
            ": connect it back or bind it again"};
  }
  if (choice.match == DeviceMatch::Ambiguous)
    return Error{ErrorKind::NotFound,
                 name + " is there more than once; bind it again, so that its port is kept"};
  return Error{ErrorKind::NotFound, name + " does not exist; " + advice(what, present)};
}

std::vector<SettingField> device_fields(const Text& device_label, const std::string& fallback) {
  const auto field = [](const char* name, Text label, const std::string& value) {
    return SettingField{name, std::move(label), value, false, -1e18, 1e18, {}};
  };
  return {field("serial", {"機材の製造番号", "Device's serial number"}, ""),
          field("port", {"つなぐ端子", "Port it is plugged into"}, ""),
          field("model", {"機種名", "Model"}, ""), field("device", device_label, fallback)};
}

}  // namespace kakehashi
