// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/canvas_window.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>

#include <algorithm>
#include <clocale>
#include <utility>

#include "core/log.h"

namespace kakehashi {
namespace {

KeyPress key_of(int key, int mods) {
  if (key >= GLFW_KEY_1 && key <= GLFW_KEY_9) return {Key::Digit, key - GLFW_KEY_0};
  if (key >= GLFW_KEY_KP_1 && key <= GLFW_KEY_KP_9) return {Key::Digit, key - GLFW_KEY_KP_0};
  switch (key) {
    case GLFW_KEY_SPACE:
      return {Key::Space, 0};
    case GLFW_KEY_T:
      return {Key::T, 0};
    case GLFW_KEY_M:
      return {Key::M, 0};
    case GLFW_KEY_H:
      return {Key::H, 0};
    case GLFW_KEY_R:
      return {Key::R, 0};
    case GLFW_KEY_J:
      return {Key::J, 0};
    case GLFW_KEY_ESCAPE:
      return {Key::Escape, 0};
    case GLFW_KEY_ENTER:
    case GLFW_KEY_KP_ENTER:
      return {Key::Enter, 0};
    case GLFW_KEY_TAB:
      return {mods & GLFW_MOD_SHIFT ? Key::BackTab : Key::Tab, 0};
    case GLFW_KEY_LEFT:
      return {Key::Left, 0};
    case GLFW_KEY_RIGHT:
      return {Key::Right, 0};
    case GLFW_KEY_UP:
      return {Key::Up, 0};
    case GLFW_KEY_PAGE_UP:
      return {Key::PageUp, 0};
    case GLFW_KEY_PAGE_DOWN:
      return {Key::PageDown, 0};
    case GLFW_KEY_DOWN:
      return {Key::Down, 0};
    default:
      return {};
  }
}

CanvasWindow* self(GLFWwindow* w) {
  return static_cast<CanvasWindow*>(glfwGetWindowUserPointer(w));
}

}  // namespace

Result<std::unique_ptr<CanvasWindow>> CanvasWindow::open(const CanvasSpec& spec) {
  // GLFW's input method needs a UTF-8 locale before it starts (x11_init.c).
  std::setlocale(LC_CTYPE, "");
  static std::string last_error;
  glfwSetErrorCallback([](int, const char* why) { last_error = why ? why : ""; });
  if (!glfwInit()) return Error{ErrorKind::FixSetup, "no display: " + last_error};
  std::unique_ptr<CanvasWindow> c(new CanvasWindow);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_VISIBLE, spec.visible ? GLFW_TRUE : GLFW_FALSE);
  int width = spec.width, height = spec.height;
  if (width <= 0 || height <= 0) {
    int x = 0, y = 0, most_w = 1920, most_h = 1080;
    if (GLFWmonitor* monitor = glfwGetPrimaryMonitor())
      glfwGetMonitorWorkarea(monitor, &x, &y, &most_w, &most_h);
    width = std::min(1920, most_w);
    height = std::min(1080, most_h);
    glfwWindowHint(GLFW_MAXIMIZED, width == most_w || height == most_h ? GLFW_TRUE : GLFW_FALSE);
  }
  c->window_ = glfwCreateWindow(width, height, spec.title.c_str(), nullptr, nullptr);
  if (!c->window_) return Error{ErrorKind::FixSetup, "no window with OpenGL 3.3: " + last_error};
  glfwMakeContextCurrent(c->window_);
  // The desk draws at 30 fps at most by its own timer; a key must never wait for a vertical blank.
  glfwSwapInterval(0);
  if (!c->gl_.load()) return Error{ErrorKind::FixSetup, "the graphics driver lacks OpenGL 3.3"};
  c->shader_ = YuvShader::create(c->gl_);
  if (!c->shader_)
    return Error{ErrorKind::FixSetup, "the graphics driver refuses the picture shader"};
  c->pictures_ = std::make_unique<PictureTextures>(c->gl_, *c->shader_);
  float sx = 1, sy = 1;
  glfwGetWindowContentScale(c->window_, &sx, &sy);
  c->user_scale_ = spec.scale;
  c->scale_ = static_cast<float>(spec.scale) * (sx > 0 ? sx : 1);

  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  c->listen();  // before ImGui's own callbacks, which call these first
  ImGui_ImplGlfw_InitForOpenGL(c->window_, true);
  ImGui_ImplOpenGL3_Init("#version 330 core");
  c->imgui_ = true;
  return c;
}

CanvasWindow::~CanvasWindow() {
  pictures_.reset();
  shader_.reset();
  if (imgui_) {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext();
  }
  if (window_) glfwDestroyWindow(window_);
  glfwTerminate();
}

