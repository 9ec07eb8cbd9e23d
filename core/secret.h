// SPDX-License-Identifier: GPL-3.0-or-later
// A stream key. It prints as ***, has no conversion to JSON, and is wiped when it dies. The one way
// to its text is reveal(), which only the code that opens the connection calls.
#pragma once

#include <ostream>
#include <string>
#include <utility>

namespace kakehashi {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& o) noexcept : text_(std::move(o.text_)) { o.wipe(); }
  Secret& operator=(Secret o) noexcept {
    text_.swap(o.text_);
    return *this;
  }
  ~Secret() { wipe(); }

  bool empty() const { return text_.empty(); }
  const std::string& reveal() const { return text_; }

  friend std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "***"; }

 private:
  void wipe() noexcept {
    volatile char* p = text_.data();  // volatile: the compiler may not drop the last writes
    for (std::size_t i = 0; i < text_.size(); ++i) p[i] = 0;
    text_.clear();
  }
  std::string text_;
};

}  // namespace kakehashi
