# qonduit_add_plugin(NAME SOURCES a.cpp … [LIBRARIES x::x …])
# A plugin for qonduit: a shared library NAME.so that exports one symbol and needs none of the host. It lands in the folder plugins/ of the
# build tree. Part of the installed package, and what this tree uses itself. Works in projects of C only.

function(qonduit_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "qonduit_add_plugin(${name}): SOURCES is missing")
  endif()
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "qonduit_add_plugin(${name}): what is '${arg_UNPARSED_ARGUMENTS}'?")
  endif()
  add_library(${name} MODULE ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE qonduit::sdk ${arg_LIBRARIES})
  set_target_properties(${name} PROPERTIES
    PREFIX "" CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON C_STANDARD 11 C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/plugins"
    LINK_DEPENDS "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map")
  target_link_options(${name} PRIVATE "LINKER:--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map")
  # A missing library is found here, not when the host loads the plugin. Sanitizers leave their own symbols open, so not with them.
  if(NOT "${QONDUIT_SANITIZE} ${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS} ${CMAKE_MODULE_LINKER_FLAGS}" MATCHES "address|thread|memory|fsanitize")
    target_link_options(${name} PRIVATE "LINKER:-z,defs")
  endif()
  if(TARGET qonduit_build)
    target_link_libraries(${name} PRIVATE qonduit_build)
  endif()
  set_property(GLOBAL APPEND PROPERTY QONDUIT_PLUGINS ${name})
endfunction()
