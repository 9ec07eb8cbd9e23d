// SPDX-License-Identifier: GPL-3.0-or-later
// What a desk and a person are told: messages of trouble, and the summary of a practice run.
#include "station/report.h"

#include <doctest/doctest.h>

#include "station/door/codec.h"
#include "station/snapshot_maker.h"

using namespace kakehashi;

namespace {

Snapshot on_air() {
  Snapshot s;
  s.live = true;
  s.record.recording = true;
  s.scenes = {{"s1", {"司会", ""}, 1, false, {"cam_main"}}};
  s.program = "s1";
  InputStatus cam;
  cam.id = "cam_main";
  cam.name = {"メインカメラ", "Main camera"};
  cam.video = true;
  cam.signal = SignalState::Live;
  s.inputs = {cam};
  OutputStatus out;
  out.id = "practice";
  out.name = {"練習配信先", "Practice"};
  out.state = OutputState::Live;
  out.video_packets = 600;
  out.audio_packets = 937;
  s.outputs = {out};
  return s;
}

std::string run_json(const Snapshot& s, const char* recording) {
  return R"({"snapshot":)" + write_snapshot(s) + R"(,"script_takes":0,"recording":")" + recording +
         "\"}";
}

}  // namespace

TEST_CASE("a healthy show has nothing to say") { CHECK(messages_for(on_air()).empty()); }

TEST_CASE("a camera lost on program is a fault, beside program a caution") {
  Snapshot s = on_air();
  s.inputs[0].signal = SignalState::Lost;
  s.inputs[0].reason = {"HDMIを確認してください。", "Check the HDMI cable."};
  REQUIRE(messages_for(s).size() == 1);
  CHECK(messages_for(s)[0].severity == Severity::Fault);
  CHECK(messages_for(s)[0].what.ja.find("メインカメラ") != std::string::npos);
  CHECK(messages_for(s)[0].action.ja.find("別の場面") != std::string::npos);
  s.program = "other";
  CHECK(messages_for(s)[0].action.ja == "HDMIを確認してください。");
  CHECK(messages_for(s)[0].severity == Severity::Caution);
}

TEST_CASE("the worst trouble stands first") {
  Snapshot s = on_air();
  s.program = "other";
  s.inputs[0].signal = SignalState::Lost;
  s.outputs[0].state = OutputState::Reconnecting;
  const auto messages = messages_for(s);
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].id == "output.practice");
}

TEST_CASE("letters that could not be painted are a caution with one action") {
  const PaintFault fault{"overlay.logo",
                         {"「ロゴ」ロゴの画像が見つかりません", "\"Logo\" is missing"},
                         {"置いてください。", "Put it there."}};
  const auto messages = messages_for(on_air(), {&fault, 1});
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].id == "overlay.logo.paint");
  CHECK(messages[0].severity == Severity::Caution);
  CHECK(messages[0].what.ja == fault.what.ja);
  CHECK(messages[0].action.en == "Put it there.");
}

TEST_CASE("being on air without a recording is said") {
  Snapshot s = on_air();
  s.record.recording = false;
  REQUIRE(messages_for(s).size() == 1);
  CHECK(messages_for(s)[0].id == "record.off");
}

TEST_CASE("a report holds only if the receiver decoded everything and the recording plays") {
  const char* received = R"({"pictures_received":601,"pictures_decoded":601,"decode_errors":0,
    "sound_samples_decoded":960000,"codes_read":590,"latency_ms":{"median":14.2,"p95":20.1},"av_offset_ms":{"count":18,"median":3.0}})";
  const ReportText missing = make_report(run_json(on_air(), "/nonexistent/x.mkv"), received);
  CHECK_FALSE(missing.good);
  CHECK(missing.text.find("× 録画") != std::string::npos);
  CHECK(missing.text.find("✓ 映像／pictures: 送信 sent 600, 受信 received 601") !=
        std::string::npos);
  CHECK(missing.text.find("median 14.2 ms, p95 20.1 ms") != std::string::npos);

  const char* lossy = R"({"pictures_received":400,"pictures_decoded":390,"decode_errors":10})";
  CHECK(make_report(run_json(on_air(), ""), lossy).text.find("× 映像") != std::string::npos);
}

TEST_CASE("statistics that cannot be read are said, not crashed on") {
  CHECK_FALSE(make_report("", "").good);
  CHECK_FALSE(make_report("{", "[]").good);
  CHECK_FALSE(make_report(R"({"snapshot":5})", "{}").good);
}

TEST_CASE("a rehearsal's report tells what microphones did under cards") {
  const auto report = [](const std::string& cards) {
    return make_report(R"({"snapshot":)" + write_snapshot(on_air()) + cards + "}", "{}").text;
  };
  CHECK(report("").find("ふた") == std::string::npos);
  CHECK(report(R"(,"cards":{"count":0,"seconds":0,"microphones":[]})").find("ふた") ==
        std::string::npos);
  CHECK(report(R"(,"cards":{"count":2,"seconds":61.5,"microphones":[]})")
            .find("✓ ふた／cards: 2 回, 62 s: マイクはすべて閉じていました") != std::string::npos);
  const std::string live = report(
      R"(,"cards":{"count":1,"seconds":30,"microphones":[{"id":"a","name":"司会マイク","seconds":4.25,"loudest_db":-12.0},{"id":"b","name":"講師マイク","seconds":1,"loudest_db":-80}]})");
  CHECK(live.find("司会マイク 4.2 s（声 sound -12 dB）") != std::string::npos);
  CHECK(live.find("講師マイク 1.0 s（無音 silent）") != std::string::npos);
}
