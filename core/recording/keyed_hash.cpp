#include "core/recording/keyed_hash.hpp"

#include <sys/random.h>

#include <bit>
#include <cerrno>
#include <cstring>

namespace qonduit::recording {
namespace {

std::uint64_t word_at(const void* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);  // little-endian, as every platform this host runs on
  return word;
}
static_assert(std::endian::native == std::endian::little);

struct State {
  std::uint64_t a, b, c, d;

  void round() {
    a += b, b = std::rotl(b, 13) ^ a, a = std::rotl(a, 32);
    c += d, d = std::rotl(d, 16) ^ c;
    a += d, d = std::rotl(d, 21) ^ a;
    c += b, b = std::rotl(b, 17) ^ c, c = std::rotl(c, 32);
  }
  void absorb(std::uint64_t word) {
    d ^= word;
    round();
    round();
    a ^= word;
  }
};

}  // namespace

std::uint64_t keyed_hash(const Key& key, std::string_view text) {
  const auto first = word_at(key.data());
  const auto second = word_at(key.data() + 8);
  State state{first ^ 0x736f6d6570736575ULL, second ^ 0x646f72616e646f6dULL, first ^ 0x6c7967656e657261ULL, second ^ 0x7465646279746573ULL};
  const auto whole = text.size() / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8) state.absorb(word_at(text.data() + i));
  std::uint64_t last = static_cast<std::uint64_t>(text.size()) << 56;
  std::memcpy(&last, text.data() + whole, text.size() - whole);
  state.absorb(last);
  state.c ^= 0xff;
  for (int i = 0; i < 4; ++i) state.round();
  return state.a ^ state.b ^ state.c ^ state.d;
}

Result<Key> random_key() {
  Key key{};
  if (::getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size())) {
    return Status(Code::io, std::string("the system has no random bytes: ") + std::strerror(errno));
  }
  return key;
}

}  // namespace qonduit::recording
