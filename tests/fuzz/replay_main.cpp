// Runs a fuzz target over files, and over hundreds of spoilt copies of each: what a landing does; libFuzzer goes on at night.
// Deterministic.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kCopies = 500;

void feed(const std::string& text) { LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()); }

std::string spoilt(std::string text, std::mt19937& random) {
  for (int i = 1 + static_cast<int>(random() % 4); i > 0 && !text.empty(); --i) {
    const auto at = random() % text.size();
    switch (random() % 4) {
      case 0: text[at] = static_cast<char>(random()); break;
      case 1: text.erase(at, 1 + random() % 8); break;
      case 2: text.insert(at, text.substr(random() % text.size(), 1 + random() % 16)); break;
      default: text.resize(at); break;
    }
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  std::mt19937 random(1);
  int fed = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
      feed(text);
      for (int copy = 0; copy < kCopies; ++copy) feed(spoilt(text, random)), ++fed;
    }
  }
  std::printf("%d inputs\n", fed);
  return fed == 0 ? 1 : 0;
}
