#include "cassette/recorded_headers.hpp"

#include <algorithm>
#include <limits>

#include "engine_error.hpp"

namespace qonduit::simulator {
namespace {

void append_area(std::string& out, std::int64_t left, std::int64_t top, std::int64_t width, std::int64_t height) {
  out.append(",\"qArea\":{\"qLeft\":").append(std::to_string(left)).append(",\"qTop\":").append(std::to_string(top));
  out.append(",\"qWidth\":").append(std::to_string(width)).append(",\"qHeight\":").append(std::to_string(height)).append("}");
}

std::string head_of(const JsonObject& node) {
  std::string head;
  for (const auto& name : node->getNames()) {
    if (name == "qUp" || name == "qDown" || name == "qRow" || name == "qSubNodes") continue;
    append_quoted(head, name);
    head.append(":").append(to_text(node->get(name))).append(",");
  }
  return head;
}

}  // namespace

void RecordedHeaders::add(const JsonArray& nodes, std::int64_t first) {
  if (!nodes.isNull()) add_level(nodes, 0, first);
}

// Answers the row behind the last node's last one in this window.
std::int64_t RecordedHeaders::add_level(const JsonArray& nodes, std::size_t level, std::int64_t first) {
  std::int64_t at = first;
  for (const auto& item : *nodes) {
    const auto node = as_object(item);
    const auto below = array_member(node, "qSubNodes");
    const bool leaf = below.isNull() || below->size() == 0;
    const auto begin = at - int_member(node, "qUp");
    at = leaf ? at + 1 : add_level(below, level + 1, at);
    nodes_[{level, begin}] = {head_of(node), at + int_member(node, "qDown")};
  }
  return at;
}

void RecordedHeaders::append(std::string& out, std::int64_t first, std::int64_t end) const {
  append_level(out, 0, 0, std::numeric_limits<std::int64_t>::max(), first, end);
}

void RecordedHeaders::append_level(std::string& out, std::size_t level, std::int64_t from, std::int64_t to, std::int64_t first,
                                   std::int64_t end) const {
  out.push_back('[');
  for (auto at = nodes_.lower_bound({level, from}); at != nodes_.end(); ++at) {
    const auto& [at_level, begin] = at->first;
    if (at_level != level || begin >= to) break;
    const auto& node = at->second;
    if (node.end <= first || begin >= end) continue;
    if (out.back() != '[') out.push_back(',');
    out.append("{").append(node.head);
    out.append("\"qUp\":").append(std::to_string(std::max<std::int64_t>(first - begin, 0)));
    out.append(",\"qDown\":").append(std::to_string(std::max<std::int64_t>(node.end - end, 0)));
    out.append(",\"qSubNodes\":");
    append_level(out, level + 1, begin, node.end, first, end);
    out.push_back('}');
  }
  out.push_back(']');
}

void RecordedPivot::add(const Area& area, std::string_view page) {
  data_.add(area, page);
  const auto parsed = as_object(parse_json(std::string(page)));
  left_.add(array_member(parsed, "qLeft"), area.top);
  top_.add(array_member(parsed, "qTop"), area.left);
}

void RecordedPivot::append_page(std::string& out, const Area& area) const {
  const auto part = clip(data_, area);
  out.append("{\"qLeft\":");
  left_.append(out, part.top, part.top + part.height);
  out.append(",\"qTop\":");
  top_.append(out, part.left, part.left + part.width);
  out.append(",\"qData\":[");
  for (std::int64_t row = 0; row < part.height; ++row) {
    out.append(row == 0 ? "[" : ",[");
    data_.append_cells(out, static_cast<std::uint64_t>(part.top + row), static_cast<std::uint32_t>(part.left),
                       static_cast<std::uint32_t>(part.width));
    out.push_back(']');
  }
  out.push_back(']');
  append_area(out, area.left, area.top, part.width, part.height);
  out.push_back('}');
}

void RecordedStack::add(const Area& area, std::string_view page) {
  const auto nodes = array_member(as_object(parse_json(std::string(page))), "qData");
  const auto root = nodes.isNull() || nodes->size() != 1 ? JsonObject() : as_object(nodes->get(0));
  const auto below = root.isNull() ? JsonArray() : array_member(root, "qSubNodes");
  const auto type = below.isNull() || below->size() == 0 ? std::string() : text_member(as_object(below->get(0)), "qType");
  if (below.isNull() || type == "V" || (type == "U" && int_member(as_object(below->get(0)), "qElemNo") >= 0) ||
      static_cast<std::int64_t>(below->size()) != area.height) {
    uncut_[area.top] = page;
    return;
  }
  root_ = head_of(root);
  auto at = int_member(root, "qUp");
  count_ = at + area.height + int_member(root, "qDown");
  for (const auto& item : *below) members_[at++] = {to_text(item), int_member(as_object(item), "qRow")};
}

void RecordedStack::append_page(std::string& out, const Area& area) const {
  if (!uncut_.empty()) {
    const auto page = uncut_.find(area.top);
    if (page == uncut_.end()) throw EngineError{-32603, "row " + std::to_string(area.top), "no recorded page begins there"};
    out.append(page->second);
    return;
  }
  const auto first = std::min(area.top, count_);
  const auto end = std::min(area.top + area.height, count_);
  const auto begin = members_.find(first);
  out.append("{\"qData\":[{").append(root_);
  out.append("\"qUp\":").append(std::to_string(first)).append(",\"qDown\":").append(std::to_string(count_ - end));
  out.append(",\"qRow\":").append(std::to_string(first < end && begin != members_.end() ? begin->second.row : 0));
  out.append(",\"qSubNodes\":[");
  for (auto at = first; at < end; ++at) {
    const auto member = members_.find(at);
    if (member == members_.end()) throw EngineError{-32603, "member " + std::to_string(at), "not recorded"};
    out.append(at > first ? "," : "").append(member->second.text);
  }
  out.append("]}]");
  append_area(out, area.left, area.top, area.width, end - first);
  out.push_back('}');
}

}  // namespace qonduit::simulator
