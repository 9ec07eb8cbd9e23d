// SPDX-License-Identifier: GPL-3.0-or-later
// Servers that ask for a name and a password: "authmod=adobe" (Flash Media Server, Wowza, Akamai)
// and "authmod=llnw" (Limelight). Such a server refuses "connect" and says in its words what it
// wants; the client comes back on a new connection with an answer behind the application's name.
// Neither is in Adobe's specification; both as libavformat and librtmp do them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace kakehashi::rtmp {

struct Login {
  std::string user, password;
};

enum class LoginWish : std::uint8_t {
  None,       // not a matter of name and password
  Answer,     // come back with `query`
  WrongName,  // name or password was wrong
  Unknown,    // asks in a way that is not known here
};
struct LoginStep {
  LoginWish wish = LoginWish::None;
  std::string query;  // to be put behind the application: "?authmod=adobe&user=..."
};

// `refusal`: PublishSession::refusal(). `app`: without any query of ours. `random`: for the
// client's own challenge.
LoginStep answer_challenge(const std::string& refusal, const Login& login, const std::string& app,
                           std::uint32_t random);

}  // namespace kakehashi::rtmp
