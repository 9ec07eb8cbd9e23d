// SPDX-License-Identifier: GPL-3.0-or-later
// Answers to servers that ask for a name and a password; expected values made with another
// program's MD5 and base64.
#include "rtmp/login.h"

#include <doctest/doctest.h>

using namespace kakehashi::rtmp;

namespace {
const Login kLogin{"hall", "s3cret"};
constexpr std::uint32_t kRandom = 0x1234ABCD;
}  // namespace

TEST_CASE("first the way is named, then a challenge is answered: adobe") {
  const LoginStep first = answer_challenge(
      "NetConnection.Connect.Rejected: [ AccessManager.Reject ] : [ code=403 need auth; "
      "authmod=adobe ] : ",
      kLogin, "live", kRandom);
  CHECK(first.wish == LoginWish::Answer);
  CHECK(first.query == "?authmod=adobe&user=hall");
  const LoginStep second = answer_challenge(
      "NetConnection.Connect.Rejected: [ AccessManager.Reject ] : [ authmod=adobe ] : "
      "?reason=needauth&user=hall&salt=QQrs&challenge=xyzChal&opaque=opq1",
      kLogin, "live", kRandom);
  CHECK(second.wish == LoginWish::Answer);
  CHECK(
      second.query ==
      "?authmod=adobe&user=hall&challenge=1234abcd&response=jjQ3+aon4I56O493NN9UWQ==&opaque=opq1");
  const LoginStep plain =
      answer_challenge("[ authmod=adobe ] : ?reason=needauth&user=hall&salt=QQrs&challenge=xyzChal",
                       kLogin, "live", kRandom);
  CHECK(plain.query ==
        "?authmod=adobe&user=hall&challenge=1234abcd&response=u0XP4NSC3ItRB3WBKnw++g==");
}

TEST_CASE("limelight's way") {
  const LoginStep step = answer_challenge("[ authmod=llnw ] : ?reason=needauth&user=hall&nonce=nnn",
                                          kLogin, "live", kRandom);
  CHECK(step.wish == LoginWish::Answer);
  CHECK(step.query ==
        "?authmod=llnw&user=hall&nonce=nnn&cnonce=1234abcd&nc=00000001&response="
        "9e31419f0cadfb96d4837025b1fd96ad");
}

TEST_CASE("a wrong name is said, and other refusals are no matter of a login") {
  CHECK(answer_challenge("[ authmod=adobe ] : ?reason=authfailed", kLogin, "live", 1).wish ==
        LoginWish::WrongName);
  CHECK(answer_challenge("[ authmod=adobe ] : ?reason=nosuchuser", kLogin, "live", 1).wish ==
        LoginWish::WrongName);
  CHECK(answer_challenge("[ code=403 need auth; authmod=kerberos ]", kLogin, "live", 1).wish ==
        LoginWish::Unknown);
  CHECK(answer_challenge("NetConnection.Connect.InvalidApp", kLogin, "live", 1).wish ==
        LoginWish::None);
  CHECK(answer_challenge("", kLogin, "live", 1).wish == LoginWish::None);
  CHECK(answer_challenge("authmod=", kLogin, "live", 1).wish == LoginWish::None);
}
