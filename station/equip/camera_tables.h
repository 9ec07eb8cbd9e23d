// SPDX-License-Identifier: GPL-3.0-or-later
// A camera's formats as tables: what it offers and what was tried. Pure.
#pragma once

#include <string>
#include <vector>

#include "capture/camera_offers.h"
#include "core/equipment_test.h"
#include "station/equip/camera_figures.h"

namespace kakehashi {

// Sizes of the same format and the same rates share a row.
EquipmentTable offered_table(const std::vector<CameraOffer>& offers);

// "1920×1080i MJPEG 30" of a negotiated "1920x1080i 30/1 MJPG 709 limited"; what is not of that
// form stays as it is.
std::string format_in_words(const std::string& negotiated);

EquipmentTable tried_table();  // no rows yet
EquipmentRow tried_row(const Text& asked, const CameraFigures& figures);
// "auto", "raw", "mjpg", "h264" of the setting.
Text asked_words(const std::string& choice);

}  // namespace kakehashi
