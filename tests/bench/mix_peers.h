// SPDX-License-Identifier: GPL-3.0-or-later
// The same pictures mixed by ffmpeg (scale, xstack, overlay; bilinear; one thread) and by
// GStreamer's compositor, as child processes: processor time per output frame, with what each
// program needs to read and drop the same inputs taken off. And how near to Lanczos each scales.
#pragma once

#include <string>
#include <vector>

#include "tests/bench/mix_grid.h"

namespace kakehashi::bench {

// Raw files of the studio's pictures in a folder of their own, taken away at the end.
class PeerFiles {
 public:
  explicit PeerFiles(const GridStudio& studio);
  ~PeerFiles();
  PeerFiles(const PeerFiles&) = delete;
  PeerFiles& operator=(const PeerFiles&) = delete;
  bool ok() const { return !folder_.empty(); }
  std::string video(int input) const;     // all pictures, one after the other
  std::string pictures(int input) const;  // one file each, for multifilesrc
  std::string title() const;              // PNG
  std::string folder() const { return folder_; }

 private:
  std::string folder_;
};

// Processor time in ms, user and system, of a command whose words have no spaces in them; negative
// when it fails. Waits for its end.
double run_program(const std::string& command);

// peer.ffmpeg.n<N>, peer.gstreamer.n<N> ...: against mix.n<N> of `ours`. Empty without the
// programs.
std::vector<Figure> measure_peers(const PeerFiles& files, const std::vector<Figure>& ours);

// quality.<size>.<program>: PSNR of luma against Lanczos, in dB, of the first picture of input 0 or
// of `photo`, a raw file of I420 1920 x 1080 (this bench's own grain is whiter than a camera's and
// flatters whatever blurs).
std::vector<Figure> measure_quality(const PeerFiles& files, GridStudio& studio,
                                    const std::string& photo);

}  // namespace kakehashi::bench
