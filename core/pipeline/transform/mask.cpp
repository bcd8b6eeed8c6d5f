#include "core/pipeline/transform/mask.hpp"

#include <string>
#include <utility>

#include "core/pipeline/transform/typed.hpp"
#include "qonduit/text.hpp"

namespace qonduit::pipeline::transform {
namespace {

Status hash_failed() { return {Code::internal, "OpenSSL could not compute an HMAC-SHA-256"}; }

// Masks text after text into a column. Equal neighbours, common in sorted data, are hashed once.
class Masker {
 public:
  Masker(Mask mask, KeyedHash* key) : mask_(mask), key_(key) {}

  bool append(std::string_view text, Column& out) {
    switch (mask_) {
      case Mask::none: out.append_text(text); break;
      case Mask::redact: out.append_text(kRedacted); break;
      case Mask::last4:
        masked_ = kHidden;
        masked_ += last_four(text);
        out.append_text(masked_);
        break;
      case Mask::hash:
        if (masked_.empty() || text != last_) {
          if (!hash(text)) return false;
          last_ = text;
        }
        out.append_text(masked_);
        break;
    }
    return true;
  }

 private:
  bool hash(std::string_view text) {
    KeyedHash::Digest digest{};
    if (!key_->digest(text, digest)) return false;
    masked_.clear();
    for (std::size_t i = 0; i < kHashDigits / 2; ++i) append_hex(digest[i], masked_);
    return true;
  }

  Mask mask_;
  KeyedHash* key_;
  std::string last_, masked_;
};

template <Type T>
bool mask_rows(const ColumnView& view, Masker& masker, Column& out) {
  std::string scratch;
  for (std::int64_t row = 0; row < view.rows(); ++row) {
    if (view.is_null(row))
      out.append_null();
    else if (!masker.append(Typed<T>::show(Typed<T>::get(view, row), scratch), out))
      return false;
  }
  return true;
}

// The indices as they are, in front of a dictionary of masked texts.
OwnedColumn with_dictionary(const ArrowArray& array, OwnedColumn dictionary) {
  ColumnBuffers out;
  const auto* indices = static_cast<const std::int32_t*>(array.buffers[1]) + array.offset;
  out.halves.assign(indices, indices + array.length);
  const ColumnView view(array, Type::utf8, 0, array.length);
  std::int64_t nulls = 0;
  if (view.has_nulls()) {
    out.validity.assign(static_cast<std::size_t>(array.length) / 8 + 1, 0);
    for (std::int64_t row = 0; row < array.length; ++row) {
      if (view.is_null(row)) {
        ++nulls;
        continue;
      }
      auto& byte = out.validity[static_cast<std::size_t>(row >> 3)];
      byte = static_cast<std::uint8_t>(byte | (1u << (row & 7)));
    }
  }
  out.dictionary = std::move(dictionary);
  return std::move(out).finish(Type::utf8, array.length, nulls);
}

}  // namespace

std::string_view last_four(std::string_view text) {
  std::size_t begin = text.size();
  for (int points = 0; points < 4; ++points) {
    if (begin == 0) return {};
    do {
      --begin;
    } while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80);
  }
  return begin == 0 ? std::string_view() : text.substr(begin);
}

Result<OwnedColumn> mask_column(OwnedColumn column, Type type, Mask mask, KeyedHash* key) {
  if (mask == Mask::none) return column;
  Masker masker(mask, key);
  const auto& array = column.array();
  if (array.dictionary != nullptr) {
    const ColumnView words(*array.dictionary, Type::utf8, 0, array.dictionary->length);
    Column masked(Type::utf8, words.rows());
    if (!mask_rows<Type::utf8>(words, masker, masked)) return hash_failed();
    return with_dictionary(array, OwnedColumn(std::move(masked)));
  }
  const auto view = column.view(type);
  Column masked(Type::utf8, view.rows());
  const bool done = with_type(type, [&]<Type T>(Is<T>) { return mask_rows<T>(view, masker, masked); });
  if (!done) return hash_failed();
  return OwnedColumn(std::move(masked));
}

}  // namespace qonduit::pipeline::transform
