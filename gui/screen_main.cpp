// SPDX-License-Identifier: GPL-3.0-or-later
// The hall's screen: one full-screen window that shows the board of one bus as it comes. It shows
// the picture, the last picture, or black; never a desktop, never a word of its own.
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>

#include "gui/connection.h"
#include "gui/layout.h"
#include "gui/options.h"
#include "gui/picture_painter.h"
#include "station/door/server.h"

namespace {

using namespace kakehashi;

constexpr double kLastPictureStays = 2.0;  // s after the station went
constexpr double kPoll = 0.004;            // s between looks for a new picture

volatile std::sig_atomic_t g_leave = 0;

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

GLFWwindow* open_window(const DeskOptions& options) {
  int count = 0;
  GLFWmonitor** monitors = glfwGetMonitors(&count);
  if (count == 0) return nullptr;
  const int wanted = options.display < 0 ? count - 1 : std::min(options.display, count - 1);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  const char* title = options.bus == Bus::Aux ? "架け橋 Web会議用の画面" : "架け橋 会場の画面";
  // With one monitor the desk needs it; the hall's picture is a window then.
  if (options.windowed || count == 1) {
    glfwWindowHint(GLFW_FOCUS_ON_SHOW, GLFW_FALSE);  // keys stay with the desk
    return glfwCreateWindow(960, 540, title, nullptr, nullptr);
  }
  GLFWmonitor* monitor = monitors[wanted];
  const GLFWvidmode* mode = glfwGetVideoMode(monitor);
  glfwWindowHint(GLFW_REFRESH_RATE, mode->refreshRate);
  glfwWindowHint(GLFW_AUTO_ICONIFY, GLFW_FALSE);  // a click on the desk must not drop the picture
  return glfwCreateWindow(mode->width, mode->height, title, monitor, nullptr);
}

class Screen {
 public:
  Screen(GLFWwindow* window, const Gl& gl, const YuvShader& shader, const std::string& socket,
         Bus bus)
      : window_(window),
        gl_(gl),
        shader_(shader),
        planes_(gl),
        board_(bus_name(bus)),
        connection_(socket, 1, bus) {}

  void run() {
    double station_seen = steady_seconds();
    bool dirty = true;
    glfwSetWindowUserPointer(window_, &dirty);
    const auto mark = [](GLFWwindow* w) {
      *static_cast<bool*>(glfwGetWindowUserPointer(w)) = true;
    };
    glfwSetWindowRefreshCallback(window_, mark);
    while (!g_leave && !glfwWindowShouldClose(window_)) {
      glfwWaitEventsTimeout(kPoll);
      const double now = steady_seconds();
      (void)connection_.poll(now);
      if (connection_.connected()) station_seen = now;
      connection_.read_pictures([&](const std::string& board) { return board == board_; },
                                [&](const std::string&, const std::uint8_t* i420, int w, int h) {
                                  planes_.upload(i420, w, h);
                                  width_ = w;
                                  height_ = h;
                                  dirty = true;
                                });
      if (width_ > 0 && now - station_seen > kLastPictureStays) {
        width_ = 0;
        dirty = true;
      }
      int w = 0, h = 0;
      glfwGetFramebufferSize(window_, &w, &h);
      if (w != shown_w_ || h != shown_h_) dirty = true;
      if (!dirty || w == 0) continue;
      draw(w, h);
      dirty = false;
    }
  }

 private:
  void draw(int w, int h) {
    shown_w_ = w;
    shown_h_ = h;
    gl_.BindFramebuffer(GL_FRAMEBUFFER, 0);
    gl_.Viewport(0, 0, w, h);
    gl_.ClearColor(0, 0, 0, 1);
    gl_.Clear(GL_COLOR_BUFFER_BIT);
    if (width_ > 0) {
      const Box at = fit_shape({0, 0, static_cast<float>(w), static_cast<float>(h)},
                               static_cast<float>(width_), static_cast<float>(height_));
      gl_.Viewport(static_cast<int>(at.x), static_cast<int>(at.y), static_cast<int>(at.w),
                   static_cast<int>(at.h));
      planes_.bind();
      shader_.draw(true);
    }
    glfwSwapBuffers(window_);
  }

  GLFWwindow* window_;
  const Gl& gl_;
  const YuvShader& shader_;
  YuvPlanes planes_;
  const std::string_view board_;
  Connection connection_;
  int width_ = 0, height_ = 0;  // of the picture; 0: black
  int shown_w_ = 0, shown_h_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  auto options = parse_options({argv + 1, argv + argc}, true);
  if (!options) {
    std::fprintf(stderr, "kakehashi-screen: %s\n\n%s", options.error().message.c_str(),
                 usage(true).c_str());
    return 2;
  }
  if (options->help) {
    std::fputs(usage(true).c_str(), stdout);
    return 0;
  }
  std::signal(SIGTERM, [](int) { g_leave = 1; });
  std::signal(SIGINT, [](int) { g_leave = 1; });
  std::signal(SIGPIPE, SIG_IGN);
  static std::string why;
  glfwSetErrorCallback([](int, const char* text) { why = text ? text : ""; });
  if (!glfwInit()) {
    std::fprintf(stderr, "kakehashi-screen: no display: %s\n", why.c_str());
    return 4;
  }
  GLFWwindow* window = open_window(*options);
  int code = 4;
  if (window) {
    glfwMakeContextCurrent(window);
    glfwSwapInterval(1);
    glfwSetInputMode(window, GLFW_CURSOR, GLFW_CURSOR_HIDDEN);
    Gl gl;
    const auto shader = gl.load() ? YuvShader::create(gl) : nullptr;
    if (shader) {
      Screen(window, gl, *shader, options->socket.empty() ? default_socket_path() : options->socket,
             options->bus)
          .run();
      code = 0;
    }
  }
  if (code != 0)
    std::fprintf(stderr, "kakehashi-screen: no window with OpenGL 3.3: %s\n", why.c_str());
  glfwTerminate();
  return code;
}
