// SPDX-License-Identifier: GPL-3.0-or-later
// One function per kind of output: the rows that output_kinds.cpp puts into the table. Private.
#pragma once

#include "core/setting_fields.h"
#include "encoder/output.h"

namespace kakehashi {

OutputKind rtmp_output_kind();
OutputKind mkv_output_kind();
OutputKind fmp4_output_kind();
OutputKind srt_output_kind();
OutputKind hls_output_kind();
OutputKind virtual_camera_output_kind();

}  // namespace kakehashi
