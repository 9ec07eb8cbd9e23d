// SPDX-License-Identifier: GPL-3.0-or-later
// The page that flashes and beeps. Web Audio's clock leads, since ears hear milliseconds: the page
// asks which moment is being heard now (getOutputTimestamp) and paints what belongs to it. A
// picture painted now is seen one refresh later, and an edge falls into the middle of a refresh:
// so it paints one and a half refreshes ahead.
#include <cstdio>

#include "station/equip/av_offset.h"

namespace kakehashi {
namespace {

// Numbers are put in for @NAME@.
constexpr const char* kPage = R"(<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>架け橋 点滅ページ / Kakehashi flash page</title>
<style>
html,body{margin:0;height:100%;background:#000;color:#ddd;font:20px/1.7 sans-serif}
#s{position:fixed;inset:0;display:flex;align-items:center;justify-content:center;overflow:auto}
#s.on{cursor:none;background:#000}#s.lit{background:#fff}#s.on main{display:none}
main{max-width:34em;padding:1em}h1{font-size:1.3em}b{color:#fff}.w{color:#fc6}
button{font:inherit;font-weight:bold;padding:.4em 1.5em;border-radius:.4em;border:0}
small{color:#aaa}
</style>
</head>
<body>
<div id="s"><main>
<h1>映像と音のずれを測る / Picture against sound</h1>
<p class="w"><b>ご注意</b> 画面が1秒に1回ほど白く光り、音が鳴ります。光に敏感な方は見ないでください。<br>
<small>Warning: the screen flashes white about once a second. Do not watch if you are sensitive to light.</small></p>
<ol>
<li>画面の明るさと音量を最大にします。<br><small>Turn brightness and volume all the way up.</small></li>
<li>カメラの中央に大きく映し、マイクから50 cm以内に置きます。<br><small>Show it large in the middle of the camera, within 50 cm of the microphone.</small></li>
<li>「始める」を押してから、機材テストを始めます。<br><small>Press Start, then begin the equipment test.</small></li>
</ol>
<p><button id="b">始める / Start</button></p>
<p id="n"><small>Enterキー・スペースキーで始め、Escキーまたは画面を押すと止まります。<br>
Enter or Space starts; Esc or a tap stops.</small></p>
</main></div>
<script>
'use strict';
const period=@PERIOD@,lit=@LIT@,beep=@BEEP@,tone=@TONE@,row=@ROW@,round=@ROUND@;
const s=document.getElementById('s'),n=document.getElementById('n');
let c=null,start=0,next=0,timer=0,refresh=1/60,last=0,lock=null;
const slot=k=>k>=0&&k%round<row;
function plan(){
  while(start+next*period<c.currentTime+2){
    const t=start+next*period;
    if(slot(next)&&t>c.currentTime){
      const o=c.createOscillator(),g=c.createGain();
      o.frequency.value=tone;g.gain.value=0.9;
      o.connect(g).connect(c.destination);o.start(t);o.stop(t+beep);
    }
    next++;
  }
}
function heard(){
  const o=c.getOutputTimestamp&&c.getOutputTimestamp();
  return o&&o.performanceTime>0?o.contextTime+(performance.now()-o.performanceTime)/1000
    :c.currentTime-(c.outputLatency||c.baseLatency||0);
}
function draw(now){
  if(!c)return;
  const d=(now-last)/1000;last=now;
  if(d>0.003&&d<0.05)refresh+=(d-refresh)*0.05;
  const t=heard()+1.5*refresh-start,k=Math.floor(t/period);
  s.className=slot(k)&&t-k*period<lit?'on lit':'on';
  requestAnimationFrame(draw);
}
function begin(){
  if(c)return;
  const Context=window.AudioContext||window.webkitAudioContext;
  if(!Context){n.textContent='このブラウザーでは使えません。新しいブラウザーで開いてください。 / Open this page in a newer browser.';return;}
  c=new Context({latencyHint:'interactive'});c.resume();
  start=c.currentTime+1;next=0;plan();timer=setInterval(plan,500);
  if(document.documentElement.requestFullscreen)document.documentElement.requestFullscreen().catch(()=>{});
  if(navigator.wakeLock)navigator.wakeLock.request('screen').then(l=>{lock=l;}).catch(()=>{});
  requestAnimationFrame(draw);
}
function end(){
  if(!c)return;
  clearInterval(timer);c.close();c=null;s.className='';
  if(lock){lock.release();lock=null;}
  if(document.fullscreenElement)document.exitFullscreen();
}
document.getElementById('b').addEventListener('click',e=>{e.stopPropagation();begin();});
s.addEventListener('click',end);
document.addEventListener('keydown',e=>{
  if(e.key==='Escape')end();
  else if(!c&&(e.key==='Enter'||e.key===' ')){e.preventDefault();begin();}
});
document.addEventListener('visibilitychange',()=>{if(document.hidden)end();});
</script>
</body>
</html>
)";

void put(std::string& page, const std::string& name, double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", value);
  page.replace(page.find(name), name.size(), text);
}

}  // namespace

std::string flash_page() {
  std::string page = kPage;
  put(page, "@PERIOD@", kFlashPeriod.to_seconds());
  put(page, "@LIT@", kFlashLength.to_seconds());
  put(page, "@BEEP@", kBeepLength.to_seconds());
  put(page, "@TONE@", kBeepTone);
  put(page, "@ROW@", kFlashesInARow);
  put(page, "@ROUND@", kFlashRound);
  return page;
}

}  // namespace kakehashi
