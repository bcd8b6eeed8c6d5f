// Implementations of options.hpp, over rows that have lost their types: compiled once, whatever the table.
#pragma once

namespace qonduit {

namespace detail {

// The row of that key, the first where several know it; null: none does.
[[gnu::cold]] inline const BoundOption* find_option(std::span<const BoundOption> rows, std::string_view key) noexcept {
  for (const auto& row : rows) {
    const auto name = row.row->name;
    if (row.row->type->family ? key.size() > name.size() && key.starts_with(name) : key == name) return &row;
  }
  return nullptr;
}

[[gnu::cold]] inline Status parse_rows(std::span<const BoundOption> rows, const qonduit_pair* pairs, std::size_t count) {
  std::string problems;
  const auto complain = [&](std::string_view key, std::string_view text) {
    if (!problems.empty()) problems += "; ";
    problems.append(key).append(text);
  };
  std::vector<bool> given(rows.size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view key(pairs[i].key.data, pairs[i].key.size);
    const std::string_view text(pairs[i].value.data, pairs[i].value.size);
    const auto* found = find_option(rows, key);
    if (found == nullptr) {
      std::vector<std::string_view> names;
      for (const auto& row : rows) names.push_back(row.row->name);
      complain("unknown option '", std::string(key) + "'" + suggestion(key, names));
      continue;
    }
    const auto& row = *found->row;
    given[static_cast<std::size_t>(found - rows.data())] = true;
    const auto problem = row.type->set(found->member, key.substr(row.name.size()), text, found->limits());
    if (!problem.empty()) complain(key, ": " + (row.secret ? "the value has the wrong form" : problem));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = *rows[i].row;
    if (row.required && !given[i]) complain("'", std::string(row.name) + "' is missing: " + std::string(row.help));
  }
  return problems.empty() ? Status() : Status(Code::invalid_config, std::move(problems));
}

[[gnu::cold]] inline std::string describe_rows(std::span<const BoundOption> rows, std::string_view summary) {
  const auto yes_no = [](bool yes) { return yes ? "true" : "false"; };
  std::string json = "{\"summary\":" + json_string(summary) + ",\"options\":[";
  for (const auto& bound : rows) {
    const auto& row = *bound.row;
    if (json.back() != '[') json += ',';
    json.append("{\"name\":").append(json_string(row.name)).append(",\"type\":\"").append(row.type->name).append("\"");
    for (const auto& word : bound.words) {
      json.append(&word == bound.words.data() ? ",\"values\":[" : ",").append(json_string(word.name));
    }
    if (!bound.words.empty()) json += "]";
    if (row.low != OptionLimits().low) json.append(",\"min\":").append(std::to_string(row.low));
    if (row.high != OptionLimits().high) json.append(",\"max\":").append(std::to_string(row.high));
    if (!row.type->family && !row.required) json.append(",\"default\":").append(json_string(bound.shown()));
    json.append(",\"required\":").append(yes_no(row.required)).append(",\"secret\":").append(yes_no(row.secret));
    json.append(",\"prefix\":").append(yes_no(row.type->family)).append(",\"help\":").append(json_string(row.help)).append("}");
  }
  return json + "]}";
}

}  // namespace detail
}  // namespace qonduit
