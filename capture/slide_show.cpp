// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/slide_show.h"

#include <algorithm>
#include <atomic>
#include <chrono>

#include "capture/feed.h"
#include "capture/page_strip.h"
#include "core/log.h"
#include "core/thread.h"

namespace kakehashi {
namespace {

using namespace std::chrono_literals;

constexpr int kKept = 8;                                  // full pages: 25 MB on a full-HD canvas
constexpr int kThumbsKept = 64;                           // 4 MB
constexpr Duration kAgain = Duration::milliseconds(500);  // well inside FrameSync::kHold
constexpr Duration kLook = Duration::seconds(1);
constexpr PictureSize kCell{Feed::kStripPageWidth, Feed::kStripPageHeight};
constexpr PictureSize kThumb{kCell.width - 8, kCell.height - 4};  // pages do not touch

// Threads left behind in a page that hangs, in the whole process. Each may burn a core for ever.
constexpr int kMostHanging = 3;
std::atomic<int> hanging{0};

Error too_many_hanging(const std::string& name) {
  return {ErrorKind::Unsupported,
          name + " hangs, and so did " + std::to_string(kMostHanging) +
              " pages before; save the document anew, and restart the station when off air"};
}

Text page_words(int page) {
  const std::string n = std::to_string(page);
  return {n + "ページを表示できません。→ その前後のページを使用",
          "Page " + n + " cannot be shown. -> Use another page"};
}
Text file_words() {
  return {"新しい資料を読めないため、前の資料を表示しています。→ ファイルを保存し直す",
          "The newer file cannot be read; the former one is shown. -> Save it again"};
}

}  // namespace

SlideShow::SlideShow(SlideShowConfig config)
    : config_(std::move(config)),
      cache_(kKept, kThumbsKept),
      wanted_(std::max(1, config_.first_page)) {}

Result<std::shared_ptr<SlideShow>> SlideShow::open(SlideShowConfig config) {
  if (hanging >= kMostHanging) return too_many_hanging(config.name);
  const auto show = std::make_shared<SlideShow>(std::move(config));
  const std::chrono::nanoseconds patience(show->config_.patience.ns);
  std::optional<Error> failed;
  {
    std::unique_lock lock(show->mutex_);
    show->stamp_ = show->stamp_seen_ = show->config_.stamp();
    show->start_worker();
    show->news_.wait_for(lock, patience, [&] { return show->failed_ || show->current_; });
    failed = show->failed_;
    if (!failed && !show->current_)
      failed =
          Error{ErrorKind::TryLater, show->config_.name +
                                         ": its first page takes too long; save it in a simpler "
                                         "form (images instead of drawings)"};
  }
  if (!failed) return show;
  show->close();
  return *failed;
}

void SlideShow::close() {
  std::unique_lock lock(mutex_);
  if (closed_) return;
  closed_ = true;
  wake_.notify_all();
  news_.wait_for(lock, 1s, [this] { return !alive_; });
  const bool left_behind = alive_;
  std::thread thread = std::move(thread_);
  if (left_behind) {
    ++hanging;
    ++worker_;  // it takes itself off the count should it ever return
  }
  lock.unlock();
  if (left_behind)
    thread.detach();
  else if (thread.joinable())
    thread.join();
}

// mutex_ is held.
void SlideShow::start_worker() {
  alive_ = true;
  job_ = {};
  thread_ = std::thread([self = shared_from_this(), me = ++worker_] {
    begin_thread("pages." + self->config_.input, Urgency::Looking);
    self->work(me);
  });
}

// mutex_ is held.
SlideShow::Job SlideShow::next_job() const {
  if (renew_) return {Work::Open, 0};
  if (stuck_) return {};
  if (!has_book_) return {Work::Open, 0};
  const auto job = cache_.next(wanted_, strip_looked_at_ ? Feed::kStripPages / 2 : -1);
  if (!job) return {};
  return {job->thumb ? Work::Thumb : Work::Page, job->page};
}

void SlideShow::work(std::uint64_t me) {
  std::unique_ptr<PageBook> book;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return closed_ || next_job().work != Work::None; });
    if (closed_) break;
    const Job job = job_ = next_job();
    job_since_ = config_.clock->now();
    const bool renewed = std::exchange(renew_, false);
    lock.unlock();

    if (job.work == Work::Open) {
      auto opened_book = config_.open();
      lock.lock();
      if (worker_ != me) break;
      job_ = {};
      opened(opened_book, renewed);
      if (opened_book) book = std::move(*opened_book);
      continue;
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto sheet = book->paint(job.page, job.work == Work::Page ? config_.canvas : kThumb);
    FramePtr full, small;
    if (sheet) {
      if (job.work == Work::Page) full = program_still(*sheet);
      small = job.work == Work::Thumb ? program_still(*sheet) : small_still(*sheet, kThumb);
    }
    const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - begin;
    lock.lock();
    if (worker_ != me) break;
    job_ = {};
    if (full) paint_time_.add({took.count()});
    painted(job, full, small, sheet ? nullptr : &sheet.error());
  }
  if (worker_ != me) {  // another goes on in its place, or all is over
    --hanging;
    return;
  }
  alive_ = false;
  news_.notify_all();
}

