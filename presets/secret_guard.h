// SPDX-License-Identifier: GPL-3.0-or-later
// Private to presets/. Events are mailed, printed and shown on projectors, so a stream key must not
// get into one. Looks for what people do by mistake; it is a net, not a proof.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace kakehashi {

// A key called "password", "stream_key", …, or an object that holds one anywhere inside.
bool names_a_secret(const std::string& key, const nlohmann::json& value);

// An address with a user's password, a token in its query, or a stream key at its end.
bool holds_a_secret(const std::string& url);
// Only the first of them: an address shown to everybody may end in what looks like a key.
bool holds_a_password(const std::string& url);

}  // namespace kakehashi
