# SPDX-License-Identifier: GPL-3.0-or-later
# Needs no GLib, so sanitizer builds run it too although they leave the station out.
find_package(nlohmann_json REQUIRED)
if(NOT TARGET kakehashi_ingest)
  include(${CMAKE_SOURCE_DIR}/station/ingest.cmake)
endif()
kakehashi_test(NAME ingest SOURCES ${CMAKE_CURRENT_LIST_DIR}/ingest_test.cpp
                                   ${CMAKE_CURRENT_LIST_DIR}/ingest_meter_test.cpp
                                   ${CMAKE_CURRENT_LIST_DIR}/practice_code_test.cpp
               LIBS kakehashi_ingest nlohmann_json::nlohmann_json)
