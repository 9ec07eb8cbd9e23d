// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/pdf_book.h"

#include <poppler.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace kakehashi {
namespace {

constexpr std::uintmax_t kMostBytes = 512ull << 20;
constexpr int kMostPages = 5000;

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
struct FreeError {
  void operator()(GError* error) const { g_error_free(error); }
};
struct FreeCairo {
  void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
  void operator()(cairo_t* c) const { cairo_destroy(c); }
};
using ErrorPtr = std::unique_ptr<GError, FreeError>;

class PdfBook final : public PageBook {
 public:
  explicit PdfBook(PopplerDocument* document) : document_(document) {}

  int pages() const override { return poppler_document_get_n_pages(document_.get()); }

  Result<PixelSheet> paint(int page, PictureSize box) override {
    const std::unique_ptr<PopplerPage, Unref> paper(
        poppler_document_get_page(document_.get(), page - 1));
    if (!paper) return Error{ErrorKind::Unsupported, "the page is damaged"};
    double width = 0, height = 0;
    poppler_page_get_size(paper.get(), &width, &height);
    if (!std::isfinite(width) || !std::isfinite(height) || width <= 0 || height <= 0)
      return Error{ErrorKind::Unsupported, "the page has no size"};
    const PictureSize size = fitted_size(width, height, box, true);
    PixelSheet sheet(size.width, size.height);
    const std::unique_ptr<cairo_surface_t, FreeCairo> surface(cairo_image_surface_create_for_data(
        sheet.bytes.data(), CAIRO_FORMAT_RGB24, size.width, size.height, size.width * 4));
    const std::unique_ptr<cairo_t, FreeCairo> cairo(cairo_create(surface.get()));
    cairo_set_source_rgb(cairo.get(), 1, 1, 1);  // paper
    cairo_paint(cairo.get());
    cairo_scale(cairo.get(), size.width / width, size.height / height);
    poppler_page_render(paper.get(), cairo.get());
    if (const cairo_status_t status = cairo_status(cairo.get()); status != CAIRO_STATUS_SUCCESS)
      return Error{ErrorKind::Unsupported,
                   std::string("the page cannot be painted: ") + cairo_status_to_string(status)};
    cairo_surface_flush(surface.get());
    return sheet;
  }

 private:
  std::unique_ptr<PopplerDocument, Unref> document_;
};

Error poppler_error(const GError& error) {
  if (error.domain == POPPLER_ERROR && error.code == POPPLER_ERROR_ENCRYPTED)
    return {ErrorKind::FixInput, "it is locked by a password; save it without one"};
  return {ErrorKind::Unsupported, std::string("it cannot be read as PDF (") + error.message +
                                      "); export it anew from the program that made it"};
}

}  // namespace

Result<std::unique_ptr<PageBook>> open_pdf(const std::string& path) {
  std::error_code ec;
  if (!std::filesystem::is_regular_file(path, ec))
    return Error{ErrorKind::NotFound, "it does not exist; put it there or correct \"file\""};
  if (std::filesystem::file_size(path, ec) > kMostBytes || ec)
    return Error{ErrorKind::Unsupported, "it is larger than 512 MB; make its pictures smaller"};
  char* data = nullptr;
  gsize size = 0;
  GError* raw = nullptr;
  if (!g_file_get_contents(path.c_str(), &data, &size, &raw)) {
    const ErrorPtr error(raw);
    return Error{ErrorKind::FixSetup, error->message};
  }
  GBytes* bytes = g_bytes_new_take(data, size);
  PopplerDocument* document = poppler_document_new_from_bytes(bytes, nullptr, &raw);
  g_bytes_unref(bytes);
  if (!document) return poppler_error(*ErrorPtr(raw));
  auto book = std::make_unique<PdfBook>(document);
  if (book->pages() < 1) return Error{ErrorKind::Unsupported, "it has no pages"};
  if (book->pages() > kMostPages)
    return Error{ErrorKind::Unsupported,
                 "it has more than " + std::to_string(kMostPages) + " pages; split it"};
  return std::unique_ptr<PageBook>(std::move(book));
}

}  // namespace kakehashi
