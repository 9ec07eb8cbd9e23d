// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/fourier.h"

#include <fftw3.h>

#include <algorithm>
#include <mutex>

namespace kakehashi {
namespace {

// "The only thread-safe routine in FFTW is fftw_execute" (FFTW manual, "Thread safety").
std::mutex& planner() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

struct Fourier::Impl {
  explicit Impl(std::size_t n)
      : length(n), wave(fftwf_alloc_real(n)), lines(fftwf_alloc_complex(n / 2 + 1)) {
    const std::lock_guard lock(planner());
    const auto size = static_cast<int>(n);
    // Estimated: measuring takes a second for each length and is worth a fifth here.
    forward = fftwf_plan_dft_r2c_1d(size, wave, lines, FFTW_ESTIMATE);
    back = fftwf_plan_dft_c2r_1d(size, lines, wave, FFTW_ESTIMATE);
    std::fill_n(wave, n, 0.0F);
  }
  ~Impl() {
    const std::lock_guard lock(planner());
    fftwf_destroy_plan(forward);
    fftwf_destroy_plan(back);
    fftwf_free(wave);
    fftwf_free(lines);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::size_t length;
  float* wave;
  fftwf_complex* lines;
  fftwf_plan forward = nullptr, back = nullptr;
};

Fourier::Fourier(std::size_t length) : impl_(std::make_unique<Impl>(length)) {}
Fourier::~Fourier() = default;

std::span<float> Fourier::wave() { return {impl_->wave, impl_->length}; }
std::span<std::complex<float>> Fourier::spectrum() {
  // The same bytes by the standard's word: [complex.numbers.general] and FFTW's own header.
  return {reinterpret_cast<std::complex<float>*>(impl_->lines), impl_->length / 2 + 1};
}
void Fourier::forward() { fftwf_execute(impl_->forward); }
void Fourier::back() { fftwf_execute(impl_->back); }

}  // namespace kakehashi
