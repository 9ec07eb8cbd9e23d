// SPDX-License-Identifier: GPL-3.0-or-later
// Private to presets/. Small text files, whole.
#pragma once

#include <string>

#include "core/result.h"

namespace kakehashi {

enum class Readers { Anyone, OwnerOnly };

// A regular file of at most `most` bytes. NotFound when there is none; FixInput when it is no
// regular file, too large, or (OwnerOnly) others may read it.
Result<std::string> read_text_file(const std::string& path, std::size_t most, Readers readers);

// A temporary file beside it, fsync, rename. On any failure the old file is as it was and nothing
// is left over. A symbolic link stays one: its target is replaced.
Status write_text_file(const std::string& path, const std::string& text);

}  // namespace kakehashi
