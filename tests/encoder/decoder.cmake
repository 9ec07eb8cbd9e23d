# SPDX-License-Identifier: GPL-3.0-or-later
kakehashi_test(NAME decoder SOURCES ${CMAKE_CURRENT_LIST_DIR}/decoder_test.cpp LIBS kakehashi_encoder)
