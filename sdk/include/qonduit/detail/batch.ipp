// Implementations of batch.hpp.
#pragma once

#include <algorithm>
#include <cassert>
#include <limits>
#include <stdexcept>

namespace qonduit {

inline void Column::reserve(std::int64_t rows) {
  const auto count = static_cast<std::size_t>(rows);
  switch (type_) {
    case Type::int64:
    case Type::float64:
    case Type::timestamp:
    case Type::duration: words_.reserve(count); break;
    case Type::date32: halves_.reserve(count); break;
    case Type::boolean: bits_.reserve(count / 8 + 1); break;
    case Type::utf8:
      halves_.reserve(count + 1);
      data_.reserve(count * 16);
      break;
  }
}

inline void Column::append_boolean(bool value) {
  const auto i = static_cast<std::size_t>(rows_);
  if ((i & 7) == 0) bits_.push_back(0);
  if (value) bits_.back() = static_cast<std::uint8_t>(bits_.back() | (1u << (i & 7)));
  mark_valid();
}

// Text ends are kept, Arrow's leading zero is put in front by finish(). Throws std::length_error beyond 2 GiB in one column of one
// batch, which the engine's limit of 10,000 cells a page makes unreachable for honest data.
inline void Column::append_text(std::string_view value) {
  data_.append(value);
  if (data_.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
    throw std::length_error("more than 2 GiB of text in a batch");
  if (halves_.empty()) halves_.push_back(0);
  halves_.push_back(static_cast<std::int32_t>(data_.size()));
  mark_valid();
}

inline void Column::set_valid(std::int64_t row) {
  const auto i = static_cast<std::size_t>(row);
  if (validity_.size() <= i >> 3) validity_.resize((i >> 3) + 1, 0);
  validity_[i >> 3] = static_cast<std::uint8_t>(validity_[i >> 3] | (1u << (i & 7)));
}

inline void Column::append_null() {
  if (null_count_ == 0) {
    // The first null: everything before it is valid.
    const auto before = static_cast<std::size_t>(rows_);
    validity_.assign((before >> 3) + 1, 0xFF);
    validity_.back() = static_cast<std::uint8_t>((1u << (before & 7)) - 1u);
  }
  ++null_count_;
  const auto i = static_cast<std::size_t>(rows_);
  if (validity_.size() <= i >> 3) validity_.resize((i >> 3) + 1, 0);
  switch (type_) {
    case Type::int64:
    case Type::float64:
    case Type::timestamp:
    case Type::duration: words_.push_back(0); break;
    case Type::date32: halves_.push_back(0); break;
    case Type::boolean:
      if ((i & 7) == 0) bits_.push_back(0);
      break;
    case Type::utf8:
      if (halves_.empty()) halves_.push_back(0);
      halves_.push_back(static_cast<std::int32_t>(data_.size()));
      break;
  }
  ++rows_;
}

inline void Column::truncate(std::int64_t rows) {
  if (rows >= rows_) return;
  for (std::int64_t row = rows; row < rows_ && null_count_ != 0; ++row) {
    const auto i = static_cast<std::size_t>(row);
    auto& byte = validity_[i >> 3];
    const auto bit = static_cast<std::uint8_t>(1u << (i & 7));
    if ((byte & bit) == 0) --null_count_;
    byte = static_cast<std::uint8_t>(byte & ~bit);
  }
  const auto count = static_cast<std::size_t>(rows);
  switch (type_) {
    case Type::int64:
    case Type::float64:
    case Type::timestamp:
    case Type::duration: words_.resize(count); break;
    case Type::date32: halves_.resize(count); break;
    case Type::boolean:
      bits_.resize((count + 7) / 8);
      if ((count & 7) != 0) bits_.back() = static_cast<std::uint8_t>(bits_.back() & ((1u << (count & 7)) - 1u));
      break;
    case Type::utf8:
      halves_.resize(count + 1);
      data_.resize(static_cast<std::size_t>(halves_.back()));
      break;
  }
  rows_ = rows;
}

namespace detail {

// What a finished column owns; the ArrowArray points into it.
struct FinishedColumn {
  std::vector<std::int64_t> words;
  std::vector<std::int32_t> halves;
  std::vector<std::uint8_t> bits;
  std::vector<std::uint8_t> validity;
  std::string data;
  const void* buffers[3] = {nullptr, nullptr, nullptr};

  static void release(ArrowArray* array) {
    delete static_cast<FinishedColumn*>(array->private_data);
    array->release = nullptr;
  }
};

// What a struct array owns: its children, in one block.
struct FinishedBatch {
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
  const void* buffers[1] = {nullptr};

  static void release(ArrowArray* array) {
    auto* batch = static_cast<FinishedBatch*>(array->private_data);
    for (auto& child : batch->children) {
      if (child.release != nullptr) child.release(&child);
    }
    delete batch;
    array->release = nullptr;
  }
};

}  // namespace detail

inline void Column::finish(ArrowArray* out) {
  auto* held = new detail::FinishedColumn;
  if (type_ == Type::utf8 && halves_.empty()) halves_.push_back(0);
  held->words = std::exchange(words_, {});
  held->halves = std::exchange(halves_, {});
  held->bits = std::exchange(bits_, {});
  held->validity = std::exchange(validity_, {});
  held->data = std::exchange(data_, {});
  *out = ArrowArray{};
  out->length = rows_;
  out->null_count = null_count_;
  out->n_buffers = type_ == Type::utf8 ? 3 : 2;
  out->buffers = held->buffers;
  held->buffers[0] = null_count_ == 0 ? nullptr : held->validity.data();
  switch (type_) {
    case Type::date32:
    case Type::utf8: held->buffers[1] = held->halves.data(); break;
    case Type::boolean: held->buffers[1] = held->bits.data(); break;
    default: held->buffers[1] = held->words.data(); break;
  }
  if (type_ == Type::utf8) held->buffers[2] = held->data.data();
  out->private_data = held;
  out->release = detail::FinishedColumn::release;
  rows_ = 0;
  null_count_ = 0;
}

inline void finish_batch(std::vector<Column>& columns, ArrowArray* out) {
  auto* held = new detail::FinishedBatch;
  const auto rows = columns.empty() ? 0 : columns.front().rows();
  assert(std::all_of(columns.begin(), columns.end(), [rows](const Column& column) { return column.rows() == rows; }));
  held->children.resize(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i].finish(&held->children[i]);
    held->pointers.push_back(&held->children[i]);
  }
  *out = ArrowArray{};
  out->length = rows;
  out->n_buffers = 1;
  out->buffers = held->buffers;
  out->n_children = static_cast<std::int64_t>(held->pointers.size());
  out->children = held->pointers.data();
  out->private_data = held;
  out->release = detail::FinishedBatch::release;
}

namespace arrow {
namespace detail {

inline std::string_view format_of(Type type) noexcept {
  switch (type) {
    case Type::int64: return "l";
    case Type::float64: return "g";
    case Type::boolean: return "b";
    case Type::utf8: return "u";
    case Type::date32: return "tdD";
    case Type::timestamp: return "tsm:";
    case Type::duration: return "tDm";
  }
  return "u";
}

inline bool type_of(std::string_view format, Type& type) noexcept {
  for (const auto candidate : {Type::int64, Type::float64, Type::boolean, Type::utf8, Type::date32, Type::timestamp, Type::duration}) {
    if (format_of(candidate) == format) {
      type = candidate;
      return true;
    }
  }
  return false;
}

inline void put_int32(std::string& out, std::size_t value) {
  const auto number = static_cast<std::int32_t>(value);
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}

[[gnu::cold]] inline std::string encode(const Metadata& metadata) {
  std::string out;
  if (metadata.empty()) return out;
  put_int32(out, metadata.size());
  for (const auto& [key, value] : metadata) {
    put_int32(out, key.size());
    out += key;
    put_int32(out, value.size());
    out += value;
  }
  return out;
}

inline std::int32_t take_int32(const char*& at) noexcept {
  std::int32_t value = 0;
  std::memcpy(&value, at, sizeof value);
  at += sizeof value;
  return value;
}

[[gnu::cold]] inline Metadata decode(const char* at) {
  Metadata metadata;
  if (at == nullptr) return metadata;
  const auto pairs = take_int32(at);
  for (std::int32_t i = 0; i < pairs; ++i) {
    const auto key_size = take_int32(at);
    std::string key(at, static_cast<std::size_t>(key_size));
    at += key_size;
    const auto value_size = take_int32(at);
    metadata.emplace_back(std::move(key), std::string(at, static_cast<std::size_t>(value_size)));
    at += value_size;
  }
  return metadata;
}

// What an exported schema owns: its texts and its children.
struct ExportedSchema {
  std::string name;
  std::string metadata;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
  ArrowSchema dictionary{};

