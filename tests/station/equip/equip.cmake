# SPDX-License-Identifier: GPL-3.0-or-later
kakehashi_test(NAME equip SOURCES equip/camera_tables_test.cpp equip/camera_verdict_test.cpp equip/pc_load_test.cpp equip/burn_in_test.cpp equip/result_test.cpp
               equip/runner_test.cpp equip/sheet_test.cpp LIBS kakehashi_equip kakehashi_test_support)
