# How everything in this tree is built: language level, warnings, sanitizers, and where binaries go. Included once, by the top level.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

include(GNUInstallDirs)

# A compiler cache, where one is installed. It finds what a clone in another folder has compiled: paths below the source folder count as
# relative, and the folder the compiler runs in does not count.
find_program(QONDUIT_CCACHE ccache)
if(QONDUIT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(launcher "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros "${QONDUIT_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${launcher}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${launcher}")
endif()

set(QONDUIT_LINKER "" CACHE STRING "The linker, as -fuse-ld names it: mold, lld; empty: the compiler's own")
if(QONDUIT_LINKER)
  add_link_options("-fuse-ld=${QONDUIT_LINKER}")
endif()

# Linked PRIVATE by every target of this tree, never by what third parties build.
add_library(qonduit_build INTERFACE)
target_compile_options(qonduit_build INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
# simdjson gives its parser one member more in sources that are not optimized. All sources of a binary must agree, so it is off in each of
# them, as in a Release build.
target_compile_definitions(qonduit_build INTERFACE SIMDJSON_DEVELOPMENT_CHECKS=0)
# Names of sources in messages and debug information are relative: no folder of the build machine is in a binary, and a clone in another
# folder compiles to the same.
target_compile_options(qonduit_build INTERFACE "-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 warns about std::string's own operator+ (GCC bug 105651).
  target_compile_options(qonduit_build INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # It looks for memory it could free at 128 MB already. Later is a tenth less time for a fifth more memory.
  target_compile_options(qonduit_build INTERFACE "--param=ggc-min-heapsize=500000")
endif()
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # To g++ a source file of a unity build is a header, where an unnamed namespace would be an error.
  target_compile_options(qonduit_build INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-subobject-linkage>)
endif()
if(QONDUIT_WARNINGS_AS_ERRORS)
  target_compile_options(qonduit_build INTERFACE -Werror)
endif()
if(QONDUIT_SANITIZE)
  target_compile_options(qonduit_build INTERFACE -fsanitize=${QONDUIT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(qonduit_build INTERFACE -fsanitize=${QONDUIT_SANITIZE})
  if(QONDUIT_SANITIZE MATCHES "address")
    # AddressSanitizer describes each global by addresses: 700,000 in the host, to be adjusted at each start unless they are final.
    target_link_options(qonduit_build INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-no-pie>)
  endif()
endif()
if(QONDUIT_FUZZ)
  # A fuzzer learns from which branches of the product an input takes.
  target_compile_options(qonduit_build INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Linked PRIVATE by what works on each cell: optimized in the sanitizers' builds too, where nothing else is. Elsewhere it has no effect. The
# options are for single sources of that kind.
set(qonduit_cells_options $<$<CONFIG:Debug>:-O1>)
add_library(qonduit_cells_build INTERFACE)
target_link_libraries(qonduit_cells_build INTERFACE qonduit_build)
target_compile_options(qonduit_cells_build INTERFACE ${qonduit_cells_options})

# Linked PRIVATE by what only tests run. Optimizing it takes longer than running it.
add_library(qonduit_test_build INTERFACE)
target_link_libraries(qonduit_test_build INTERFACE qonduit_build)
target_compile_options(qonduit_test_build INTERFACE -O0)

# Where tests find files and programs: tests/paths.hpp.
if(QONDUIT_BUILD_TESTS)
  configure_file(cmake/paths.cpp.in paths.cpp @ONLY)
  add_library(test_paths STATIC EXCLUDE_FROM_ALL "${CMAKE_CURRENT_BINARY_DIR}/paths.cpp")
  target_include_directories(test_paths PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(test_paths PRIVATE qonduit_test_build)
endif()

# qonduit_add_test(NAME [LABEL label...] [THREADS] [SHARDS n] [TIMEOUT s] SOURCES a.cpp ... LIBRARIES ... [PLUGINS csv ...]
# [ENVIRONMENT A=b ...] [FIXTURES ...] [SERVERS ...]): one GoogleTest executable. It is one test for CTest, or n that share its tests (name.1 to
# name.n). THREADS: it has more than one, so ThreadSanitizer runs it (label threads). PLUGINS are built before it, FIXTURES are CTest's that it
# needs, SERVERS those of qonduit_add_test_servers. Where QONDUIT_TEST_LABELS names none of its labels, it is built when asked for and CTest
# does not know it.
function(qonduit_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "THREADS" "SHARDS;TIMEOUT" "LABEL;SOURCES;LIBRARIES;PLUGINS;ENVIRONMENT;FIXTURES;SERVERS")
  if(NOT QONDUIT_BUILD_TESTS)
    return()
  endif()
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  if(arg_THREADS)
    list(APPEND arg_LABEL threads)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  find_package(GTest REQUIRED)
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE qonduit_test_build test_paths GTest::gmock GTest::gtest_main ${arg_LIBRARIES})
  if(arg_PLUGINS)
    add_dependencies(${name} ${arg_PLUGINS})
  endif()
  qonduit_test_is_wanted(wanted ${arg_LABEL})
  if(NOT wanted)
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
    return()
  endif()
  add_dependencies(qonduit_tests ${name})
  set(tests "${name}")
  if(arg_SHARDS)
    set(tests "")
    foreach(shard RANGE 1 ${arg_SHARDS})
      list(APPEND tests "${name}.${shard}")
    endforeach()
  endif()
  set(index 0)
  foreach(test IN LISTS tests)
    add_test(NAME ${test} COMMAND ${name} --gtest_brief=1)
    # The cost lets CTest begin with what takes long.
    set_tests_properties(${test} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT} COST ${arg_TIMEOUT}
      FIXTURES_REQUIRED "${arg_FIXTURES}" ENVIRONMENT "${arg_ENVIRONMENT}")
    if(arg_SHARDS)
      set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT GTEST_TOTAL_SHARDS=${arg_SHARDS} GTEST_SHARD_INDEX=${index})
      math(EXPR index "${index} + 1")
    endif()
    foreach(server IN LISTS arg_SERVERS)
      # One executable at a time: tests kill servers and shut users out.
      set_property(TEST ${test} APPEND PROPERTY FIXTURES_REQUIRED ${server})
      set_property(TEST ${test} APPEND PROPERTY RESOURCE_LOCK ${server})
      set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT "QONDUIT_TEST_SERVERS=${CMAKE_BINARY_DIR}/test-servers")
      set_property(GLOBAL APPEND PROPERTY qonduit_labels_of_${server} ${arg_LABEL})
    endforeach()
  endforeach()
endfunction()

# Sets RESULT to whether QONDUIT_TEST_LABELS names one of these labels, or names none.
function(qonduit_test_is_wanted result)
  set(wanted OFF)
  if(NOT QONDUIT_TEST_LABELS)
    set(wanted ON)
  endif()
  foreach(label IN LISTS ARGN)
    if(label IN_LIST QONDUIT_TEST_LABELS)
      set(wanted ON)
    endif()
  endforeach()
  set(${result} ${wanted} PARENT_SCOPE)
endfunction()

# Every test executable that is wanted, and what it needs: all that a sanitizer's build makes.
add_custom_target(qonduit_tests)
