// SPDX-License-Identifier: GPL-3.0-or-later
// Private to the door's client: a board's memory, mapped read-only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/shared_picture.h"
#include "station/door/client.h"
#include "station/door/codec_wire.h"

namespace kakehashi {

struct PictureView::Impl {
  // The descriptor may be closed afterwards. Refuses memory that could shrink or is laid out
  // otherwise.
  static Result<Impl> map(int fd, const door::BoardLine& board);

  Impl() = default;
  Impl(Impl&& o) noexcept;
  ~Impl();

  const SharedPictureHeader& header() const {
    return *reinterpret_cast<const SharedPictureHeader*>(memory);
  }

  std::string name;
  int width = 0, height = 0;
  const std::uint8_t* memory = nullptr;
  std::size_t size = 0;
};

}  // namespace kakehashi
