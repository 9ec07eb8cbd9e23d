// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/speech_material.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <random>

#include "core/resampler.h"
#include "tests/support/process.h"

namespace kakehashi::testing {
namespace {

constexpr std::size_t kFrame = 960;  // 20 ms

struct Part {
  std::string_view language;
  int pitch;
  std::string_view text;
};

Part part_of(Voice voice) {
  switch (voice) {
    case Voice::Host:
      return {"ja", 25,
              "ほんじつは、くやくしょの せつめいかいに おあつまり いただき、まことに ありがとう "
              "ございます。わたくしは、しかいを つとめます、たなかと もうします。よろしく おねがい "
              "いたします。はじめに、ほんじつの すすめかたを ごせつめい します。かいじょうと "
              "おんらいんの みなさまから、ごしつもんを おうけ します。それでは、すずき せんせい、"
              "おねがい いたします。"};
    case Voice::Guest:
      return {"ja", 75,
              "ただいま ごしょうかいに あずかりました、すずきです。きょうは、ちいきの ぼうさいに "
              "ついて おはなし します。まず、こちらの ちずを ごらん ください。あおい ところが、"
              "かわの みずが あふれたときに、しんすい する はんい です。さいごに、ひなんじょの "
              "ばしょを、ごかぞくで たしかめて おいて ください。"};
    case Voice::English:
      return {"en-gb", 45,
              "Good afternoon, and welcome to the town hall meeting. My name is Tanaka. "
              "Please send your questions by the form on the page. We will read them aloud after "
              "the talk. The hall will open again at three o'clock."};
    case Voice::Visitor:
      return {"en-us", 70,
              "Thank you for inviting me. I would like to speak about the river, and about what "
              "every family can prepare before the rain begins. First, look at the map. The blue "
              "area may be under water within an hour."};
  }
  return {};
}

std::uint32_t u32(const char* p) {
  std::uint32_t v = 0;
  std::memcpy(&v, p, sizeof v);
  return v;
}

// 16-bit mono PCM, which is all that espeak-ng writes.
std::optional<std::vector<float>> read_wav(const std::string& path, int& rate) {
  std::ifstream in(path, std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(in), {}};
  if (all.size() < 44 || all.compare(0, 4, "RIFF") != 0) return {};
  rate = static_cast<int>(u32(all.data() + 24));
  const std::size_t at = all.find("data", 12);
  if (at == std::string::npos || at + 8 > all.size()) return {};
  std::vector<float> samples((all.size() - at - 8) / 2);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    std::int16_t v = 0;
    std::memcpy(&v, all.data() + at + 8 + 2 * i, sizeof v);
    samples[i] = static_cast<float>(v) / 32768.0F;
  }
  return samples;
}

std::vector<float> at_48k(const std::vector<float>& in, int rate) {
  Resampler resampler(rate);
  std::vector<float> out;
  out.reserve(in.size() * 48000 / static_cast<std::size_t>(rate) + 1);
  std::array<StereoSample, Resampler::kPiece> piece;
  double at = 0;
  const auto tail = static_cast<std::size_t>(resampler.lookahead()) + 1;  // flushes the filter
  for (std::size_t fed = 0; fed < in.size() + tail;) {
    const std::size_t n = std::min(piece.size(), in.size() + tail - fed);
    for (std::size_t i = 0; i < n; ++i) {
      const float v = fed + i < in.size() ? in[fed + i] : 0.0F;
      piece[i] = {v, v};
    }
    resampler.feed(piece.data(), n);
    fed += n;
    StereoSample s;
    for (; at < static_cast<double>(in.size()) && resampler.produce(at, s);
         at += rate / static_cast<double>(kSampleRate))
      out.push_back(s.left);
  }
  return out;
}

// The file is written beside its name and moved there, so that programs running at the same time
// never read half of one.
std::string cached_wav(std::string_view text, std::string_view language, int pitch) {
  const std::string key =
      std::string(language) + "/" + std::to_string(pitch) + "/" + std::string(text);
  char name[32];
  std::snprintf(name, sizeof name, "%016zx.wav", std::hash<std::string>{}(key));
  const std::string path = std::string(SPEECH_CACHE) + "/" + name;
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) return path;
  std::filesystem::create_directories(SPEECH_CACHE, ignored);
  const std::string beside = path + "." + std::to_string(getpid());
  if (run({"espeak-ng", "-v", std::string(language), "-p", std::to_string(pitch), "-s", "150", "-w",
           beside, std::string(text)}) != 0) {
    std::fprintf(stderr,
                 "cannot synthesise speech: install espeak-ng (scripts/install_packages)\n");
    std::filesystem::remove(beside, ignored);
    return {};
  }
  std::filesystem::rename(beside, path, ignored);
  return path;
}

