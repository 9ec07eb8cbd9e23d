// SPDX-License-Identifier: GPL-3.0-or-later
// An output that keeps what it is given.
#pragma once

#include <cmath>
#include <mutex>
#include <vector>

#include "encoder/output.h"

namespace kakehashi::testing {

struct Basket {
  std::mutex mutex;
  std::vector<PacketPtr> pictures;
  std::size_t sounds = 0;
  std::size_t count() {
    const std::lock_guard lock(mutex);
    return pictures.size();
  }
  std::vector<std::int64_t> numbers(Rate rate) {
    const std::lock_guard lock(mutex);
    std::vector<std::int64_t> out;
    for (const auto& p : pictures)
      out.push_back(std::lround(p->pts.to_seconds() * rate.per_second()));
    return out;
  }
};

class BasketOutput final : public Output {
 public:
  explicit BasketOutput(Basket& basket) : basket_(basket) {}
  Status write(const EncodedPacket& packet) override {
    const std::lock_guard lock(basket_.mutex);
    if (packet.kind == PacketKind::Audio)
      ++basket_.sounds;
    else
      basket_.pictures.push_back(std::make_shared<EncodedPacket>(packet));
    return {};
  }
  void finish() override {}

 private:
  Basket& basket_;
};

}  // namespace kakehashi::testing
