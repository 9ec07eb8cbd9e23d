// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes to be sent in one go, partly our own small ones (headers), partly lent (a picture), without
// copying the lent ones. Keeps its memory from message to message. One owner.
#pragma once

#include <cstddef>

#include "rtmp/bytes.h"

namespace kakehashi::rtmp {

class Gather {
 public:
  void clear() {
    own_.clear();
    pieces_.clear();
  }
  // Small bytes go into header(), then header_done(); lent ones must live until the sending.
  Bytes& header() { return own_; }
  void header_done() {
    const std::size_t taken = noted_own();
    if (own_.size() > taken) pieces_.push_back({nullptr, taken, own_.size() - taken});
  }
  void lend(ByteView v) {
    if (!v.empty()) pieces_.push_back({v.data(), 0, v.size()});
  }

  // In order. Valid until the next change.
  std::span<const ByteView> pieces() {
    views_.clear();
    for (const Piece& p : pieces_)
      views_.emplace_back(p.lent ? p.lent : own_.data() + p.from, p.size);
    return views_;
  }
  std::size_t size() const {
    std::size_t n = 0;
    for (const Piece& p : pieces_) n += p.size;
    return n;
  }

 private:
  struct Piece {
    const std::uint8_t* lent;  // nullptr: `own_` from `from` on, which may still move
    std::size_t from, size;
  };
  std::size_t noted_own() const {
    for (auto p = pieces_.rbegin(); p != pieces_.rend(); ++p)
      if (!p->lent) return p->from + p->size;
    return 0;
  }

  Bytes own_;
  std::vector<Piece> pieces_;
  std::vector<ByteView> views_;
};

}  // namespace kakehashi::rtmp
