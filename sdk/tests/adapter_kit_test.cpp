// The adapter suite, on the smallest adapter there is.
#include <qonduit/testing/adapter_conformance.hpp>

#include "tests/paths.hpp"

namespace {

qonduit::testing::AdapterTraits numbers(std::string name, std::int64_t rows) {
  qonduit::testing::MatrixAnswer answer;
  for (std::int64_t row = 0; row < rows; ++row) answer.matrix.push_back({"{\"qNum\":" + std::to_string(row * 3 - 5) + "}"});
  qonduit::testing::AdapterTraits traits;
  traits.name = std::move(name);
  traits.plugin = qonduit::paths::build("sdk/tests/qonduit_sdk_sample.so");
  traits.adapter = "numbers";
  traits.object_type = "numbers";
  traits.layout_json = "{\"rows\":" + std::to_string(rows) + "}";
  traits.answer = answer;
  traits.rows = rows;
  traits.strangers = {{"barchart", "{}"}};
  return traits;
}

}  // namespace

QONDUIT_ADAPTER_CONFORMANCE(Numbers, numbers("One", 1), numbers("Many", 25'000));
