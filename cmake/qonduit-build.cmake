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

find_program(QONDUIT_CCACHE ccache)
if(QONDUIT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER "${QONDUIT_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${QONDUIT_CCACHE}")
endif()

# Linked PRIVATE by every target of this tree, never by what third parties build.
add_library(qonduit_build INTERFACE)
target_compile_options(qonduit_build INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 warns about std::string's own operator+ (GCC bug 105651).
  target_compile_options(qonduit_build INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
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
endif()

# Linked PRIVATE by what only tests run. Optimizing it takes longer than running it.
add_library(qonduit_test_build INTERFACE)
target_link_libraries(qonduit_test_build INTERFACE qonduit_build)
target_compile_options(qonduit_test_build INTERFACE -O0)

# qonduit_add_test(NAME LABEL label SOURCES a.cpp … LIBRARIES …): one GoogleTest executable, its tests known to CTest one by one. TOGETHER makes
# them one test for CTest; FIXTURES are CTest's that it needs, SERVERS those of qonduit_add_test_servers. Where QONDUIT_TEST_LABELS leaves the
# label out, the executable is built when asked for and CTest does not know it.
function(qonduit_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TOGETHER" "LABEL;TIMEOUT" "SOURCES;LIBRARIES;ENVIRONMENT;FIXTURES;SERVERS")
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  if(NOT QONDUIT_BUILD_TESTS)
    return()
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  find_package(GTest REQUIRED)
  include(GoogleTest)
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE qonduit_test_build GTest::gmock GTest::gtest_main ${arg_LIBRARIES})
  if(QONDUIT_TEST_LABELS AND NOT arg_LABEL IN_LIST QONDUIT_TEST_LABELS)
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  elseif(arg_TOGETHER)
    # The cost lets CTest begin with what takes long.
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT} COST ${arg_TIMEOUT} ENVIRONMENT "${arg_ENVIRONMENT}"
      FIXTURES_REQUIRED "${arg_FIXTURES}")
    foreach(server IN LISTS arg_SERVERS)
      # One executable at a time: tests kill servers and shut users out.
      set_property(TEST ${name} APPEND PROPERTY FIXTURES_REQUIRED ${server})
      set_property(TEST ${name} APPEND PROPERTY RESOURCE_LOCK ${server})
      set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT "QONDUIT_TEST_SERVERS=${CMAKE_BINARY_DIR}/test-servers")
      set_property(GLOBAL APPEND PROPERTY qonduit_labels_of_${server} ${arg_LABEL})
    endforeach()
  else()
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60
      PROPERTIES LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT} ENVIRONMENT "${arg_ENVIRONMENT}")
  endif()
endfunction()
