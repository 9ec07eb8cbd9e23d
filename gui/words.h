// SPDX-License-Identifier: GPL-3.0-or-later
// Every word the desk itself says, in Japanese and in English. Names of inputs, scenes and messages
// come with the snapshot as Text; nothing else writes words into a panel.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "core/snapshot.h"
#include "core/text.h"
#include "gui/words_sound.h"

namespace kakehashi {

// X(id, Japanese, English)
#define KAKEHASHI_WORDS(X)                                                                                                                       \
  X(AppName, "架け橋", "Kakehashi")                                                                                                              \
  X(StagePractice, "練習", "Practice")                                                                                                           \
  X(StageShow, "本番", "Show")                                                                                                                   \
  X(StagePrepare, "準備", "Prepare")                                                                                                             \
  X(StageCheck, "点検", "Check")                                                                                                                 \
  X(TestHead, "機材テスト", "Equipment test")                                                                                                    \
  X(TestNone, "まだテストしていません", "No test yet")                                                                                           \
  X(TestNoneHint,                                                                                                                                \
    "カメラ・マイク・回線・このPCを、ひとつずつ確かめます。テスト中は映像と音が止まります。",                                                    \
    "Cameras, microphones, line and this PC are checked one by one. Pictures and sound rest "                                                    \
    "meanwhile.")                                                                                                                                \
  X(TestNow, "今：{}", "Now: {}")                                                                                                                \
  X(TestLeft, "あと {}", "{} left")                                                                                                              \
  X(TestDone, "機材テスト 済み", "Equipment test done")                                                                                          \
  X(TestWhole, "ふつう", "Whole")                                                                                                                \
  X(TestQuick, "短く", "Quick")                                                                                                                  \
  X(TestBurnIn, "長時間 60分", "60 min")                                                                                                         \
  X(TestStart, "テストを始める", "Start the test")                                                                                               \
  X(TestAgain, "全部もう一度", "Test all again")                                                                                                 \
  X(TestOne, "もう一度", "Again")                                                                                                                \
  X(TestTroubled, "直したものを もう一度", "Test these again")                                                                                   \
  X(TestRest, "残りを試す", "Test the rest")                                                                                                     \
  X(TestStopped, "機材テスト 途中まで", "Equipment test, not complete")                                                                          \
  X(GuideTrouble, "上から1つずつ直し、「もう一度」を押してください",                                                                             \
    "Put right from the top, then press Again")                                                                                                  \
  X(GuideStopped, "途中で止めました。まだ試していない項目が{}あります",                                                                          \
    "Stopped: {} items are not tested yet")                                                                                                      \
  X(GuideGood, "直すところはありません。練習へ進めます",                                                                                         \
    "Nothing to put right. Go on to practice")                                                                                                   \
  X(DetailBack, "一覧に戻る", "Back")                                                                                                            \
  X(DetailDevice, "機材", "Device")                                                                                                              \
  X(DetailAgain, "試し直した時刻", "Tested again at")                                                                                            \
  X(DetailFigures, "測った数値", "Figures")                                                                                                      \
  X(TestCancel, "中止", "Cancel")                                                                                                                \
  X(TestLive, "配信中は、テストできません", "Not while on air")                                                                                  \
  X(VerdictPass, "合格", "Pass")                                                                                                                 \
  X(VerdictCaution, "注意", "Caution")                                                                                                           \
  X(VerdictFail, "不合格", "Fail")                                                                                                               \
  X(VerdictRunning, "測定中", "Testing")                                                                                                         \
  X(VerdictWaiting, "待ち", "Waiting")                                                                                                           \
  X(VerdictSkipped, "未確認", "Not tested")                                                                                                      \
  X(ResultHead, "点検の結果", "Results")                                                                                                         \
  X(ResultOrder, "上から直す順番です", "Worst first")                                                                                            \
  X(ColumnVerdict, "判定", "Verdict")                                                                                                            \
  X(ColumnItem, "項目", "Item")                                                                                                                  \
  X(ColumnFound, "わかったこと ／ 原因", "Found / cause")                                                                                        \
  X(ColumnAction, "すること（1つ）", "Do this")                                                                                                  \
  X(OffsetHead, "音ズレ", "Sound and picture")                                                                                                   \
  X(OffsetNone, "まだ測っていません", "Not measured yet")                                                                                        \
  X(OffsetClap, "手を5回たたいて測る", "Measure by five claps")                                                                                  \
  X(OffsetLate, "音が {}ミリ秒 遅い", "Sound {} ms late")                                                                                        \
  X(OffsetEarly, "音が {}ミリ秒 早い", "Sound {} ms early")                                                                                      \
  X(OffsetGood, "良い範囲", "Good")                                                                                                              \
  X(EarlySide, "音が早い", "Sound early")                                                                                                        \
  X(LateSide, "音が遅い（ミリ秒）", "Sound late (ms)")                                                                                           \
  X(LineHead, "回線", "Line")                                                                                                                    \
  X(LineNone, "まだ調べていません", "Not tested yet")                                                                                            \
  X(DifferHead, "前回と違う点", "Since the last test")                                                                                           \
  X(DifferFirst, "前回の記録がありません", "No earlier test")                                                                                    \
  X(DifferNone, "前回と同じです", "Same as last time")                                                                                           \
  X(DifferLast, "前回：{}", "Last: {}")                                                                                                          \
  X(DifferToday, "今日", "Today")                                                                                                                \
  X(DifferBefore, "前回", "Before")                                                                                                              \
  X(ToPractice, "練習へ進む", "Go on to practice")                                                                                               \
  X(ToPracticeNote, "点検が終わっていなくても練習はできます",                                                                                    \
    "You may practise before all is checked")                                                                                                    \
  X(ToCheck, "点検へ進む", "Go on to checking")                                                                                                  \
  X(ToCheckNote, "割り当てた機材を、ひとつずつ試します", "Tests the devices one by one")                                                         \
  X(SheetAt, "印刷用：{}", "To print: {}")                                                                                                       \
  X(RolesHead, "役割", "Roles")                                                                                                                  \
  X(RolesHint, "① 役割を選ぶ", "1 Choose a role")                                                                                                \
  X(DevicesHead, "つながっている機材", "What is plugged in")                                                                                     \
  X(DevicesHint, "② 機材を選ぶ", "2 Choose its device")                                                                                          \
  X(DevicesNone, "機材が見つかりません。USBケーブルを差してください。",                                                                          \
    "No device found. Plug in a USB cable.")                                                                                                     \
  X(DevicesLive, "配信中は、割り当てを変えられません", "Not while on air")                                                                       \
  X(TapHint, "② マイクを軽くたたいて選ぶ", "2 Tap it, then choose")                                                                              \
  X(RoleNone, "機材なし", "No device")                                                                                                           \
  X(RoleRemove, "この役割から外す", "Take off")                                                                                                  \
  X(RoleOf, "「{}」の機材", "Device for {}")                                                                                                     \
  X(DeviceFree, "空き", "Free")                                                                                                                  \
  X(Loudest, "この音", "This one")                                                                                                               \
  X(RoleMissing, "見つかりません：{}", "Not found: {}")                                                                                          \
  X(RoleWaits, "待っています：{}", "Waiting: {}")                                                                                                \
  X(RolesBound, "{}つのうち {}つ つながりました", "{} roles, {} connected")                                                                      \
  X(ChooseRoleFirst, "先に、左の役割を選んでください", "First choose a role on the left")                                                        \
  X(DeviceBack, "前の機材に戻す", "Back to the one before")                                                                                      \
  X(DeviceBackTo, "{}：{}", "{}: {}")                                                                                                            \
  X(DeviceBackNone, "割り当てを変えると使えます", "After a change")                                                                              \
  X(ThisScreen, "このPCの画面", "This computer's screen")                                                                                        \
  X(FormatFps, "{}×{} {}コマ", "{}x{} {} fps")                                                                                                   \
  X(RoleMedia, "行事の素材", "Part of the event")                                                                                                \
  X(RoleStandIn, "代わり：{}", "Instead: {}")                                                                                                    \
  X(TestOf, "{}項目のうち {}項目 済み", "{} items, {} done")                                                                                     \
  X(LanguageJa, "日本語", "日本語")                                                                                                              \
  X(LanguageEn, "English", "English")                                                                                                            \
  X(Standby, "待機", "Standby")                                                                                                                  \
  X(Live, "配信中", "On air")                                                                                                                    \
  X(LiveConnecting, "接続中", "Connecting")                                                                                                      \
  X(LiveReconnecting, "再接続中", "Reconnecting")                                                                                                \
  X(LiveFailed, "配信できません", "Not sending")                                                                                                 \
  X(Practice, "練習中", "Trial")                                                                                                                 \
  X(PracticeStandby, "練習 待機", "Practice: standby")                                                                                           \
  X(StreamPlate, "配信", "Stream")                                                                                                               \
  X(RecordPlate, "録画", "Recording")                                                                                                            \
  X(Recording, "録画中", "REC")                                                                                                                  \
  X(ScopeHead, "公開の範囲", "Who can watch")                                                                                                    \
  X(ScopePublic, "一般公開", "Public")                                                                                                           \
  X(ScopeUnlisted, "限定公開", "Unlisted")                                                                                                       \
  X(ScopeInternal, "庁内のみ", "Internal")                                                                                                       \
  X(ScopePractice, "練習（外へ出ません）", "Practice only")                                                                                      \
  X(ScopePracticeShort, "練習", "Practice")                                                                                                      \
  X(AllWell, "すべて順調です", "All is well")                                                                                                    \
  X(AllWellStandby, "準備ができています", "Ready")                                                                                               \
  X(Caution, "注意", "Caution")                                                                                                                  \
  X(Fault, "異常", "Fault")                                                                                                                      \
  X(Notice, "お知らせ", "Notice")                                                                                                                \
  X(MoreMessages, "ほか{}件", "+{} more")                                                                                                        \
  X(Refused, "できませんでした", "Not done")                                                                                                     \
  X(Emergency, "緊急ふた", "Emergency")                                                                                                          \
  X(EmergencyHint, "画面を隠し全マイク断", "Card on, mics off")                                                                                  \
  X(EmergencyOn, "ふた中・全マイク断", "Card on, mics off")                                                                                      \
  X(Return, "元に戻す", "Return")                                                                                                                \
  X(ReturnHint, "確かめて 2秒 長押し", "Check, hold 2 s")                                                                                        \
  X(ReturnHintHold, "Esc を 2秒 長押し", "Hold Esc 2 s")                                                                                         \
  X(PreviewChip, "次", "NEXT")                                                                                                                   \
  X(ProgramChip, "本", "PGM")                                                                                                                    \
  X(Preview, "次の画面", "Preview")                                                                                                              \
  X(Program, "本線", "Program")                                                                                                                  \
  X(ProgramSound, "本線の音", "Program sound")                                                                                                   \
  X(NoSound, "音なし", "No sound")                                                                                                               \
  X(Take, "切替", "Take")                                                                                                                        \
  X(TakeTo, "{} へ", "to {}")                                                                                                                    \
  X(TakeWaits, "ふた中は切り替えません", "Rests under the card")                                                                                 \
  X(TransitionHead, "切り替え方", "Transition")                                                                                                  \
  X(ChooseLayout, "型を選ぶ", "Layout")                                                                                                          \
  X(LayoutsHead, "「{}」の型", "Layout of “{}”")                                                                                                 \
  X(TBar, "手動レバー", "T-bar")                                                                                                                 \
  X(TurnBack, "戻す", "Back")                                                                                                                    \
  X(TransitionLength, "長さ", "Length")                                                                                                          \
  X(LengthSeconds, "{}秒", "{} s")                                                                                                               \
  X(CloseDrawer, "閉じる", "Close")                                                                                                              \
  X(Figures, "数値", "Figures")                                                                                                                  \
  X(FigureAge, "遅れ {} / {} ms", "Age {} / {} ms")                                                                                              \
  X(FigureJitter, "ゆらぎ {} ms", "Jitter {} ms")                                                                                                \
  X(FigureCounts, "重複 {} 落ち {}", "Rep. {} drop. {}")                                                                                         \
  X(Pages, "スライド", "Slides")                                                                                                                 \
  X(PageOf, "{} / {} ページ", "Page {} of {}")                                                                                                   \
  X(PageTurn, "めくる", "Turn")                                                                                                                  \
  X(PageBack, "前へ", "Back")                                                                                                                    \
  X(PageNext, "次へ", "Next")                                                                                                                    \
  X(PageFirst, "最初へ", "First")                                                                                                                \
  X(NoFit, "この場面には出せません", "No place in this scene")                                                                                   \
  X(IsOutFor, "出ています {}秒", "On screen {} s")                                                                                               \
  X(TimerStart, "始める", "Start")                                                                                                               \
  X(TimerStop, "止める", "Stop")                                                                                                                 \
  X(TimerReset, "0に", "Reset")                                                                                                                  \
  X(CaptionNext, "次の行", "Next line")                                                                                                          \
  X(CaptionNextIs, "次：{}", "Next: {}")                                                                                                         \
  X(Buses, "画面の出し先", "What goes where")                                                                                                    \
  X(BusVenue, "会場の画面に出すもの", "On the hall's screen")                                                                                    \
  X(BusAux, "Web会議に出すもの", "To the web meeting")                                                                                           \
  X(BusFollows, "本線と同じ", "Same as program")                                                                                                 \
  X(BusChoose, "何を出すか", "Choose")                                                                                                           \
  X(Genlock, "カメラに合わせて切れ目なく", "Follow the camera on air")                                                                           \
  X(GenlockOff, "切", "Off")                                                                                                                     \
  X(GenlockOn, "入", "On")                                                                                                                       \
  X(GenlockLocked, "合っています：{}", "Locked to {}")                                                                                           \
  X(GenlockSeeking, "合わせています", "Locking")                                                                                                 \
  X(AudienceSeesCard, "視聴者には「お待ちください」が見えています",                                                                              \
    "Viewers see the \"please wait\" card")                                                                                                      \
  X(KeepsRunning, "配信と録画は続いています", "Stream and recording go on")                                                                      \
  X(KeepsStreaming, "配信は続いています", "The stream goes on")                                                                                  \
  X(KeepsRecording, "録画は続いています", "The recording goes on")                                                                               \
  X(EmergencyCardName, "緊急ふた", "Card")                                                                                                       \
  X(Scenes, "場面", "Scenes")                                                                                                                    \
  X(ScenesHint, "数字キーで「次の画面」へ", "Number keys: to Preview")                                                                           \
  X(NextPage, "続き {}/{}", "More {}/{}")                                                                                                        \
  X(NoScenes, "場面がありません", "This event has no scenes")                                                                                    \
  X(Cards, "ふた画面", "Holding cards")                                                                                                          \
  X(Multiview, "監視画面", "Multiview")                                                                                                          \
  X(NoSignal, "入力なし", "No signal")                                                                                                           \
  X(CheckCable, "ケーブルを確認", "Check the cable")                                                                                             \
  X(Unbound, "機材が未設定", "No device set")                                                                                                    \
  X(Opening, "つないでいます", "Opening")                                                                                                        \
  X(Frozen, "止まっています", "Frozen")                                                                                                          \
  X(NoPicture, "映像を待っています", "Waiting for a picture")                                                                                    \
  X(NoInputs, "映像の入力がありません", "This event has no picture inputs")                                                                      \
  X(Audio, "音声", "Audio")                                                                                                                      \
  X(AudioHint, "つまみで音量、右のボタンで消す・開く", "Fader: level. Button: mute, open")                                                       \
  X(NoStrips, "音の入力がありません", "This event has no sound inputs")                                                                          \
  X(AudioUnderCard, "ふた中はマイクを切っています", "Microphones rest under the card")                                                           \
  X(Quiet, "静か", "Quiet")                                                                                                                      \
  X(Low, "小さい", "Low")                                                                                                                        \
  X(Good, "ちょうど良い", "Good")                                                                                                                \
  X(Loud, "大きい", "Loud")                                                                                                                      \
  X(Clipping, "音割れ", "Clipping")                                                                                                              \
  X(Muted, "消音", "Muted")                                                                                                                      \
  X(FaderDown, "つまみが下", "Fader down")                                                                                                       \
  X(MuteIt, "消す", "Mute")                                                                                                                      \
  X(OpenIt, "開く", "Open")                                                                                                                      \
  X(Overlays, "重ね表示", "Overlays")                                                                                                            \
  X(ShowIt, "出す", "Show")                                                                                                                      \
  X(IsOut, "出ています", "On screen")                                                                                                            \
  X(TakeOut, "消す", "Take off")                                                                                                                 \
  X(OverlaysWait, "ふた中は出せません", "Rest under the card")                                                                                   \
  X(NoOverlays, "重ね表示がありません", "This event has no overlays")                                                                            \
  X(Outputs, "配信先・録画", "Outputs")                                                                                                          \
  X(OutputsTab, "配信先", "Stream")                                                                                                              \
  X(NoOutputs, "配信先がありません", "This event has no destination")                                                                            \
  X(OutStandby, "待機", "Standby")                                                                                                               \
  X(OutConnecting, "接続中", "Connecting")                                                                                                       \
  X(OutLive, "届いています", "Sending")                                                                                                          \
  X(OutReconnecting, "つなぎ直し中", "Reconnecting")                                                                                             \
  X(OutFailed, "失敗", "Failed")                                                                                                                 \
  X(OutShowing, "映しています", "Showing")                                                                                                       \
  X(OutSwitchOff, "切る", "Off")                                                                                                                 \
  X(OutSwitchOn, "使う", "On")                                                                                                                   \
  X(OutHold, "長押し", "Hold")                                                                                                                   \
  X(OutBackup, "予備の回線", "Spare line")                                                                                                       \
  X(OutOff, "使いません", "Off")                                                                                                                 \
  X(LineGood, "回線：余裕あり", "Line: good")                                                                                                    \
  X(LineTight, "回線：ぎりぎり", "Line: tight")                                                                                                  \
  X(LineBad, "回線：不足", "Line: too slow")                                                                                                     \
  X(LineLabel, "回線", "Line")                                                                                                                   \
  X(RecordRow, "本線録画", "Recording")                                                                                                          \
  X(RecordProving, "録画 確認中", "REC check")                                                                                                   \
  X(RecordOffRecord, "録画中・非公開", "REC off record")                                                                                         \
  X(IsoRow, "個別録画 {}本", "{} single recordings")                                                                                             \
  X(IsoOf, "個別録画 {}", "Single rec.: {}")                                                                                                     \
  X(IsoToo, "個別 {}本", "{} inputs too")                                                                                                        \
  X(LoopBackRow, "視聴者と同じ受信", "As viewers get it")                                                                                        \
  X(LoopBackWell, "届いています", "Arrives")                                                                                                     \
  X(LoopBackWait, "確認中", "Checking")                                                                                                          \
  X(LoopBackLate, "音は{}ms遅れ", "Sound {} ms late")                                                                                            \
  X(LoopBackEarly, "音は{}ms早い", "Sound {} ms early")                                                                                          \
  X(EncodeRow, "画質 {}", "Quality: {}")                                                                                                         \
  X(EncodeFull, "予定どおり", "As planned")                                                                                                      \
  X(EncodeHalf, "コマ数 半分", "Half rate")                                                                                                      \
  X(EncodeLighter, "画質を下げています", "Lighter")                                                                                              \
  X(MarkChapter, "見出し", "Chapter")                                                                                                            \
  X(MarkOffRecord, "非公開", "Off rec.")                                                                                                         \
  X(MarkOffRecordEnd, "公開に戻す", "On rec.")                                                                                                   \
  X(MarkRetraction, "取消発言", "Retract")                                                                                                       \
  X(MarkIncident, "事故", "Incident")                                                                                                            \
  X(HoursLeft, "あと {}時間 入ります", "{} hours left")                                                                                          \
  X(MinutesLeft, "あと {}分で いっぱいです", "{} minutes left")                                                                                  \
  X(RecordingOff, "録画していません", "Not recording")                                                                                           \
  X(HallScreen, "会場の画面", "Hall screen")                                                                                                     \
  X(HallScreenOff, "出していません", "Not shown")                                                                                                \
  X(HallOpen, "出す", "Show")                                                                                                                    \
  X(HallClose, "閉じる", "Close")                                                                                                                \
  X(GoLive, "配信を開始", "Go live")                                                                                                             \
  X(GoPractice, "練習配信を開始", "Start practice")                                                                                              \
  X(StopLive, "配信を停止", "Stop stream")                                                                                                       \
  X(StopPractice, "練習配信を停止", "Stop practice")                                                                                             \
  X(StartRecord, "録画を開始", "Record")                                                                                                         \
  X(StopRecord, "録画を停止", "Stop rec.")                                                                                                       \
  X(Hold2s, "2秒 長押し", "Hold 2 s")                                                                                                            \
  X(HoldLeft, "あと {}秒", "{} s to go")                                                                                                         \
  X(StopLiveMeans, "視聴者の画面が終わります", "Viewers' picture ends")                                                                          \
  X(GoLiveMeans, "視聴者に届きます", "Viewers will see it")                                                                                      \
  X(Press, "押すと始まります", "Press to start")                                                                                                 \
  X(HealthGood, "機械の調子：良い", "Machine: well")                                                                                             \
  X(HealthLate, "機械の調子：処理が遅れています", "Machine: falling behind")                                                                     \
  X(HealthCpu, "処理 {}コア", "CPU {} cores")                                                                                                    \
  X(HealthDrops, "コマ落ち {}", "Dropped {}")                                                                                                    \
  X(HealthDelay, "撮影から送出 {}ミリ秒", "Glass to wire {} ms")                                                                                 \
  X(HealthRecord, "録画 あと{}時間", "Disk {} h left")                                                                                           \
  X(HealthDesks, "つながっている席 {}", "Desks {}")                                                                                              \
  X(HealthTakes, "切替 {}回", "Takes {}")                                                                                                        \
  X(CardCalm, "落ち着いて。視聴者には「お待ちください」が見えています。",                                                                        \
    "Stay calm. Viewers see the \"please wait\" card.")                                                                                          \
  X(CardRun1, "・原因を確かめる", "· Find the cause")                                                                                            \
  X(CardRun2, "・司会に一言「少しお待ちください」", "· Host: \"One moment, please\"")                                                            \
  X(CardRun3, "・直ったら、下の ①→② で戻す", "· When mended: steps 1, 2 below")                                                                  \
  X(CardStep1, "マイクの声を確かめる", "Check the microphones")                                                                                  \
  X(CardNobody, "今は誰にも聞こえません", "Nobody can hear them now")                                                                            \
  X(CardSpeech, "話し声あり", "Speech")                                                                                                          \
  X(CardOpens, "戻すと開く", "Will open")                                                                                                        \
  X(CardStays, "閉じたまま", "Stays off")                                                                                                        \
  X(CardNoMics, "マイクはありません", "No microphones")                                                                                          \
  X(CardConfirm, "確かめました", "Checked")                                                                                                      \
  X(CardConfirmSpeech, "確かめました（話し声あり）", "Checked (speech!)")                                                                        \
  X(CardStep2, "元に戻す", "Return")                                                                                                             \
  X(CardStep2Hint, "3・2・1 のあと、映像と音が戻ります", "After 3-2-1 picture and sound return")                                                 \
  X(CardBackTo, "{} に戻す", "Back to {}")                                                                                                       \
  X(CardLocked, "先に ① を済ませてください", "First finish step 1")                                                                              \
  X(CardHold, "Esc を 2秒 長押し", "Hold Esc for 2 s")                                                                                           \
  X(CardCounting, "戻します … {}", "Returning … {}")                                                                                             \
  X(CardCancel, "Esc で取りやめ", "Esc cancels")                                                                                                 \
  X(LostHead, "本体とつながっていません", "Not connected to the station")                                                                        \
  X(LostBody, "この画面だけの問題なら、配信も録画も続いています。1秒ごとに つなぎ直しています。",                                                \
    "If only this window is affected, stream and recording go on. Trying again every second.")                                                   \
  X(LostSince, "つながらなくなって {}", "For {}")                                                                                                \
  X(Starting, "本体を始めています", "Starting the station")                                                                                      \
  X(StartingBody, "映像が出るまで数秒かかります。", "The pictures appear in a few seconds.")                                                     \
  X(CloseHead, "この画面を閉じますか", "Close this window?")                                                                                     \
  X(CloseBody,                                                                                                                                   \
    "閉じても、配信と録画は止まりません。そのまま続きます。もう一度開くと、同じところから操作でき" \
    "ます。",                                                                                                                                    \
    "Closing stops nothing: stream and recording go on. Open it again to take over where you "                                                   \
    "left.")                                                                                                                                     \
  X(CloseEsc, "Esc は「緊急ふた」のままです", "Esc is still the emergency card")                                                                 \
  X(CloseYes, "画面だけ閉じる", "Close the window only")                                                                                         \
  X(CloseNo, "閉じない", "Keep it open")                                                                                                         \
  KAKEHASHI_SOUND_WORDS(X)

enum class Word {
#define KAKEHASHI_WORD_ID(id, ja, en) id,
  KAKEHASHI_WORDS(KAKEHASHI_WORD_ID)
#undef KAKEHASHI_WORD_ID
      Count
};

std::string_view word(Word w, Language language);
// With each {} replaced by the next argument, in order.
std::string word(Word w, Language language, std::initializer_list<std::string_view> arguments);

std::string_view scope_word(AudienceScope scope, Language language);
std::string figure(double value, int decimals);
// 4575 s -> "01:16:15"; 75 s with short -> "01:15".
std::string clock_text(double seconds, bool with_hours = true);

}  // namespace kakehashi
