// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/gl.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

namespace kakehashi {

bool Gl::load() {
  bool all = true;
#define KAKEHASHI_GL_LOAD(type, name)                            \
  name = reinterpret_cast<type>(glfwGetProcAddress("gl" #name)); \
  all = all && name != nullptr;
  KAKEHASHI_GL(KAKEHASHI_GL_LOAD)
#undef KAKEHASHI_GL_LOAD
  return all;
}

}  // namespace kakehashi