// mutex_ is held.
void SlideShow::opened(const Result<std::unique_ptr<PageBook>>& book, bool renewed) {
  if (!book) {
    if (shown_ == 0) {
      failed_ = Error(book.error()).context(config_.name);
    } else {
      log_warning("src." + config_.input, config_.name + ": " + book.error().message);
      advice_ = file_words();
    }
    stuck_ = !has_book_;  // a former one goes on
    news_.notify_all();
    return;
  }
  has_book_ = true;
  stuck_ = false;
  const int pages = (*book)->pages();
  if (!renewed && pages == cache_.pages()) return;  // the same one in another thread
  cache_.reset(pages);
  wanted_ = std::clamp(wanted_, 1, pages);
  strip_old_ = true;
  advice_ = {};
}

// mutex_ is held.
void SlideShow::painted(const Job& job, const FramePtr& full, const FramePtr& small,
                        const Error* error) {
  if (error) {
    log_warning("src." + config_.input,
                config_.name + ", page " + std::to_string(job.page) + ": " + error->message);
    cache_.set_bad(job.page);
    if (job.page != wanted_) return;
    if (shown_ == 0) failed_ = Error(*error).context(config_.name);
    advice_ = page_words(job.page);
    wanted_ = std::max(1, shown_);
    news_.notify_all();
    return;
  }
  strip_old_ = true;
  cache_.put_thumb(job.page, small, wanted_);
  if (!full) return;
  ++figures_.painted;
  cache_.put_page(job.page, full, wanted_);
  if (job.page == wanted_) show(job.page);
}

// mutex_ is held.
void SlideShow::show(int page) {
  current_ = cache_.page(page);
  sequence_ = next_still_sequence();
  if (shown_ != page) strip_old_ = true;
  shown_ = page;
  push();
  news_.notify_all();
}

// mutex_ is held.
void SlideShow::push() {
  if (closed_ || !current_) return;
  pushed_ = config_.clock->now();
  config_.video->push(with_time(current_, pushed_, sequence_));
}

void SlideShow::show_page(int page) {
  const std::lock_guard lock(mutex_);
  if (closed_ || cache_.pages() == 0) return;
  page = std::clamp(page, 1, cache_.pages());
  if (cache_.bad(page)) {
    advice_ = page_words(page);
    return;
  }
  advice_ = {};
  wanted_ = page;
  if (cache_.page(page)) {
    ++figures_.turned_ready;
    if (page != shown_) show(page);
  } else {
    ++figures_.turned_waited;
  }
  wake_.notify_all();
}

FramePtr SlideShow::page_strip() {
  const std::lock_guard lock(mutex_);
  if (closed_ || shown_ == 0) return {};
  strip_looked_at_ = true;
  if (next_job().work != Work::None) wake_.notify_all();
  if (strip_old_ || !strip_) {
    std::vector<FramePtr> pages;
    pages.reserve(Feed::kStripPages);
    for (int i = 0; i < Feed::kStripPages; ++i)
      pages.push_back(cache_.thumb(shown_ - Feed::kStripPages / 2 + i));
    strip_ = paint_strip(pages, kCell);
    strip_old_ = false;
  }
  return strip_;
}

PageStatus SlideShow::page_status() const {
  const std::lock_guard lock(mutex_);
  return {shown_, cache_.pages(), advice_};
}

Status SlideShow::poll() {
  std::unique_lock lock(mutex_);
  const MediaTime now = config_.clock->now();
  if (now - pushed_ >= kAgain) push();
  if (job_.work != Work::None && now - job_since_ > config_.patience) give_up();
  if (now - looked_ >= kLook) {
    looked_ = now;
    lock.unlock();  // a disk may be slow; a turn of the page is not
    const std::uint64_t stamp = config_.stamp();
    lock.lock();
    // Twice the same: whoever writes it has finished.
    if (stamp != 0 && stamp != stamp_ && stamp == stamp_seen_) {
      stamp_ = stamp;
      renew_ = true;
      wake_.notify_all();
    }
    stamp_seen_ = stamp;
  }
  return {};
}

// mutex_ is held: the worker hangs in job_.
void SlideShow::give_up() {
  const Job hung = job_;
  log_warning("src." + config_.input,
              config_.name + ": " +
                  (hung.work == Work::Open ? std::string("reading it")
                                           : "page " + std::to_string(hung.page)) +
                  " takes too long; its thread is left behind");
  ++figures_.given_up;
  ++worker_;
  thread_.detach();
  alive_ = has_book_ = false;
  job_ = {};
  if (hung.work == Work::Open) {
    advice_ = file_words();
    stuck_ = true;
  } else {
    cache_.set_bad(hung.page);
    if (hung.page == wanted_) {
      advice_ = page_words(hung.page);
      wanted_ = shown_;
    }
  }
  if (++hanging < kMostHanging)
    start_worker();
  else
    stuck_ = true;
}

SlideShowFigures SlideShow::figures() const {
  const std::lock_guard lock(mutex_);
  SlideShowFigures f = figures_;
  f.paint_p50 = paint_time_.quantile(0.5);
  f.paint_p95 = paint_time_.quantile(0.95);
  return f;
}

std::string SlideShow::format() const {
  const std::lock_guard lock(mutex_);
  if (!current_) return {};
  return std::to_string(current_->width()) + "x" + std::to_string(current_->height()) + " I420";
}

}  // namespace kakehashi
