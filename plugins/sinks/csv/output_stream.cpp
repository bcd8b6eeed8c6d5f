#include "output_stream.hpp"

#include <qonduit/text.hpp>

#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <utility>

namespace qonduit::csv {
namespace {

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
constexpr int kGzip = 15 + 16;  // the largest window, with gzip's header
constexpr std::size_t kChunk = 256 << 10;

}  // namespace

struct OutputStream::State {
  Write write;
  std::unique_ptr<EVP_MD_CTX, FreeDigest> sha256{EVP_MD_CTX_new()};
  bool compressed = false;
  z_stream zip{};
  std::string chunk;
  std::uint64_t bytes = 0;

  State(Compression compression, int level, Write to) : write(std::move(to)), compressed(compression == Compression::gzip) {
    EVP_DigestInit_ex(sha256.get(), EVP_sha256(), nullptr);
    if (!compressed) return;
    if (deflateInit2(&zip, level, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
    chunk.resize(kChunk);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (compressed) deflateEnd(&zip);
  }

  Status put(std::string_view data) {
    EVP_DigestUpdate(sha256.get(), data.data(), data.size());
    bytes += data.size();
    return write(data);
  }

  Status deflate_all(std::string_view data, int flush) {
    zip.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    zip.avail_in = static_cast<uInt>(data.size());
    while (true) {
      zip.next_out = reinterpret_cast<Bytef*>(chunk.data());
      zip.avail_out = static_cast<uInt>(chunk.size());
      const int code = deflate(&zip, flush);
      if (code == Z_STREAM_ERROR) return {Code::internal, "zlib refused its own stream"};
      const auto made = chunk.size() - zip.avail_out;
      if (made != 0) {
        if (auto status = put(std::string_view(chunk).substr(0, made)); !status.ok()) return status;
      }
      const bool done = flush == Z_FINISH ? code == Z_STREAM_END : zip.avail_in == 0 && zip.avail_out != 0;
      if (done) return {};
    }
  }
};

OutputStream::OutputStream(Compression compression, int level, Write write)
    : state_(std::make_unique<State>(compression, level, std::move(write))) {}
OutputStream::OutputStream(OutputStream&&) noexcept = default;
OutputStream& OutputStream::operator=(OutputStream&&) noexcept = default;
OutputStream::~OutputStream() = default;

Status OutputStream::write(std::string_view bytes) {
  if (!state_->compressed) return state_->put(bytes);
  return bytes.empty() ? Status() : state_->deflate_all(bytes, Z_NO_FLUSH);
}

Status OutputStream::finish() { return state_->compressed ? state_->deflate_all({}, Z_FINISH) : Status(); }

std::uint64_t OutputStream::bytes() const { return state_->bytes; }

std::string OutputStream::digest() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  EVP_DigestFinal_ex(state_->sha256.get(), bytes.data(), &size);
  return hex_text(bytes.data(), size);
}

}  // namespace qonduit::csv