void scale(std::vector<float>& samples, double db) {
  const auto gain = static_cast<float>(std::pow(10.0, db / 20));
  for (float& v : samples) v *= gain;
}

std::size_t count_of(double seconds) { return static_cast<std::size_t>(seconds * kSampleRate); }

double power(std::span<const float> samples) {
  double sum = 0;
  for (const float v : samples) sum += static_cast<double>(v) * static_cast<double>(v);
  return samples.empty() ? 0 : sum / static_cast<double>(samples.size());
}

double db(double power) { return power > 1e-20 ? 10 * std::log10(power) : -200; }

}  // namespace

std::vector<float> spoken(std::string_view text, std::string_view language, int pitch) {
  int rate = 0;
  const auto wav = read_wav(cached_wav(text, language, pitch), rate);
  if (!wav || rate <= 0) return {};
  return at_48k(*wav, rate);
}

const std::vector<float>& speech(Voice voice) {
  static std::array<std::vector<float>, 4> kept;
  std::vector<float>& samples = kept[static_cast<std::size_t>(voice)];
  if (samples.empty()) {
    const Part part = part_of(voice);
    samples = spoken(part.text, part.language, part.pitch);
    if (!samples.empty()) scale(samples, -26 - speaking_db(samples));
  }
  return samples;
}

std::vector<float> speech_for(Voice voice, double seconds) {
  const std::vector<float>& once = speech(voice);
  std::vector<float> out;
  if (once.empty()) return out;
  const std::size_t wanted = count_of(seconds);
  out.reserve(wanted + once.size() + count_of(0.8));
  while (out.size() < wanted) {
    out.insert(out.end(), once.begin(), once.end());
    out.resize(out.size() + count_of(0.8));
  }
  out.resize(wanted);
  return out;
}

std::vector<float> white_noise(double seconds, double db_wanted, std::uint32_t seed) {
  std::mt19937 random(seed);  // its numbers are the same everywhere, the distributions' are not
  std::vector<float> out(count_of(seconds));
  for (float& v : out) {
    double sum = 0;
    for (int i = 0; i < 4; ++i) sum += static_cast<double>(random()) / 4294967296.0 - 0.5;
    v = static_cast<float>(sum);
  }
  scale(out, db_wanted - db(power(out)));
  return out;
}

// Paul Kellet's filter of white noise, within 0.05 dB above 9 Hz (musicdsp.org, "Pink noise
// filter").
std::vector<float> pink_noise(double seconds, double db_wanted, std::uint32_t seed) {
  std::vector<float> out = white_noise(seconds, -20, seed);
  std::array<double, 7> b{};
  for (float& v : out) {
    const auto white = static_cast<double>(v);
    b[0] = 0.99886 * b[0] + white * 0.0555179;
    b[1] = 0.99332 * b[1] + white * 0.0750759;
    b[2] = 0.96900 * b[2] + white * 0.1538520;
    b[3] = 0.86650 * b[3] + white * 0.3104856;
    b[4] = 0.55000 * b[4] + white * 0.5329522;
    b[5] = -0.7616 * b[5] - white * 0.0168980;
    v = static_cast<float>(b[0] + b[1] + b[2] + b[3] + b[4] + b[5] + b[6] + white * 0.5362);
    b[6] = white * 0.115926;
  }
  scale(out, db_wanted - db(power(out)));
  return out;
}

