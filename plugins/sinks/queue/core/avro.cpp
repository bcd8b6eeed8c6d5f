#include "avro.hpp"

#include <qonduit/hidden_titles.hpp>
#include <qonduit/text.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "json.hpp"

namespace qonduit::queue {
namespace {

struct AvroType {
  std::string_view base, logical;
};

constexpr AvroType avro_type(Type type) noexcept {
  switch (type) {
    case Type::int64:
    case Type::duration: return {"long", {}};
    case Type::float64: return {"double", {}};
    case Type::boolean: return {"boolean", {}};
    case Type::utf8: return {"string", {}};
    case Type::date32: return {"int", "date"};
    case Type::timestamp: return {"long", "local-timestamp-millis"};
  }
  return {"null", {}};
}

std::string type_json(Type type) {
  const auto [base, logical] = avro_type(type);
  if (logical.empty()) return '"' + std::string(base) + '"';
  return R"({"type":")" + std::string(base) + R"(","logicalType":")" + std::string(logical) + "\"}";
}

std::string field_json(const std::string& name, const Field& field) {
  std::string out = "{";
  append_json_member("name", name, out);
  out += ",\"type\":" + (field.nullable ? "[\"null\"," + type_json(field.type) + "],\"default\":null" : type_json(field.type));
  append_json_member("doc", field.type == Type::duration ? field.name + " (milliseconds)" : field.name, out);
  append_json_member("qonduit-name", field.name, out);
  return out + "}";
}

std::string canonical_field(const std::string& name, const Field& field) {
  const auto type = '"' + std::string(avro_type(field.type).base) + '"';
  return R"({"name":")" + name + R"(","type":)" + (field.nullable ? "[\"null\"," + type + "]" : type) + "}";
}

// Titles that become one name, hidden ones among them, end in their hash, whatever their order, but for one that is that name letter by
// letter.
std::vector<std::string> avro_names(const Schema& schema) {
  const auto titles = unique_names(schema);
  std::map<std::string, int> wishes;
  for (const auto& title : titles) ++wishes[avro_name(title)];
  for (const auto& title : hidden_titles(schema)) ++wishes[avro_name(title)];
  Schema renamed;
  for (const auto& title : titles) {
    auto name = avro_name(title);
    if (wishes[name] > 1 && name != title) name += "_" + short_hash(title).substr(0, 8);
    renamed.fields.push_back({std::move(name)});
  }
  return unique_names(renamed);
}

constexpr std::uint64_t kEmptyFingerprint = 0xc15d213aa4d7a795u;

constexpr auto kFingerprints = [] {
  std::array<std::uint64_t, 256> table{};
  for (std::uint64_t i = 0; i < table.size(); ++i) {
    auto fingerprint = i;
    for (int bit = 0; bit < 8; ++bit) fingerprint = (fingerprint >> 1) ^ (kEmptyFingerprint & (0 - (fingerprint & 1)));
    table[i] = fingerprint;
  }
  return table;
}();

void append_long(std::int64_t value, std::string& out) {
  auto rest = (static_cast<std::uint64_t>(value) << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0);
  char bytes[10];
  std::size_t size = 0;
  for (; rest > 0x7F; rest >>= 7) bytes[size++] = static_cast<char>((rest & 0x7F) | 0x80);
  bytes[size++] = static_cast<char>(rest);
  out.append(bytes, size);
}

void append_double(double value, std::string& out) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  char bytes[8];
  for (unsigned i = 0; i < sizeof bytes; ++i) bytes[i] = static_cast<char>(bits >> (8 * i));
  out.append(bytes, sizeof bytes);
}

void append_value(const ColumnView& column, std::int64_t row, std::string& out) {
  switch (column.type()) {
    case Type::int64: append_long(column.int64(row), out); break;
    case Type::float64: append_double(column.float64(row), out); break;
    case Type::boolean: out += column.boolean(row) ? '\1' : '\0'; break;
    case Type::utf8: {
      const auto text = column.text(row);
      append_long(static_cast<std::int64_t>(text.size()), out);
      out += text;
      break;
    }
    case Type::date32: append_long(column.date32(row), out); break;
    case Type::timestamp:
    case Type::duration: append_long(column.milliseconds(row), out); break;
  }
}

