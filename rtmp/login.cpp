// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/login.h"

#include <openssl/evp.h>

#include <array>
#include <cstdio>

namespace kakehashi::rtmp {
namespace {

using Digest = std::array<unsigned char, 16>;

Digest md5(const std::string& text) {
  Digest d{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), d.data(), &size, EVP_md5(), nullptr);
  return d;
}

std::string base64(const Digest& d) {
  std::array<unsigned char, 25> text{};
  EVP_EncodeBlock(text.data(), d.data(), static_cast<int>(d.size()));
  return {reinterpret_cast<const char*>(text.data())};
}

std::string hex(const Digest& d) {
  std::string text;
  for (const unsigned char b : d) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", b);
    text += two;
  }
  return text;
}

std::string hex(std::uint32_t v) {
  char text[9];
  std::snprintf(text, sizeof text, "%08x", v);
  return text;
}

// The value behind "name=" in the query-like words, up to the next separator.
std::string value_in(const std::string& words, const std::string& name) {
  for (auto at = words.find(name + "="); at != std::string::npos;
       at = words.find(name + "=", at + 1)) {
    const bool whole = at == 0 || words[at - 1] == '?' || words[at - 1] == '&' ||
                       words[at - 1] == ' ' || words[at - 1] == ';';
    if (!whole) continue;
    const auto begin = at + name.size() + 1;
    return words.substr(begin, words.find_first_of("& ;]", begin) - begin);
  }
  return {};
}

std::string adobe(const std::string& words, const Login& login, std::uint32_t random) {
  const std::string opaque = value_in(words, "opaque"), challenge = value_in(words, "challenge");
  const std::string ours = hex(random);
  const std::string known = base64(md5(login.user + value_in(words, "salt") + login.password));
  const std::string response = base64(md5(known + (opaque.empty() ? challenge : opaque) + ours));
  return "&challenge=" + ours + "&response=" + response +
         (opaque.empty() ? "" : "&opaque=" + opaque);
}

std::string llnw(const std::string& words, const Login& login, const std::string& app,
                 std::uint32_t random) {
  const std::string nonce = value_in(words, "nonce"), ours = hex(random), count = "00000001";
  const std::string place = app.find('/') == std::string::npos ? app + "/_definst_" : app;
  const std::string who = hex(md5(login.user + ":live:" + login.password));
  const std::string what = hex(md5("publish:/" + place));
  const std::string response =
      hex(md5(who + ":" + nonce + ":" + count + ":" + ours + ":auth:" + what));
  return "&nonce=" + nonce + "&cnonce=" + ours + "&nc=" + count + "&response=" + response;
}

}  // namespace

LoginStep answer_challenge(const std::string& refusal, const Login& login, const std::string& app,
                           std::uint32_t random) {
  const std::string mod = value_in(refusal, "authmod");
  if (mod.empty()) return {};
  if (mod != "adobe" && mod != "llnw") return {LoginWish::Unknown, ""};
  const std::string reason = value_in(refusal, "reason");
  if (reason == "authfailed" || reason == "nosuchuser") return {LoginWish::WrongName, ""};
  const std::string begin = "?authmod=" + mod + "&user=" + login.user;
  // First only the way is named, then a challenge comes.
  if (refusal.find("code=403 need auth") != std::string::npos) return {LoginWish::Answer, begin};
  if (reason != "needauth") return {LoginWish::Unknown, ""};
  return {LoginWish::Answer, begin + (mod == "adobe" ? adobe(refusal, login, random)
                                                     : llnw(refusal, login, app, random))};
}

}  // namespace kakehashi::rtmp
