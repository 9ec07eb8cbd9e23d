// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "station/equip/av_offset.h"
#include "station/equip/item_words.h"

namespace kakehashi {
namespace {

constexpr double kSeenMs = 30;    // less than this nobody sees
constexpr double kUnsureMs = 10;  // flashes that disagree by more are no measurement

}  // namespace

std::string flash_page() {
  return R"(<!DOCTYPE html>
<html lang="ja"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>架け橋 点滅ページ / Kakehashi flash page</title>
<style>html,body{margin:0;height:100%;background:#000;color:#888;font:18px sans-serif}
#s{position:fixed;inset:0;display:flex;align-items:center;justify-content:center;text-align:center}</style>
<div id="s">画面を押すと始まります（音量は最大に）<br>Tap to start; turn the volume up</div>
<script>
const period=1.037,lit=0.150,beep=0.060,tone=1000,s=document.getElementById('s');
s.onclick=()=>{s.onclick=null;s.textContent='';
if(document.documentElement.requestFullscreen)document.documentElement.requestFullscreen().catch(()=>{});
const c=new AudioContext({latencyHint:'interactive'}),start=c.currentTime+1;let next=0;
const plan=()=>{while(start+next*period<c.currentTime+3){const t=start+next++*period,o=c.createOscillator(),g=c.createGain();
o.frequency.value=tone;g.gain.value=0.9;o.connect(g).connect(c.destination);o.start(t);o.stop(t+beep);}};
plan();setInterval(plan,500);
const heard=()=>{const o=c.getOutputTimestamp&&c.getOutputTimestamp();
return o&&o.performanceTime>0?o.contextTime+(performance.now()-o.performanceTime)/1000:c.currentTime-(c.outputLatency||0);};
const draw=()=>{const t=heard()+0.008-start;
s.style.background=t>=0&&t%period<lit?'#fff':'#000';requestAnimationFrame(draw);};draw();};
</script></html>
)";
}

EquipmentItem judge_offset(const Input& camera, const Input& microphone, const OffsetSeen& seen) {
  EquipmentItem item;
  item.id = "offset." + camera.id + "." + microphone.id;
  item.name = {camera.name.ja + "と" + microphone.name.ja + "　映像と音のずれ",
               camera.name.pick(Language::English) + " and " +
                   microphone.name.pick(Language::English) + ", picture against sound"};
  item.verdict = Verdict::Skipped;
  if (!seen.camera_opened || !seen.microphone_opened) {
    item.cause = {"カメラかマイクが開けないので、測れません。",
                  "The camera or the microphone cannot be opened."};
    item.action = {"先に映像と音の試験の問題を直してください。",
                   "Mend what the tests of picture and sound say first."};
    return item;
  }
  if (!seen.offset || seen.offset->spread.to_milliseconds() > kUnsureMs) {
    item.cause = {"点滅ページの光と音が見つかりませんでした。",
                  "The flash page was not seen and heard."};
    item.action = {"点滅ページをスマートフォンで開き、カメラに映してマイクに近づけてください。",
                   "Open the flash page on a phone, show it to the camera, near the microphone."};
    return item;
  }
  const double ms = seen.offset->offset.to_milliseconds();
  const std::string size = number_text(std::abs(ms), "%.0f");
  const bool late = ms > 0;  // the picture
  item.figures = {{"offset_ms", ms, "ms"},
                  {"spread_ms", seen.offset->spread.to_milliseconds(), "ms"},
                  {"flashes", static_cast<double>(seen.offset->flashes), ""}};
  item.verdict = Verdict::Pass;
  if (std::abs(ms) < 1) {
    item.found = {"映像と音はそろっています", "Picture and sound go together"};
    return item;
  }
  item.found = {std::string(late ? "映像" : "音") + "が" + size + " ms遅れています",
                std::string(late ? "Picture" : "Sound") + " is " + size + " ms late"};
  if (std::abs(ms) < kSeenMs) return item;
  const Input& held = late ? microphone : camera;
  blame(item, Verdict::Caution,
        {"このままでは口の動きと声が合いません。", "Lips and voice will not match."},
        {"会場設定で「" + held.name.ja + "」の遅延を" + size + " msにしてください。",
         "Set the delay of " + held.name.pick(Language::English) + " to " + size +
             " ms in the venue's settings."});
  return item;
}

std::map<std::string, Duration> lip_sync_delays(const std::vector<Input>& inputs,
                                                const Input& microphone,
                                                const std::map<std::string, Duration>& late) {
  Duration latest{};
  for (const auto& [role, by] : late) latest = std::max(latest, by);
  const auto rounded = [](Duration d) {
    return Duration::milliseconds(std::llround(d.to_milliseconds()));
  };
  // Channels of one interface are told apart by "channels": everything else names the device.
  const auto device = [](const Input& input) {
    Settings settings = input.source ? input.source->settings : Settings{};
    settings.erase("channels");
    settings.erase("first_channel");
    return settings;
  };
  std::map<std::string, Duration> delays;
  for (const Input& input : inputs) {
    if (const auto at = late.find(input.id); at != late.end())
      delays[input.id] = rounded(latest - at->second);
    else if (input.id == microphone.id ||
             (input.source && microphone.source && input.source->kind == microphone.source->kind &&
              device(input) == device(microphone)))
      delays[input.id] = rounded(latest);
  }
  return delays;
}

}  // namespace kakehashi
