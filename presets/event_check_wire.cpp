// SPDX-License-Identifier: GPL-3.0-or-later
// Encodes, destinations and recording against one another.
#include "presets/event_parts.h"

namespace kakehashi {
namespace {

void check_encode_named(const std::string& place, const std::string& id, const Show& show,
                        Findings& out) {
  if (encode_id(id) == kMainEncode || find_by_id(show.encodes, id)) return;
  out.fault(
      place, "no encode is called \"" + id + "\" (\"main\" or one of encodes)",
      "「" + id + "」という符号化の設定はありません。encodes に加えるか、main にしてください。");
}

void check_backup(const Show& show, std::size_t i, Findings& out) {
  const Destination& d = show.destinations[i];
  if (d.backup_of.empty()) return;
  const std::string place = at("destinations", i) + ".backup_of";
  const Destination* main = find_by_id(show.destinations, d.backup_of);
  if (!main || main == &d || !main->backup_of.empty())
    out.fault(place, "must be the id of another destination that is no spare line itself",
              "予備にする相手の配信先の id を書いてください（予備の予備にはできません）。");
  else if (encode_id(main->encode) != encode_id(d.encode))
    out.fault(place, "a spare line sends the same packets: give both the same encode",
              "予備の回線は同じ映像を送ります。encode を相手と同じにしてください。");
  else if (main->scope != d.scope)
    out.fault(place, "a spare line reaches the same people: give both the same scope",
              "予備の回線の scope を相手と同じにしてください。");
}

}  // namespace

void check_wire(const Show& show, Findings& out) {
  for (std::size_t i = 0; i < show.encodes.size(); ++i)
    if (show.encodes[i].id == kMainEncode)
      out.fault(at("encodes", i) + ".id", "\"main\" is the event's own encode; choose another word",
                "main は基本の設定の名前です。別の名前にしてください。");
  for (std::size_t i = 0; i < show.destinations.size(); ++i) {
    const Destination& d = show.destinations[i];
    check_encode_named(at("destinations", i) + ".encode", d.encode, show, out);
    check_backup(show, i, out);
    for (std::size_t other = 0; other < i && d.lead; ++other)
      if (show.destinations[other].lead &&
          encode_id(show.destinations[other].encode) == encode_id(d.encode))
        out.fault(
            at("destinations", i) + ".lead",
            "only one destination of an encode can lead: " + at("destinations", other) + " does",
            "回線の調整の基準（lead）は、一つの符号化に一つだけです。");
  }
  check_encode_named("record.encode", show.record.encode, show, out);
  for (std::size_t i = 0; i < show.record.iso.size(); ++i)
    check_reference("record." + at("iso", i), show.record.iso[i], show.inputs, "inputs", "input",
                    "入力", out);
}

}  // namespace kakehashi
