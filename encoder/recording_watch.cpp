// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/recording.h"

namespace kakehashi {

void RecordingWatch::opened(const std::string& path, bool second) {
  const std::lock_guard lock(mutex_);
  RecordingFile file;
  file.path = path;
  file.second = second;
  files_.push_back(std::move(file));
}

void RecordingWatch::change(const std::function<void(RecordingFile&)>& by) {
  const std::lock_guard lock(mutex_);
  if (!files_.empty()) by(files_.back());
}

void RecordingWatch::drop_file() {
  const std::lock_guard lock(mutex_);
  if (!files_.empty()) files_.pop_back();
}

std::vector<RecordingFile> RecordingWatch::files() const {
  const std::lock_guard lock(mutex_);
  return files_;
}

void RecordingWatch::set_markers(std::vector<Marker> markers) {
  const std::lock_guard lock(mutex_);
  markers_ = std::move(markers);
}

std::vector<Marker> RecordingWatch::markers() const {
  const std::lock_guard lock(mutex_);
  return markers_;
}

}  // namespace kakehashi