class AvroEncoder final : public Encoder {
 public:
  AvroEncoder(const Schema& schema, std::string prefix) : fields_(schema.fields), prefix_(std::move(prefix)) {}

  [[nodiscard]] std::string_view content_type() const override { return "avro/binary"; }
  [[nodiscard]] bool several() const override { return false; }
  Status begin(std::string& /*out*/) const override { return {}; }
  void use(const BatchView& batch) override {
    columns_.clear();
    for (std::size_t i = 0; i < batch.columns(); ++i) columns_.push_back(batch.column(i));
  }
  Status row(std::int64_t row, std::uint64_t number, std::string& out) override {
    constexpr char kNull = 0, kValue = 2;  // branches of the union
    out += prefix_;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto& column = columns_[i];
      const bool null = column.has_nulls() && column.is_null(row);
      if (fields_[i].nullable) {
        out += null ? kNull : kValue;
      } else if (null) {
        return {Code::bad_data, "row " + std::to_string(number) + ", column '" + fields_[i].name +
                                    "': is null, and its field says that none is; the adapter's schema is wrong"};
      }
      if (!null) append_value(column, row, out);
    }
    return {};
  }
  void between(std::string& /*out*/) const override {}
  void end(std::string& /*out*/) const override {}

 private:
  std::vector<Field> fields_;
  std::string prefix_;
  std::vector<ColumnView> columns_;
};

}  // namespace

std::string avro_name(std::string_view text) {
  std::string out;
  bool spoilt = false;
  for (auto rest = text; !rest.empty(); rest.remove_prefix(std::max<std::size_t>(first_character(rest).bytes, 1))) {
    const char c = rest.front();
    const bool digit = c >= '0' && c <= '9';
    if (digit && out.empty()) out += '_';
    out += digit || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ? c : '_';
    spoilt = spoilt || static_cast<unsigned char>(c) >= 0x80;
  }
  if (!spoilt) return out.empty() ? "_" : out;
  if (out.find_first_not_of('_') == std::string::npos) out.clear();
  return out + "_" + short_hash(text).substr(0, 8);
}

AvroSchema avro_schema(const Run& run, const Schema& schema) {
  const auto name = avro_name(std::string(run.object_id) + (run.dataset.empty() ? "" : "_") + std::string(run.dataset));
  const auto space = "qonduit." + avro_name(run.pipeline);
  const auto names = avro_names(schema);
  AvroSchema out;
  out.text = R"({"type":"record","name":")" + name + R"(","namespace":")" + space + R"(","fields":[)";
  out.canonical = R"({"name":")" + space + '.' + name + R"(","type":"record","fields":[)";
  for (std::size_t i = 0; i < names.size(); ++i) {
    out.text += (i == 0 ? "" : ",") + field_json(names[i], schema.fields[i]);
    out.canonical += (i == 0 ? "" : ",") + canonical_field(names[i], schema.fields[i]);
  }
  out.text += "]}";
  out.canonical += "]}";
  return out;
}

std::uint64_t avro_fingerprint(std::string_view canonical) {
  auto fingerprint = kEmptyFingerprint;
  for (const char c : canonical) fingerprint = (fingerprint >> 8) ^ kFingerprints[(fingerprint ^ static_cast<unsigned char>(c)) & 0xFF];
  return fingerprint;
}

std::string single_object_prefix(std::uint64_t fingerprint) {
  std::string out("\xC3\x01");
  for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(fingerprint >> shift);
  return out;
}

std::string registered_prefix(std::int32_t id) {
  std::string out(1, '\0');
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(static_cast<std::uint32_t>(id) >> shift);
  return out;
}

std::unique_ptr<Encoder> make_avro_encoder(const Schema& schema, std::string prefix) {
  return std::make_unique<AvroEncoder>(schema, std::move(prefix));
}

}  // namespace qonduit::queue
