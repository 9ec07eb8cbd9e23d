// SPDX-License-Identifier: GPL-3.0-or-later
// The desk's words about sound: part of KAKEHASHI_WORDS (gui/words.h). The lists name values of the
// snapshot: what a processing set is called, and in two or three words what the station hears.
#pragma once

// X(id, Japanese, English)
// clang-format off
#define KAKEHASHI_SOUND_WORDS(X) \
  X(Closed, "閉じています", "Closed") \
  X(VenueOnly, "会場のみ", "Hall only") \
  X(VenueOnlyMeans, "この音は会場だけに流します。配信・録画・相手への返しには入りません。", \
    "This sound stays in the hall: never on the stream, the recording or a return.") \
  X(RightsCheck, "配信してよい音か、確かめてください", "May this sound be streamed?") \
  X(RightsOk, "確かめました", "It may") \
  X(CardLive, "ふた中・マイク生き", "Card on, mic live") \
  X(CardLiveMic, "マイク生き", "Mic live") \
  X(CardLiveWho, "視聴者に聞こえています：{}", "Viewers hear: {}") \
  X(CardLiveAction, "話が済んだら「消す」を押す", "Mute it when the talk is over") \
  X(SoundSets, "音のセット", "Sound sets") \
  X(SoundSetNow, "今の音のセット：{}", "Sound set: {}") \
  X(SoundSetOpensMic, "ふた中にマイクが開きます", "Opens a mic under the card") \
  X(SoundPlaces, "音の出口", "Outputs") \
  X(SoundInputs, "音の入口", "Inputs") \
  X(SoundKind, "音の種類", "Kind of sound") \
  X(SetSpeech, "話し声", "Speech") \
  X(SetLine, "会場の音響卓", "Hall's desk") \
  X(SetRemote, "Web会議の声", "Web meeting") \
  X(SetMedia, "動画・資料の音", "Video, slides") \
  X(SetMusic, "演奏", "Music") \
  X(SetAmbience, "会場の空気", "Room sound") \
  X(SetSpeechNote, "雑音を減らし、声をそろえます", "Less noise, even voices") \
  X(SetLineNote, "卓で混ざった音です", "Mixed by the hall's desk") \
  X(SetRemoteNote, "Zoomなど、相手の声です", "Voices of Zoom and others") \
  X(SetMediaNote, "手を加えずに届けます", "Passed on as it is") \
  X(SetMusicNote, "強弱をそのまま届けます", "Soft and loud stay so") \
  X(SetAmbienceNote, "拍手など。小さく添えます", "Applause, kept low") \
  X(StripBack, "一覧", "All") \
  X(ListenIt, "ヘッドホンで聞く", "Listen") \
  X(ListenOff, "聞くのをやめる", "Stop listening") \
  X(GoesTo, "届け先", "Goes to") \
  X(GoesToWaits, "閉じている間は選べません", "Only while it is open") \
  X(GoesToWaitsShort, "開くと選べます", "When open") \
  X(ToProgram, "配信・録画", "Stream, rec.") \
  X(ToClean, "クリーン録画", "Clean rec.") \
  X(ToVenue, "会場", "Hall") \
  X(ToMonitor, "ヘッドホン", "Headphones") \
  X(BusMixed, "配信と録画に入る音です", "What the stream and recording get") \
  X(BusMixedClean, "編集用の録画に入る音です", "What the clean recording gets") \
  X(BusPlaying, "鳴っています", "Playing") \
  X(BusMixing, "入っています", "Mixed") \
  X(BusStopped, "鳴っていません", "Not playing") \
  X(BusNoDevice, "機材なし", "No device") \
  X(BusNoDeviceAction, "使うときは「準備」で選びます", "Choose one in Prepare") \
  X(HearNothing, "音が来ない", "No sound") \
  X(HearMutedTalk, "消音中に声", "Muted talk") \
  X(HearCardMicrophone, "ふた中に声", "Voice on card") \
  X(HearHum, "ブーン音", "Hum") \
  X(HearHowl, "ハウリング", "Howling") \
  X(HearEcho, "二重・反響", "Echo") \
  X(HearDropouts, "とぎれ", "Dropouts") \
  X(HearOneSided, "片側だけ", "One side") \
  X(HearWrongChannel, "別の入力", "Wrong input") \
  X(HearPhase, "左右が逆", "Phase") \
  X(HearOffset, "口とずれ", "Lip-sync") \
  X(HearOther, "音の異常", "Trouble") \
  X(FiguresProgram, "今 {}　3秒 {}　通し {} LUFS　最大 {} dBTP", "now {}, 3 s {}, all {} LUFS, peak {} dBTP") \
  X(FiguresStrip, "分{} 均{} 圧{}", "mx{} lv{} cp{}") \
  X(FiguresStripLong, "分け合い {}　均し {}　抑え {}　圧縮 {}　門 {} dB", \
    "sharing {}, levelling {}, ducking {}, compressor {}, gate {} dB") \
  X(FiguresBus, "{} ppm　貯め {} ms　遅れ {} ms　切れ {}", "{} ppm, buffer {} ms, delay {} ms, gaps {}") \
  X(FiguresLimiter, "頭打ち {} dB", "limiter {} dB") \
  X(KnobTrim, "入力の増減", "Trim") \
  X(KnobPan, "左右の位置", "Pan") \
  X(KnobDelay, "音を遅らせる", "Delay") \
  X(PanCentre, "中央", "centre") \
  X(PanLeft, "左 {}", "left {}") \
  X(PanRight, "右 {}", "right {}") \
  X(ToneHead, "音質", "Tone") \
  X(ToneFlat, "平らに戻す", "Flat") \
  X(ToneLow, "低い音", "Low") \
  X(ToneLowMid, "中の下", "Low mid") \
  X(ToneHighMid, "中の上", "High mid") \
  X(ToneHigh, "高い音", "High") \
  X(TonePitch, "効かせる高さ", "Frequency") \
  X(ToneWidth, "効く幅（大きいほど狭い）", "Q (larger: narrower)") \
  X(SoundStep1, "② マイクを軽くたたき、「この音」の機材を押します", "2 Tap the microphone, press “This one”") \
  X(SoundStep2, "③ 話してください。動いた入力を押します", "3 Speak, and press the input that moves") \
  X(SoundStep2One, "③ この機材の入力は、そのまま使えます", "3 This device is used as it is") \
  X(SoundStep2None, "③ 機材を選ぶと、入力が並びます", "3 Its inputs appear here") \
  X(SoundStep3, "④ 何の音かを選びます", "4 What kind of sound is it?") \
  X(SoundStep4, "⑤ いつもの声で話してください", "5 Speak as you will on the day") \
  X(ThisInput, "この音", "This") \
  X(ChannelsOne, "1つずつ", "Single") \
  X(ChannelsTwo, "2つ一組（左右）", "Pairs (stereo)") \
  X(VoiceNone, "まだ聞こえません。マイクのスイッチを入れて話してください", \
    "Nothing yet: switch the microphone on and speak") \
  X(VoiceLow, "小さいです。近づくか、機材の入力つまみ（GAIN）を上げてください", \
    "Low: come closer, or turn the device's GAIN up") \
  X(VoiceGood, "ちょうど良い大きさです。このまま使えます", "Just right. Ready to use") \
  X(VoiceLoud, "大きすぎます。機材の入力つまみ（GAIN）を下げてください", "Too loud: turn the device's GAIN down") \
  X(VoiceNoDevice, "機材を選ぶと、ここで確かめられます", "Choose a device first") \
  X(OutletsHead, "音の出口", "Where sound comes out") \
  X(OutletOf, "「{}」を鳴らす機材", "Device for: {}") \
  X(OutletHint, "② 機材の出力を選ぶ", "2 Choose an output") \
  X(OutletNone, "音を鳴らす機材が見つかりません。スピーカーかヘッドホンをつないでください。", \
    "No output found. Plug in speakers or headphones.") \
  X(OutletPair, "出力 {}・{}", "Outputs {}-{}") \
  X(OutletStandard, "このPCの標準の音", "This computer's sound") \
  X(MicStandard, "このPCの標準のマイク", "This computer's microphone") \
  X(PcSound, "このPCで鳴っている音ぜんぶ", "All sound of this computer") \
  X(ApplicationSound, "アプリの音", "Sound of an application") \
  X(OutletOff, "どこでも鳴らさない", "Play it nowhere") \
  X(OutletIs, "{}　出力 {}・{}", "{}, outputs {}-{}") \
  X(OutletVenueNote, "会場のスピーカーへ返す音です。会場のマイクは入りません（ハウリングを防ぎます）。", \
    "Goes back to the hall's speakers. Microphones of the hall are never in it, so it cannot howl.") \
  X(OutletMonitorNote, "操作する人が聞く音です。いつもは本線、「ヘッドホンで聞く」を押した間はその音だけになります。", \
    "What the operator hears: program, or only what “Listen” was pressed for.") \
  X(OutletReturnNote, "相手に返す音です。相手の声は入りません（自分の声が返らず、二重になりません）。", \
    "Goes back to the partner without the partner's own voice, so nobody hears himself twice.")
// clang-format on
