// SPDX-License-Identifier: GPL-3.0-or-later
// Words and pictures inside an HTML file that needs no other file. Pure.
#pragma once

#include <string>

namespace kakehashi {

// For text and for attributes in quotes; control characters and broken UTF-8 become U+FFFD.
std::string html_words(const std::string& text);

// <img> with the JPEG or PNG in it; empty without bytes.
std::string html_picture(const std::string& bytes, const std::string& what_it_shows);

}  // namespace kakehashi
