// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/cpu_trial.h"
#include "station/equip/item_words.h"

namespace kakehashi {

std::vector<CpuProposal> lighter_settings(const Show& show, Duration length) {
  std::vector<CpuProposal> all;
  const CpuWish own{show.canvas, show.encode, length};
  const bool fastest = show.encode.preset == "ultrafast";
  if (!fastest) {
    CpuProposal p{own,
                  {"催しの設定で、圧縮（preset）を「ultrafast」にしてください。",
                   "Set the event's encoding preset to ultrafast."}};
    p.wish.encode.preset = "ultrafast";
    all.push_back(p);
  }
  if (show.canvas.height <= 720) return all;
  CpuProposal p{own,
                {"催しの画面の大きさを1280×720にしてください。",
                 "Set the event's picture size to 1280x720."}};
  p.wish.canvas.width = 1280;
  p.wish.canvas.height = 720;
  all.push_back(p);
  if (fastest) return all;
  p.wish.encode.preset = "ultrafast";
  p.words = {"催しの画面の大きさを1280×720、圧縮（preset）を「ultrafast」にしてください。",
             "Set the event's picture size to 1280x720 and its preset to ultrafast."};
  all.push_back(p);
  return all;
}

EquipmentItem judge_cpu(const CpuFigures& f, const std::optional<CpuProposal>& proposal) {
  EquipmentItem item;
  item.id = "machine.cpu";
  item.name = {"PCの処理の余裕", "Processing power"};
  item.device = f.encoder;
  item.verdict = Verdict::Pass;
  const auto percent = [&](double ms) { return f.period_ms > 0 ? 100 * ms / f.period_ms : 0; };
  item.figures = {{"encode_p95_percent", percent(f.encode_p95_ms), "%"},
                  {"mix_p95_percent", percent(f.mix_p95_ms), "%"},
                  {"encode_p95_ms", f.encode_p95_ms, "ms"},
                  {"encode_max_ms", f.encode_max_ms, "ms"},
                  {"mix_p95_ms", f.mix_p95_ms, "ms"},
                  {"pictures", static_cast<double>(f.pictures), ""},
                  {"late", static_cast<double>(f.late), ""},
                  {"skipped", static_cast<double>(f.skipped), ""}};
  if (f.pictures == 0) {
    item.verdict = Verdict::Skipped;
    item.cause = {"試験を途中でやめました。", "The test was cancelled."};
    return item;
  }
  const std::string used = number_text(100 * f.load(), "%.0f") + " %";
  item.found = {"いちばん重い場面で、1コマの時間の" + used + "を使います",
                "The heaviest scene takes " + used + " of a picture's time"};
  const bool broke = f.skipped > f.pictures / 100;
  const bool fails = f.load() > kCpuEnough || broke;
  if (!fails && f.load() <= kCpuGood) return item;
  const Text none{"より速いPCを使ってください。", "Use a faster PC."};
  const Text close{"ほかのソフトを終わらせてください。", "Close other programs."};
  if (fails)
    blame(item, Verdict::Fail,
          {"このPCでは、この催しの映像の処理が間に合いません。",
           "This PC is too slow for this event's pictures."},
          proposal ? proposal->words : none);
  else
    blame(item, Verdict::Caution,
          {"映像の処理に余裕がありません。", "There is little processing power to spare."},
          proposal ? proposal->words : close);
  return item;
}

}  // namespace kakehashi
