// SPDX-License-Identifier: GPL-3.0-or-later
// A plan of FFTW (single precision, real to complex and back) with its own buffers. Pure: planned
// when it is made, which takes a lock over all plans of the process and allocates; afterwards
// neither. One owner.
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>

namespace kakehashi {

class Fourier {
 public:
  explicit Fourier(std::size_t length);  // even
  ~Fourier();

  std::span<float> wave();                    // `length` samples: what forward() reads
  std::span<std::complex<float>> spectrum();  // length/2 + 1 lines: what back() reads
  void forward();                             // wave -> spectrum; unscaled
  void back();  // spectrum -> wave, `length` times as large; the spectrum is lost

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
