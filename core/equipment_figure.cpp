// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/equipment_figure.h"

#include <cmath>
#include <cstdio>

namespace kakehashi {
namespace {

struct Name {
  std::string_view id;
  const char *ja, *en;
};
constexpr Name kNames[] = {
    {"wanted_fps", "決めたコマ数", "agreed frame rate"},
    {"fps", "毎秒のコマ数", "frame rate"},
    {"least_fps", "最も少ないコマ数", "lowest frame rate"},
    {"width", "幅", "width"},
    {"height", "高さ", "height"},
    {"hz", "更新の回数", "refresh rate"},
    {"displays", "画面の数", "displays"},
    {"ready_ms", "映るまで", "until the first picture"},
    {"age_ms", "映像の遅れ", "picture latency"},
    {"age_p95_ms", "遅れ（悪いとき）", "latency, 95 %"},
    {"jitter_ms", "間隔のばらつき", "jitter"},
    {"longest_stall_ms", "最も長い途切れ", "longest stall"},
    {"lost_device", "機材側の欠け", "lost by the device"},
    {"lost_pc", "PC側の欠け", "lost by this PC"},
    {"late", "遅れて届いた数", "late"},
    {"gaps", "途切れ", "gaps"},
    {"dropouts", "音切れ", "drop-outs"},
    {"clips", "音割れ", "clipped"},
    {"restarts", "つなぎ直し", "reconnections"},
    {"dark_looks", "信号のない時", "times without signal"},
    {"shared_device", "ほかと共用", "shared device"},
    {"pictures", "見たコマ", "pictures seen"},
    {"flashes", "光った回数", "flashes seen"},
    {"skipped", "飛ばしたコマ", "skipped"},
    {"channels", "チャンネル数", "channels"},
    {"rate", "サンプリング周波数", "sample rate"},
    {"noise_dbfs", "雑音の大きさ", "noise floor"},
    {"level_dbfs", "声の大きさ", "level of the voice"},
    {"peak_dbfs", "最も大きい音", "peak"},
    {"left_dbfs", "左", "left"},
    {"right_dbfs", "右", "right"},
    {"hum_over_db", "電源のうなり", "hum"},
    {"drift_ppm", "時計のずれ", "clock drift"},
    {"offset_ms", "音と映像のずれ", "offset of sound and picture"},
    {"spread_ms", "ずれの幅", "spread of the offset"},
    {"round_trip_ms", "音の往復時間", "round trip of sound"},
    {"write_mb_per_s", "ディスクの書き込み", "disk write speed"},
    {"hours", "録画できる時間", "hours of recording"},
    {"disk_used_mb", "減った空き", "disk space used"},
    {"mix_p95_ms", "合成の時間", "mixing, 95 %"},
    {"mix_p95_percent", "合成の重さ", "mixing load"},
    {"encode_p95_ms", "エンコードの時間", "encoding, 95 %"},
    {"encode_max_ms", "エンコードの時間（最大）", "encoding, longest"},
    {"encode_p95_percent", "エンコードの重さ", "encode load"},
    {"cpu_mean", "CPU（平均）", "CPU, mean"},
    {"cpu_most", "CPU（最大）", "CPU, most"},
    {"temperature", "温度", "temperature"},
    {"degrees", "最高温度", "highest temperature"},
    {"battery_percent", "電池の残り", "battery"},
    {"offset_s", "時計の誤差", "clock error"},
    {"minutes", "行った時間", "length"},
    {"seconds", "測った時間", "measured for"},
    {"port", "ポート", "port"},
    {"tcp_ms", "つながるまで", "time to connect"},
    {"upload_kbps", "上りの速さ", "upload"},
    {"worst_second_kbps", "上りの速さ（最低）", "upload, worst second"},
    {"needed_kbps", "必要な速さ", "needed"},
    {"times_needed", "必要の何倍", "times what is needed"},
    {"upload_ratio", "必要の何倍", "times what is needed"},
};

}  // namespace

Text figure_name(std::string_view id) {
  for (const Name& name : kNames)
    if (name.id == id) return {name.ja, name.en};
  return {std::string(id), std::string(id)};
}

std::string figure_words(const EquipmentFigure& f) {
  const double size = std::abs(f.value);
  const char* const format = f.value == std::round(f.value) || size >= 100 ? "%.0f"
                             : size >= 10                                  ? "%.1f"
                                                                           : "%.2f";
  char text[48];
  std::snprintf(text, sizeof text, f.unit == "fps" && size < 1000 ? "%.4g" : format,
                size < 1e15 ? f.value : std::copysign(1e15, f.value));
  const std::string unit = f.unit == "C" ? "°C" : f.unit;
  return text + (unit.empty() ? "" : " " + unit);
}

}  // namespace kakehashi