  static void release(ArrowSchema* schema) {
    auto* held = static_cast<ExportedSchema*>(schema->private_data);
    for (auto& child : held->children) {
      if (child.release != nullptr) child.release(&child);
    }
    if (held->dictionary.release != nullptr) held->dictionary.release(&held->dictionary);
    delete held;
    schema->release = nullptr;
  }
};

[[gnu::cold]] inline ExportedSchema* fill(ArrowSchema* out, const char* format, const std::string& name, const Metadata& metadata,
                                          bool nullable) {
  auto* held = new ExportedSchema;
  // The name ends at the first NUL, and with it what tells it from others would be gone.
  for (const char c : name) held->name.append(c == '\0' ? std::string_view("\uFFFD") : std::string_view(&c, 1));
  held->metadata = encode(metadata);
  *out = ArrowSchema{};
  out->format = format;
  out->name = held->name.c_str();
  out->metadata = held->metadata.empty() ? nullptr : held->metadata.data();
  out->flags = nullable ? ARROW_FLAG_NULLABLE : 0;
  out->private_data = held;
  out->release = ExportedSchema::release;
  return held;
}

}  // namespace detail

[[gnu::cold]] inline Result<Schema> import_schema(const ArrowSchema& schema) {
  if (schema.release == nullptr) return Status(Code::bad_data, "the schema is released already");
  if (schema.format == nullptr || std::string_view(schema.format) != "+s") return Status(Code::bad_data, "the schema is not a struct");
  if (schema.n_children > 0 && schema.children == nullptr) return Status(Code::bad_data, "the schema has no children where it says it has");
  Schema result;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    if (schema.children[i] == nullptr) return Status(Code::bad_data, "column " + std::to_string(i) + " of the schema is missing");
    const ArrowSchema& child = *schema.children[i];
    Field field;
    field.name = child.name == nullptr ? "" : child.name;
    field.nullable = (child.flags & ARROW_FLAG_NULLABLE) != 0;
    field.metadata = detail::decode(child.metadata);
    field.dictionary = child.dictionary != nullptr;
    const std::string_view format = child.format == nullptr ? "" : child.format;
    const bool known = field.dictionary
                           ? format == "i" && child.dictionary->format != nullptr && std::string_view(child.dictionary->format) == "u"
                           : detail::type_of(format, field.type);
    if (!known) {
      return Status(Code::bad_data, "column " + std::to_string(i) + " '" + field.name + "' has the Arrow format '" + std::string(format) +
                                        "', which is none of the column types of qonduit");
    }
    if (field.dictionary) field.type = Type::utf8;
    result.fields.push_back(std::move(field));
  }
  return result;
}

[[gnu::cold]] inline void export_schema(const Schema& schema, ArrowSchema* out) {
  auto* held = detail::fill(out, "+s", "", {}, false);
  held->children.resize(schema.fields.size());
  for (std::size_t i = 0; i < schema.fields.size(); ++i) {
    const auto& field = schema.fields[i];
    const char* format = field.dictionary ? "i" : detail::format_of(field.type).data();
    auto* child = detail::fill(&held->children[i], format, field.name, field.metadata, field.nullable);
    if (field.dictionary) {
      detail::fill(&child->dictionary, "u", "", {}, false);
      held->children[i].dictionary = &child->dictionary;
    }
    held->pointers.push_back(&held->children[i]);
  }
  out->n_children = static_cast<std::int64_t>(held->pointers.size());
  out->children = held->pointers.data();
}

}  // namespace arrow
}  // namespace qonduit
