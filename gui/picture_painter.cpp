// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/picture_painter.h"

#include <algorithm>

#include "core/log.h"

namespace kakehashi {
namespace {

constexpr const char* kVertex = R"(#version 330 core
uniform int upright;
out vec2 at;
void main() {
  vec2 p = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  at = upright == 1 ? vec2(p.x, 1.0 - p.y) : p;
  gl_Position = vec4(p * 2.0 - 1.0, 0.0, 1.0);
}
)";

// BT.709 limited range to RGB: Y' 16..235, Cb Cr 16..240 (ITU-R BT.709-6, section 3).
constexpr const char* kFragment = R"(#version 330 core
uniform sampler2D plane_y;
uniform sampler2D plane_u;
uniform sampler2D plane_v;
in vec2 at;
out vec4 color;
void main() {
  float y = (texture(plane_y, at).r - 16.0 / 255.0) * (255.0 / 219.0);
  float u = (texture(plane_u, at).r - 128.0 / 255.0) * (255.0 / 224.0);
  float v = (texture(plane_v, at).r - 128.0 / 255.0) * (255.0 / 224.0);
  color = vec4(y + 1.5748 * v, y - 0.1873 * u - 0.4681 * v, y + 1.8556 * u, 1.0);
}
)";

GLuint new_texture(const Gl& gl) {
  GLuint id = 0;
  gl.GenTextures(1, &id);
  gl.BindTexture(GL_TEXTURE_2D, id);
  gl.TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  gl.TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  gl.TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  gl.TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  return id;
}

}  // namespace

std::unique_ptr<YuvShader> YuvShader::create(const Gl& gl) {
  std::unique_ptr<YuvShader> shader(new YuvShader(gl));
  shader->program_ = gl.CreateProgram();
  for (const auto& [kind, source] :
       {std::pair{GL_VERTEX_SHADER, kVertex}, {GL_FRAGMENT_SHADER, kFragment}}) {
    const GLuint s = gl.CreateShader(static_cast<GLenum>(kind));
    gl.ShaderSource(s, 1, &source, nullptr);
    gl.CompileShader(s);
    gl.AttachShader(shader->program_, s);
    gl.DeleteShader(s);  // lives on with the program
  }
  gl.LinkProgram(shader->program_);
  GLint linked = 0;
  gl.GetProgramiv(shader->program_, GL_LINK_STATUS, &linked);
  if (!linked) {
    char why[512] = "";
    gl.GetProgramInfoLog(shader->program_, sizeof why, nullptr, why);
    log_error("gui", std::string("the picture shader does not link: ") + why);
    return nullptr;
  }
  gl.GenVertexArrays(1, &shader->vao_);
  gl.UseProgram(shader->program_);
  gl.Uniform1i(gl.GetUniformLocation(shader->program_, "plane_y"), 0);
  gl.Uniform1i(gl.GetUniformLocation(shader->program_, "plane_u"), 1);
  gl.Uniform1i(gl.GetUniformLocation(shader->program_, "plane_v"), 2);
  shader->upright_ = gl.GetUniformLocation(shader->program_, "upright");
  return shader;
}

YuvShader::~YuvShader() {
  if (vao_) gl_.DeleteVertexArrays(1, &vao_);
  gl_.DeleteProgram(program_);
}

void YuvShader::draw(bool upright) const {
  gl_.Disable(GL_BLEND);
  gl_.Disable(GL_SCISSOR_TEST);
  gl_.UseProgram(program_);
  gl_.Uniform1i(upright_, upright ? 1 : 0);
  gl_.BindVertexArray(vao_);
  gl_.DrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  gl_.BindVertexArray(0);
}

YuvPlanes::~YuvPlanes() {
  if (planes_[0]) gl_.DeleteTextures(3, planes_);
}

void YuvPlanes::upload(const std::uint8_t* i420, int width, int height) {
  if (!planes_[0])
    for (GLuint& p : planes_) p = new_texture(gl_);
  const bool same = width == width_ && height == height_;
  width_ = width;
  height_ = height;
  gl_.PixelStorei(GL_UNPACK_ALIGNMENT, 1);
  gl_.PixelStorei(GL_UNPACK_ROW_LENGTH, 0);
  for (int i = 0; i < 3; ++i) {
    const int w = i == 0 ? width : width / 2, h = i == 0 ? height : height / 2;
    gl_.ActiveTexture(GL_TEXTURE0);
    gl_.BindTexture(GL_TEXTURE_2D, planes_[i]);
    if (same)
      gl_.TexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, w, h, GL_RED, GL_UNSIGNED_BYTE, i420);
    else
      gl_.TexImage2D(GL_TEXTURE_2D, 0, GL_R8, w, h, 0, GL_RED, GL_UNSIGNED_BYTE, i420);
    i420 += static_cast<std::ptrdiff_t>(w) * h;
  }
}

void YuvPlanes::bind() const {
  for (unsigned i = 0; i < 3; ++i) {
    gl_.ActiveTexture(GL_TEXTURE0 + i);
    gl_.BindTexture(GL_TEXTURE_2D, planes_[i]);
  }
  gl_.ActiveTexture(GL_TEXTURE0);
}

struct PictureTextures::Board {
  explicit Board(const Gl& gl) : planes(gl) {}
  YuvPlanes planes;
  Texture shown;
  int w = 0, h = 0;  // of the texture
  GLuint framebuffer = 0;
};

PictureTextures::PictureTextures(const Gl& gl, const YuvShader& shader)
    : gl_(gl), shader_(shader) {}
PictureTextures::~PictureTextures() { clear(); }

void PictureTextures::clear() {
  for (auto& [name, board] : boards_) {
    gl_.DeleteFramebuffers(1, &board->framebuffer);
    gl_.DeleteTextures(1, &board->shown.id);
  }
  boards_.clear();
}

void PictureTextures::update(const std::string& name, const std::uint8_t* i420, int width,
                             int height, int width_on_desk) {
  auto& board = boards_[name];
  if (!board) board = std::make_unique<Board>(gl_);
  Board& b = *board;
  b.planes.upload(i420, width, height);
  const int w = std::clamp(width_on_desk, 16, width);
  const int h = std::max(1, height * w / width);
  if (!b.framebuffer) {
    gl_.GenFramebuffers(1, &b.framebuffer);
    b.shown.id = new_texture(gl_);
  }
  gl_.BindFramebuffer(GL_FRAMEBUFFER, b.framebuffer);
  if (b.w != w || b.h != h) {
    gl_.BindTexture(GL_TEXTURE_2D, b.shown.id);
    gl_.TexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, w, h, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
    gl_.FramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, b.shown.id, 0);
    b.w = w;
    b.h = h;
  }
  gl_.Viewport(0, 0, w, h);
  b.planes.bind();
  shader_.draw(false);
  gl_.BindFramebuffer(GL_FRAMEBUFFER, 0);
  b.shown.width = width;
  b.shown.height = height;
}

const PictureTextures::Texture* PictureTextures::find(const std::string& board) const {
  const auto at = boards_.find(board);
  return at == boards_.end() ? nullptr : &at->second->shown;
}

}  // namespace kakehashi
