// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/stage_table.h"

#include <array>
#include <cstdio>
#include <string_view>

namespace kakehashi {
namespace {

struct Step {
  std::string_view id;
  const char* words;
};
constexpr std::array<Step, 7> kSteps = {{
    {"age", "撮影から合成の時刻まで／picture taken -> its tick"},
    {"mix", "合成／tick -> mixed"},
    {"wait", "符号化を待つ／-> the encoder takes it"},
    {"encode", "符号化／-> packet"},
    {"queue", "送信を待つ／-> the output takes it"},
    {"send", "送信／-> with the kernel"},
    {"whole", "合計／all of it"},
}};

const char* words_of(const std::string& id) {
  for (const Step& step : kSteps)
    if (step.id == id) return step.words;
  return "";
}

}  // namespace

std::string stage_table(const std::vector<StageTime>& stages) {
  if (stages.empty()) return {};
  std::string table =
      "  ms         p50    p95    p99   どこで何ミリ秒／where each millisecond goes\n";
  for (const StageTime& s : stages) {
    char line[200];
    std::snprintf(line, sizeof line, "  %-8s %6.1f %6.1f %6.1f   %s\n", s.id.c_str(), s.p50_ms,
                  s.p95_ms, s.p99_ms, words_of(s.id));
    table += line;
  }
  return table;
}

}  // namespace kakehashi