std::vector<float> room_noise(double seconds, double db_wanted, std::uint32_t seed) {
  std::vector<float> out = pink_noise(seconds, -20, seed);
  double low = 0, lower = 0;
  constexpr double kStep = 0.23;  // one pole at 2 kHz, twice
  for (std::size_t i = 0; i < out.size(); ++i) {
    low += kStep * (static_cast<double>(out[i]) - low);
    lower += kStep * (low - lower);
    const double fan = 0.01 * std::sin(2 * M_PI * 100 * static_cast<double>(i) / kSampleRate);
    out[i] = static_cast<float>(lower + fan);
  }
  scale(out, db_wanted - db(power(out)));
  return out;
}

// Eight delays that feed one another through a Hadamard matrix (J.-M. Jot's feedback delay
// network); lengths share no factor.
std::vector<float> in_room(std::span<const float> dry, double rt60, double tail_db) {
  constexpr std::array<std::size_t, 8> kLength{1447, 1789, 2131, 2473, 2803, 3181, 3571, 3889};
  std::array<std::vector<double>, 8> line;
  std::array<double, 8> gain{};
  for (std::size_t i = 0; i < 8; ++i) {
    line[i].assign(kLength[i], 0);
    gain[i] = std::pow(10.0, -3.0 * static_cast<double>(kLength[i]) / (rt60 * kSampleRate));
  }
  std::vector<float> tail(dry.size());
  for (std::size_t n = 0; n < dry.size(); ++n) {
    std::array<double, 8> v{};
    double sum = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      v[i] = line[i][n % kLength[i]] * gain[i];
      sum += i % 2 ? v[i] : -v[i];
    }
    tail[n] = static_cast<float>(sum);
    for (std::size_t step = 1; step < 8; step *= 2)
      for (std::size_t i = 0; i < 8; ++i)
        if (!(i & step)) {
          const double a = v[i], b = v[i | step];
          v[i] = (a + b) * M_SQRT1_2;
          v[i | step] = (a - b) * M_SQRT1_2;
        }
    for (std::size_t i = 0; i < 8; ++i)
      line[i][n % kLength[i]] = v[i] + static_cast<double>(dry[n]);
  }
  return mixed(dry, tail, tail_db + power_db(dry) - power_db(tail));
}

std::vector<float> mixed(std::span<const float> a, std::span<const float> b, double b_db) {
  const auto gain = static_cast<float>(std::pow(10.0, b_db / 20));
  std::vector<float> out(a.begin(), a.end());
  out.resize(std::max(a.size(), b.size()));
  for (std::size_t i = 0; i < b.size(); ++i) out[i] += b[i] * gain;
  return out;
}

double power_db(std::span<const float> samples) { return db(power(samples)); }

std::vector<bool> speaking(std::span<const float> samples) {
  std::vector<double> frames(samples.size() / kFrame);
  for (std::size_t i = 0; i < frames.size(); ++i)
    frames[i] = power(samples.subspan(i * kFrame, kFrame));
  const double loudest = frames.empty() ? 0 : *std::max_element(frames.begin(), frames.end());
  std::vector<bool> out(frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i)
    out[i] = loudest > 0 && frames[i] > loudest * 0.00316;  // 25 dB
  return out;
}

double speaking_db(std::span<const float> samples) {
  const std::vector<bool> flags = speaking(samples);
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < flags.size(); ++i)
    if (flags[i]) {
      sum += power(samples.subspan(i * kFrame, kFrame));
      ++count;
    }
  return count ? db(sum / static_cast<double>(count)) : -200;
}

AudioBlock block_of(std::span<const float> mono, std::size_t n) {
  AudioBlock block;
  constexpr auto kSize = static_cast<std::size_t>(kBlockSamples);
  block.position = static_cast<std::int64_t>(n * kSize);
  for (std::size_t i = 0; i < kSize && n * kSize + i < mono.size(); ++i)
    block.samples[2 * i] = block.samples[2 * i + 1] = mono[n * kSize + i];
  return block;
}

}  // namespace kakehashi::testing
