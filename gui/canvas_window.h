// SPDX-License-Identifier: GPL-3.0-or-later
// A GLFW window with OpenGL 3.3 core and ImGui on it, drawn from one function. The desk and the
// screenshot tests share it. One thread; one window per process.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "gui/fonts.h"
#include "gui/frame.h"
#include "gui/gl.h"
#include "gui/keys.h"
#include "gui/picture_painter.h"

struct GLFWwindow;

namespace kakehashi {

struct CanvasSpec {
  std::string title;
  int width = 1920, height = 1080;  // 0: 1920 x 1080, or what the first monitor has
  bool visible = true;
  double scale = 1.0;  // times the monitor's own
};

class CanvasWindow {
 public:
  // FixSetup: no display, no OpenGL 3.3.
  static Result<std::unique_ptr<CanvasWindow>> open(const CanvasSpec& spec);
  ~CanvasWindow();

  // Called from the window's own callbacks, before ImGui sees the key.
  std::function<void(KeyPress, bool down)> on_key;
  // Waits for input at most `seconds`; true when something happened to the window.
  bool wait(double seconds);
  // True once when somebody asked to close the window.
  bool take_close_request();

  // One frame. `draw` gets a Frame with the window's size in ImGuiIO::DisplaySize.
  void frame(UiState& ui, double now, const std::string& wall,
             const std::function<void(Frame&)>& draw);
  // The letters of what will be drawn next, so that a new name is never seen with signs missing.
  void need_letters(const std::string& utf8) { fonts_.need(utf8); }
  bool needs_another_frame() const { return fonts_.stale(); }
  // The next frame is also copied here before it is shown: RGB, top line first (tests).
  struct Shot {
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgb;
  };
  void capture_next(Shot* shot) { shot_ = shot; }

  float scale() const { return scale_; }
  PictureTextures& pictures() { return *pictures_; }

 private:
  CanvasWindow() = default;
  void listen();
  void copy_to(Shot& shot);

  GLFWwindow* window_ = nullptr;
  Gl gl_;
  std::unique_ptr<YuvShader> shader_;
  std::unique_ptr<PictureTextures> pictures_;
  Fonts fonts_;
  float scale_ = 1, built_scale_ = 0;
  double user_scale_ = 1;
  bool happened_ = false;
  bool close_asked_ = false;
  bool imgui_ = false;
  Shot* shot_ = nullptr;
};

}  // namespace kakehashi
