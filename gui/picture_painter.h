// SPDX-License-Identifier: GPL-3.0-or-later
// Packed I420 (BT.709, limited range) on the graphics card: three one-byte textures and a shader.
// All functions on the thread that owns the GL context.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "gui/gl.h"

namespace kakehashi {

// The shader. One per context.
class YuvShader {
 public:
  // Null when the driver refuses; the reason is in the log.
  static std::unique_ptr<YuvShader> create(const Gl& gl);
  ~YuvShader();
  // Draws the bound planes over the whole viewport of the bound framebuffer. `upright`: first line
  // at the top of a window; otherwise at texture row 0, as ImGui wants it.
  void draw(bool upright) const;

 private:
  explicit YuvShader(const Gl& gl) : gl_(gl) {}
  const Gl& gl_;
  GLuint program_ = 0, vao_ = 0;
  GLint upright_ = -1;
};

// Three planes of one picture size.
class YuvPlanes {
 public:
  explicit YuvPlanes(const Gl& gl) : gl_(gl) {}
  ~YuvPlanes();
  YuvPlanes(const YuvPlanes&) = delete;
  YuvPlanes& operator=(const YuvPlanes&) = delete;
  void upload(const std::uint8_t* i420, int width, int height);
  void bind() const;  // to units 0..2

 private:
  const Gl& gl_;
  GLuint planes_[3] = {};
  int width_ = 0, height_ = 0;
};

// Pictures as RGB textures by board name, for ImGui.
class PictureTextures {
 public:
  PictureTextures(const Gl& gl, const YuvShader& shader);
  ~PictureTextures();
  PictureTextures(const PictureTextures&) = delete;
  PictureTextures& operator=(const PictureTextures&) = delete;

  struct Texture {
    GLuint id = 0;
    int width = 0, height = 0;  // of the picture
  };
  // Leaves the default framebuffer bound. `width_on_desk`: how large it will be seen at most; the
  // texture is not made larger than that, which keeps a software renderer light.
  void update(const std::string& board, const std::uint8_t* i420, int width, int height,
              int width_on_desk);
  const Texture* find(const std::string& board) const;
  void clear();

 private:
  struct Board;
  const Gl& gl_;
  const YuvShader& shader_;
  std::map<std::string, std::unique_ptr<Board>> boards_;
};

}  // namespace kakehashi
