#include "layout.h"

#include <gtest/gtest.h>

#include <iterator>
#include <string>

extern "C" std::size_t layout_sizes_in_c(std::size_t* sizes, std::size_t capacity);

namespace {

// layout.h has checked the members of both languages while they were compiled.
TEST(Layout, IsTheSameInCAndCpp) {
  std::size_t sizes[16] = {};
  const std::size_t here[] = {
      sizeof(qonduit_host),   sizeof(qonduit_run),     sizeof(qonduit_delivery),        sizeof(qonduit_sink_api), sizeof(qonduit_request),
      sizeof(qonduit_extent), sizeof(qonduit_dataset), sizeof(qonduit_adapter_api),     sizeof(qonduit_plugin),   sizeof(qonduit_component),
      sizeof(ArrowSchema),    sizeof(ArrowArray),      sizeof(qonduit_dead_letter_file)};
  const auto count = layout_sizes_in_c(sizes, std::size(sizes));
  ASSERT_EQ(count, std::size(here));
  for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(sizes[i], here[i]) << i;
}

TEST(Layout, SymbolCarriesTheMajorVersion) {
  EXPECT_EQ(std::string(QONDUIT_PLUGIN_SYMBOL), "qonduit_plugin_v" + std::to_string(QONDUIT_ABI_MAJOR));
}

}  // namespace
