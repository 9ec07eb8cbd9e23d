// SPDX-License-Identifier: GPL-3.0-or-later
// The few OpenGL 3.3 functions the desk needs beside ImGui's own back end, fetched through GLFW.
#pragma once

#include <GL/glcorearb.h>

namespace kakehashi {

struct Gl {
#define KAKEHASHI_GL(X)                                      \
  X(PFNGLACTIVETEXTUREPROC, ActiveTexture)                   \
  X(PFNGLATTACHSHADERPROC, AttachShader)                     \
  X(PFNGLBINDFRAMEBUFFERPROC, BindFramebuffer)               \
  X(PFNGLBINDTEXTUREPROC, BindTexture)                       \
  X(PFNGLBINDVERTEXARRAYPROC, BindVertexArray)               \
  X(PFNGLCHECKFRAMEBUFFERSTATUSPROC, CheckFramebufferStatus) \
  X(PFNGLCLEARPROC, Clear)                                   \
  X(PFNGLCLEARCOLORPROC, ClearColor)                         \
  X(PFNGLCOMPILESHADERPROC, CompileShader)                   \
  X(PFNGLCREATEPROGRAMPROC, CreateProgram)                   \
  X(PFNGLCREATESHADERPROC, CreateShader)                     \
  X(PFNGLDELETEFRAMEBUFFERSPROC, DeleteFramebuffers)         \
  X(PFNGLDELETEPROGRAMPROC, DeleteProgram)                   \
  X(PFNGLDELETESHADERPROC, DeleteShader)                     \
  X(PFNGLDELETETEXTURESPROC, DeleteTextures)                 \
  X(PFNGLDELETEVERTEXARRAYSPROC, DeleteVertexArrays)         \
  X(PFNGLDISABLEPROC, Disable)                               \
  X(PFNGLDRAWARRAYSPROC, DrawArrays)                         \
  X(PFNGLFRAMEBUFFERTEXTURE2DPROC, FramebufferTexture2D)     \
  X(PFNGLGENFRAMEBUFFERSPROC, GenFramebuffers)               \
  X(PFNGLGENTEXTURESPROC, GenTextures)                       \
  X(PFNGLGENVERTEXARRAYSPROC, GenVertexArrays)               \
  X(PFNGLGETPROGRAMIVPROC, GetProgramiv)                     \
  X(PFNGLGETPROGRAMINFOLOGPROC, GetProgramInfoLog)           \
  X(PFNGLGETUNIFORMLOCATIONPROC, GetUniformLocation)         \
  X(PFNGLLINKPROGRAMPROC, LinkProgram)                       \
  X(PFNGLPIXELSTOREIPROC, PixelStorei)                       \
  X(PFNGLREADPIXELSPROC, ReadPixels)                         \
  X(PFNGLSHADERSOURCEPROC, ShaderSource)                     \
  X(PFNGLTEXIMAGE2DPROC, TexImage2D)                         \
  X(PFNGLTEXPARAMETERIPROC, TexParameteri)                   \
  X(PFNGLTEXSUBIMAGE2DPROC, TexSubImage2D)                   \
  X(PFNGLUNIFORM1IPROC, Uniform1i)                           \
  X(PFNGLUSEPROGRAMPROC, UseProgram)                         \
  X(PFNGLVIEWPORTPROC, Viewport)
#define KAKEHASHI_GL_MEMBER(type, name) type name = nullptr;
  KAKEHASHI_GL(KAKEHASHI_GL_MEMBER)
#undef KAKEHASHI_GL_MEMBER

  // The current context must be OpenGL 3.3 core. False: a function is missing.
  bool load();
};

}  // namespace kakehashi
