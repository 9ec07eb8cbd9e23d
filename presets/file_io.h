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

// Held while a file is read, changed and written back, so that another program of ours that changes
// it at the same time (the equipment test beside a station) loses nothing. Of the file's folder, as
// the file itself is replaced; ends with its owner, also when that is killed. Waits some seconds,
// then goes without it: so also where the folder's system has no locks.
class FileTurn {
 public:
  explicit FileTurn(const std::string& path);
  ~FileTurn();
  FileTurn(const FileTurn&) = delete;
  FileTurn& operator=(const FileTurn&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace kakehashi
