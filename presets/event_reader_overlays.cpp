// SPDX-License-Identifier: GPL-3.0-or-later
// JSON -> overlays and cards.
#include "core/overlay_kind.h"
#include "presets/event_parts.h"
#include "presets/kind_settings.h"
#include "presets/secret_guard.h"
#include "presets/wall_time.h"

namespace kakehashi {

namespace {

void read_person(ObjectReader& from, Person& out) {
  from.string("name", out.name, Need::Required, 200);
  from.string("kana", out.kana, Need::Optional, 200);
  from.string("affiliation", out.affiliation, Need::Optional, 300);
}

// One person stands in the overlay itself, several in a list.
void read_people(ObjectReader& from, const OverlayKindRow& kind, Overlay& out) {
  if (kind.most_people == 1) return read_person(from, out.people.emplace_back());
  if (kind.most_people == 0) return;
  from.list("people", 16, [&](ObjectReader& r) { read_person(r, out.people.emplace_back()); });
  const auto count = static_cast<int>(out.people.size());
  if (count >= kind.least_people && count <= kind.most_people) return;
  const std::string least = std::to_string(kind.least_people);
  const std::string most = std::to_string(kind.most_people), now = std::to_string(count);
  from.fault("people", "names " + least + " to " + most + " people, not " + now,
             least + "〜" + most + "人を書いてください（今は" + now + "人）。");
}

void read_hold(ObjectReader& from, Overlay& out) {
  Duration hold;
  const std::size_t before = from.findings().faults.size();
  from.seconds("hold_s", hold, 0, 86'400, Need::Optional);
  if (from.has("hold_s") && from.findings().faults.size() == before) out.hold = hold;
}

void default_label(const OverlayKindRow* kind, Overlay& out) {
  if (!out.label.ja.empty()) return;
  if (!out.people.empty())
    out.label.ja = out.people.front().name;
  else if (const auto text = out.settings.find("text"); text != out.settings.end())
    if (const auto* words = std::get_if<std::string>(&text->second)) out.label.ja = *words;
  if (out.label.ja.empty()) out.label = kind ? kind->description.label : Text{out.id, ""};
}

void check_wall_time(ObjectReader& from, const char* key, const std::string& time) {
  if (time.empty() || is_wall_time(time)) return;
  from.fault(key, "must be a time like \"14:00\" or \"2026-11-22T14:00\"",
             "時刻は \"14:00\" か \"2026-11-22T14:00\" のように書いてください。");
}

void read_kind_settings(ObjectReader& from, Overlay& out) {
  if (from.has("kind"))
    read_kind(from, overlay_kind_table(), out.kind, out.settings, Addresses::Public);
  else  // files of the first version name nothing but people
    read_settings(from, find_overlay_kind(out.kind)->description, out.settings, Addresses::Public);
}

}  // namespace

void read_overlay(ObjectReader& from, Overlay& out) {
  from.identifier("id", out.id, Need::Required);
  from.text("label", out.label, Need::Optional);
  from.rect("rect", out.rect);
  from.milliseconds("fade_ms", out.fade, 0, 10'000);
  read_hold(from, out);
  const std::size_t before = from.findings().faults.size();
  read_kind_settings(from, out);
  const OverlayKindRow* kind = find_overlay_kind(out.kind);
  if (kind) read_people(from, *kind, out);
  default_label(kind, out);
  if (!kind || out.kind != "countdown" || from.findings().faults.size() != before) return;
  const std::string to = setting<std::string>(kind->description, out.settings, "to");
  const double minutes = setting<double>(kind->description, out.settings, "minutes");
  check_wall_time(from, "to", to);
  if (to.empty() == (minutes <= 0))
    from.fault("to", "counts down to a time or for a length: write \"to\" or \"minutes\"",
               "to（時刻）か minutes（長さ）のどちらか一つを書いてください。");
}

void read_card(ObjectReader& from, HoldingCard& out) {
  from.identifier("id", out.id, Need::Required);
  read_choice(from, "kind", out.kind, kCardWords);
  from.string("title", out.title, Need::Required, 200);
  from.string("body", out.body, Need::Optional);
  from.string("contact", out.contact, Need::Optional);
  from.string("phone", out.phone, Need::Optional, 100);
  from.string("url", out.url, Need::Optional);
  if (holds_a_password(out.url))
    from.fault("url", "holds a password, and everybody would read it: take it out of the address",
               "パスワードが入っていて、皆に見えてしまいます。アドレスから消してください。");
  from.boolean("qr", out.qr);
  if (out.qr && out.url.empty())
    from.fault("qr", "needs the url that the code leads to",
               "QRコードにする url も書いてください。");
  const std::size_t before = from.findings().faults.size();
  from.string("countdown_to", out.countdown_to, Need::Optional, 64);
  if (from.findings().faults.size() == before)
    check_wall_time(from, "countdown_to", out.countdown_to);
  from.string("logo", out.logo, Need::Optional, 4000);
  from.colour("background", out.background);
}

}  // namespace kakehashi
