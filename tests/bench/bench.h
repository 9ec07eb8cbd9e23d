// SPDX-License-Identifier: GPL-3.0-or-later
// Comparing ways of doing a thing in one process: every round runs each variant once, in turn, so
// that a busy machine slows all of them alike and the ratios hold. Results go to bench.json in the
// build folder, a list of {name, value, unit, against, ratio}; a figure measured anew replaces its
// old line.
#pragma once

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

namespace kakehashi::bench {

struct Figure {
  std::string name;     // "mix.two_layers"
  double value = 0;     // median
  std::string unit;     // "ms"
  std::string against;  // name of the figure it is compared with; may be empty
  double ratio = 0;     // value / that figure's value
};

class Comparison {
 public:
  // `run` does the thing once and is called again and again; it prepares nothing expensive.
  void add(std::string name, std::function<void()> run) {
    variants_.push_back({std::move(name), std::move(run), {}});
  }

  // Median processor time in ms of each variant over `rounds` (what this thread used, so that a
  // busy machine does not count), each against the first one added. Of every round's ten runs per
  // variant the first is thrown away: it pays for the cold cache the variant before left behind.
  std::vector<Figure> measure(int rounds) {
    constexpr int kRuns = 10;
    for (int r = 0; r < rounds; ++r)
      for (Variant& v : variants_)
        for (int i = 0; i < kRuns; ++i) {
          const double begin = thread_ms();
          v.run();
          if (i > 0) v.ms.push_back(thread_ms() - begin);
        }
    std::vector<Figure> figures;
    for (Variant& v : variants_) {
      const auto middle = v.ms.begin() + static_cast<std::ptrdiff_t>(v.ms.size() / 2);
      std::nth_element(v.ms.begin(), middle, v.ms.end());
      figures.push_back({v.name, *middle, "ms", "", 0});
      if (figures.size() > 1) {
        figures.back().against = figures.front().name;
        figures.back().ratio = figures.back().value / figures.front().value;
      }
    }
    return figures;
  }

 private:
  static double thread_ms() {
    timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) * 1e-6;
  }
  struct Variant {
    std::string name;
    std::function<void()> run;
    std::vector<double> ms;
  };
  std::vector<Variant> variants_;
};

inline void print(const std::vector<Figure>& figures) {
  for (const Figure& f : figures) {
    std::printf("%-44s %10.3f %-4s", f.name.c_str(), f.value, f.unit.c_str());
    if (!f.against.empty()) std::printf("  %7.2f x %s", f.ratio, f.against.c_str());
    std::printf("\n");
  }
}

// Names and units are plain words, so nothing needs escaping.
inline bool write(const std::vector<Figure>& figures, const std::string& path) {
  std::vector<std::string> lines;
  {
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
      if (line.rfind("{\"name\": \"", 0) != 0) continue;
      if (line.back() == ',') line.pop_back();
      const bool again = std::any_of(figures.begin(), figures.end(), [&](const Figure& f) {
        return line.rfind("{\"name\": \"" + f.name + "\",", 0) == 0;
      });
      if (!again) lines.push_back(line);
    }
  }
  for (const Figure& f : figures) {
    char numbers[2][32];
    std::snprintf(numbers[0], sizeof numbers[0], "%.6g", f.value);
    std::snprintf(numbers[1], sizeof numbers[1], "%.4g", f.ratio);
    lines.push_back("{\"name\": \"" + f.name + "\", \"value\": " + numbers[0] + ", \"unit\": \"" +
                    f.unit + "\", \"against\": \"" + f.against + "\", \"ratio\": " + numbers[1] +
                    "}");
  }
  std::ofstream out(path, std::ios::trunc);
  out << "[\n";
  for (std::size_t i = 0; i < lines.size(); ++i)
    out << lines[i] << (i + 1 < lines.size() ? ",\n" : "\n");
  out << "]\n";
  return static_cast<bool>(out);
}

// What every bench program's main ends with: argv[1], if given, is bench.json.
inline int report(const std::vector<Figure>& figures, int argc, char** argv) {
  print(figures);
  if (argc > 1 && !write(figures, argv[1])) {
    std::fprintf(stderr, "cannot write %s\n", argv[1]);
    return 1;
  }
  return 0;
}

}  // namespace kakehashi::bench
