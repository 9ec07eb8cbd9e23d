// SPDX-License-Identifier: GPL-3.0-or-later
// A document on air. One worker thread owns the document and paints ahead; a page that is ready is
// handed to the mixer by whoever turns to it, at once. A page that is not is painted first, and the
// old one stays until then.
//
// A document may be malicious or broken: a page that takes longer than `patience` is given up
// together with the thread it hangs in, its page is not tried again, and another thread goes on
// with the rest. What the audience sees is repeated by poll(), so it never depends on the worker. A
// painter that crashes takes the process with it; that is not covered here. Private to capture/.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "capture/page_book.h"
#include "capture/page_cache.h"
#include "capture/source_kind.h"
#include "core/stats.h"

namespace kakehashi {

struct SlideShowConfig {
  std::string input;  // for logs and thread names
  std::string name;   // of the document, for logs: slides "deck.pdf"
  PictureSize canvas;
  int first_page = 1;
  OpenBook open;
  // Changes when the document on disk does; 0: not there. Called by poll(), once a second.
  std::function<std::uint64_t()> stamp;
  FrameSync* video = nullptr;
  Clock* clock = nullptr;
  Duration patience = Duration::seconds(10);
};

struct SlideShowFigures {
  std::uint64_t painted = 0;        // full pages
  std::uint64_t turned_ready = 0;   // turns to a page that was there
  std::uint64_t turned_waited = 0;  // turns that had to wait for paint
  std::uint64_t given_up = 0;       // threads left behind in a page that hangs
  Duration paint_p50, paint_p95;
};

class SlideShow final : public PageTurner, public std::enable_shared_from_this<SlideShow> {
 public:
  // Waits until the first page is on the road; at most `patience`.
  static Result<std::shared_ptr<SlideShow>> open(SlideShowConfig config);
  explicit SlideShow(SlideShowConfig config);  // for open()
  // From now on nothing is pushed and no clock is read, whoever still holds this. Waits a moment
  // for the worker; one that hangs is left behind.
  void close();
  // The source's thread, every 100 ms: repeats the page, watches the worker and the file.
  Status poll();

  void show_page(int page) override;
  FramePtr page_strip() override;
  PageStatus page_status() const override;

  SlideShowFigures figures() const;
  std::string format() const;

 private:
  enum class Work : std::uint8_t { None, Open, Page, Thumb };
  struct Job {
    Work work = Work::None;
    int page = 0;
  };
  void start_worker();
  void work(std::uint64_t me);
  Job next_job() const;
  void opened(const Result<std::unique_ptr<PageBook>>& book, bool renewed);
  void painted(const Job& job, const FramePtr& full, const FramePtr& small, const Error* error);
  void show(int page);
  void push();
  void give_up();

  const SlideShowConfig config_;
  mutable std::mutex mutex_;
  std::condition_variable wake_, news_;
  std::thread thread_;
  std::uint64_t worker_ = 0;  // the thread whose results count
  bool alive_ = false;        // it has not returned
  bool closed_ = false;
  Job job_;
  MediaTime job_since_;

  bool has_book_ = false;  // the worker whose results count holds a document
  bool renew_ = true;      // it has to be read anew
  bool stuck_ = false;     // nothing more can be painted until it is
  std::optional<Error> failed_;
  Text advice_;
  std::uint64_t stamp_ = 0, stamp_seen_ = 0;
  MediaTime looked_;

  PageCache cache_;
  int wanted_, shown_ = 0;
  FramePtr current_;
  std::uint64_t sequence_ = 0;
  MediaTime pushed_;

  bool strip_looked_at_ = false, strip_old_ = true;
  FramePtr strip_;
  SlideShowFigures figures_;
  LatencyHistogram paint_time_;
};

}  // namespace kakehashi