void CanvasWindow::listen() {
  glfwSetWindowUserPointer(window_, this);
  glfwSetKeyCallback(window_, [](GLFWwindow* w, int key, int, int action, int mods) {
    CanvasWindow* c = self(w);
    c->happened_ = true;
    if (action == GLFW_REPEAT || (mods & (GLFW_MOD_CONTROL | GLFW_MOD_ALT | GLFW_MOD_SUPER)))
      return;
    const KeyPress press = key_of(key, mods);
    if (press.key != Key::None && c->on_key) c->on_key(press, action == GLFW_PRESS);
  });
  glfwSetCursorPosCallback(window_,
                           [](GLFWwindow* w, double, double) { self(w)->happened_ = true; });
  glfwSetMouseButtonCallback(window_,
                             [](GLFWwindow* w, int, int, int) { self(w)->happened_ = true; });
  glfwSetScrollCallback(window_, [](GLFWwindow* w, double, double) { self(w)->happened_ = true; });
  glfwSetCursorEnterCallback(window_, [](GLFWwindow* w, int) { self(w)->happened_ = true; });
  glfwSetWindowFocusCallback(window_, [](GLFWwindow* w, int focused) {
    CanvasWindow* c = self(w);
    c->happened_ = true;
    // A key held while another window takes over never sends its release here.
    if (!focused && c->on_key)
      for (const Key k : {Key::Escape, Key::Enter}) c->on_key({k, 0}, false);
  });
  glfwSetWindowRefreshCallback(window_, [](GLFWwindow* w) { self(w)->happened_ = true; });
  glfwSetFramebufferSizeCallback(window_,
                                 [](GLFWwindow* w, int, int) { self(w)->happened_ = true; });
  glfwSetWindowCloseCallback(window_, [](GLFWwindow* w) {
    glfwSetWindowShouldClose(w, GLFW_FALSE);
    self(w)->close_asked_ = true;
  });
  glfwSetWindowContentScaleCallback(window_, [](GLFWwindow* w, float x, float) {
    CanvasWindow* c = self(w);
    c->scale_ = static_cast<float>(c->user_scale_) * x;
    c->happened_ = true;
  });
}

bool CanvasWindow::wait(double seconds) {
  if (seconds > 0)
    glfwWaitEventsTimeout(seconds);
  else
    glfwPollEvents();
  return std::exchange(happened_, false);
}

bool CanvasWindow::take_close_request() { return std::exchange(close_asked_, false); }

void CanvasWindow::frame(UiState& ui, double now, const std::string& wall,
                         const std::function<void(Frame&)>& draw) {
  // Between frames only: the texture that the last draw list used must stay until it is drawn.
  int room_w = 0, room_h = 0;
  glfwGetWindowSize(window_, &room_w, &room_h);
  const float scale = fitting_scale(scale_, static_cast<float>(room_w), static_cast<float>(room_h));
  if (fonts_.stale() || built_scale_ != scale) {
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    fonts_.build(scale);
    built_scale_ = scale;
    ImGui_ImplOpenGL3_CreateFontsTexture();
  }
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  ImGui::NewFrame();
  Frame f(ImGui::GetBackgroundDrawList(), fonts_, ui, scale, now);
  f.wall = wall;
  f.pictures = [this](std::string_view name) -> std::optional<PictureRef> {
    const auto* t = pictures_->find(std::string(name));
    if (!t) return std::nullopt;
    return PictureRef{reinterpret_cast<ImTextureID>(static_cast<std::intptr_t>(t->id)),
                      static_cast<float>(t->width), static_cast<float>(t->height)};
  };
  draw(f);
  ImGui::Render();
  int w = 0, h = 0;
  glfwGetFramebufferSize(window_, &w, &h);
  gl_.BindFramebuffer(GL_FRAMEBUFFER, 0);
  gl_.Viewport(0, 0, w, h);
  gl_.ClearColor(0x11 / 255.0F, 0x11 / 255.0F, 0x11 / 255.0F, 1);
  gl_.Clear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  if (shot_) copy_to(*std::exchange(shot_, nullptr));
  glfwSwapBuffers(window_);
}

void CanvasWindow::copy_to(Shot& shot) {
  glfwGetFramebufferSize(window_, &shot.width, &shot.height);
  const auto line = static_cast<std::size_t>(shot.width) * 3;
  std::vector<std::uint8_t> bottom_up(line * static_cast<std::size_t>(shot.height));
  shot.rgb.resize(bottom_up.size());
  gl_.PixelStorei(GL_PACK_ALIGNMENT, 1);
  gl_.ReadPixels(0, 0, shot.width, shot.height, GL_RGB, GL_UNSIGNED_BYTE, bottom_up.data());
  for (int y = 0; y < shot.height; ++y)
    std::copy_n(bottom_up.begin() + static_cast<std::ptrdiff_t>(line) * (shot.height - 1 - y), line,
                shot.rgb.begin() + static_cast<std::ptrdiff_t>(line) * y);
}

}  // namespace kakehashi
