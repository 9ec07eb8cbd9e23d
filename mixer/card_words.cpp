// SPDX-License-Identifier: GPL-3.0-or-later
// Ready words of the holding cards. Short sentences, です・ます, nothing abbreviated.
#include <algorithm>
#include <chrono>

#include "mixer/moving_letters.h"
#include "mixer/painter_cards.h"

namespace kakehashi {
namespace {

struct CardRow {
  CardKind kind;
  Text title, body, sound, when;  // %: the time
};

const Text kHallSilent{"会場の音声は流れていません（故障ではありません）",
                       "No sound from the hall for now. Your device is fine."};

const CardRow& row_of(CardKind kind) {
  static const CardRow rows[] = {
      {CardKind::Other,
       {"しばらくお待ちください", "Please wait a moment"},
       {},
       kHallSilent,
       {"% まで", "Until %"}},
      {CardKind::Opening,
       {"開始までお待ちください", "The event has not started yet"},
       {"時刻になりましたら、配信を始めます。", "The stream begins at the scheduled time."},
       kHallSilent,
       {"% 開始予定", "Starts at %"}},
      {CardKind::Soon,
       {"まもなく始まります", "Starting soon"},
       {"このままお待ちください。", "Please stay with us."},
       kHallSilent,
       {"% 開始予定", "Starts at %"}},
      {CardKind::Break,
       {"ただいま休憩中です", "We are taking a break"},
       {"再開まで、このままお待ちください。", "Please stay with us until we are back."},
       kHallSilent,
       {"% 再開予定", "Back at %"}},
      {CardKind::Trouble,
       {"しばらくお待ちください", "Please wait a moment"},
       {"ただいま機材を調整しています。\nまもなく再開します。",
        "We are adjusting our equipment.\nWe will be back shortly."},
       {"音声は流れていません（お使いの機器の故障ではありません）",
        "There is no sound for now. Your device is fine."},
       {"% 再開予定", "Back at %"}},
      {CardKind::Ending,
       {"配信は終了しました", "The stream has ended"},
       {"ご視聴ありがとうございました。", "Thank you for watching."},
       {"この画面に音声はありません", "There is no sound with this picture."},
       {"% まで", "Until %"}},
  };
  for (const CardRow& row : rows)
    if (row.kind == kind) return row;
  return rows[0];
}

bool speaks_of_sound(std::string words) {
  if (words.find("音声") != std::string::npos || words.find("音は") != std::string::npos)
    return true;
  std::transform(words.begin(), words.end(), words.begin(),
                 [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  return words.find("sound") != std::string::npos;
}

std::string date_of(const WallTarget& target, Language language) {
  if (!target.day) return {};
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{*target.day}}};
  const auto month = static_cast<unsigned>(date.month()), day = static_cast<unsigned>(date.day());
  static const char* const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (language == Language::Japanese)
    return std::to_string(month) + "月" + std::to_string(day) + "日 ";
  return std::to_string(day) + " " + names[month - 1] + ", ";
}

}  // namespace

CardWords card_words(const HoldingCard& card, Language language) {
  const CardRow& row = row_of(card.kind);
  CardWords out;
  out.title = card.title.empty() ? row.title.pick(language) : card.title;
  // An event that wrote a title of its own meant all of it.
  out.body = card.body.empty() && card.title.empty() ? row.body.pick(language) : card.body;
  if (!speaks_of_sound(out.title) && !speaks_of_sound(out.body))
    out.sound = row.sound.pick(language);
  if (const auto target = parse_target(card.countdown_to)) {
    out.when = row.when.pick(language);
    out.when.replace(out.when.find('%'), 1, date_of(*target, language) + time_of_day(*target));
  }
  return out;
}

HoldingCard built_in_emergency_card() {
  HoldingCard card;
  card.id = "emergency";
  card.kind = CardKind::Trouble;
  return card;
}

}  // namespace kakehashi
