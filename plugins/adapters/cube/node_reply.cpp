#include "plugins/adapters/cube/node_reply.hpp"

#include <qonduit/abi.h>

#include <string>
#include <utility>

namespace qonduit::cube {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;
using simdjson::SUCCESS;

// Calls member(key, value) for each member of an object, in the order they stand there.
template <typename Member>
error_code for_each_member(ondemand::object& object, const Member& member) {
  for (auto item : object) {
    ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    if (const auto error = member(field)) return error;
  }
  return SUCCESS;
}

error_code read_nodes(ondemand::value value, std::uint32_t levels, NodeTree& tree) {
  ondemand::array nodes;
  if (const auto error = value.get_array().get(nodes)) return error;
  return tree.read(nodes, levels);
}

error_code read_area(ondemand::value value, NodeReply& into) {
  ondemand::object area;
  if (const auto error = value.get_object().get(area)) return error;
  return for_each_member(
      area, [&](ondemand::field& field) { return is_key(field.key(), "qTop") ? read_integer(field.value(), into.area_top) : SUCCESS; });
}

error_code read_stack_page(ondemand::object& page, std::uint32_t levels, NodeReply& into) {
  return for_each_member(page, [&](ondemand::field& field) {
    if (is_key(field.key(), "qData")) return read_nodes(field.value(), levels, into.tree);
    return is_key(field.key(), "qArea") ? read_area(field.value(), into) : SUCCESS;
  });
}

error_code read_stack_pages(ondemand::value value, std::uint32_t levels, NodeReply& into) {
  ondemand::array pages;
  if (const auto error = value.get_array().get(pages)) return error;
  for (auto item : pages) {
    ondemand::object page;
    if (const auto error = item.get_object().get(page)) return error;
    if (++into.pages > 1) return SUCCESS;
    if (const auto error = read_stack_page(page, levels, into)) return error;
  }
  return SUCCESS;
}

template <typename Member>
Status read_reply(std::string_view reply, const char* method, NodeReply& into, const Member& member) {
  static thread_local ondemand::parser parser;
  into.tree.clear();
  into.area_top = -1;
  into.pages = 0;
  ondemand::document document;
  const simdjson::padded_string_view padded(reply.data(), reply.size(), reply.size() + QONDUIT_REPLY_PADDING);
  auto error = parser.iterate(padded).get(document);
  ondemand::object result;
  if (!error) error = document.get_object().get(result);
  if (!error) error = for_each_member(result, member);
  if (into.pages > 1) return {Code::bad_data, "the reply holds more than the one page that was asked for"};
  if (error) {
    return {Code::bad_data, std::string("the reply is not what ") + method + " answers: " + simdjson::error_message(error)};
  }
  return into.pages == 1 ? Status() : Status(Code::bad_data, "the reply holds no data");
}

}  // namespace

Status read_stack_reply(std::string_view reply_json, std::uint32_t levels, NodeReply& into) {
  return read_reply(reply_json, "GetHyperCubeStackData", into, [&](ondemand::field& field) {
    return is_key(field.key(), "qDataPages") ? read_stack_pages(field.value(), levels, into) : SUCCESS;
  });
}

Status read_tree_reply(std::string_view reply_json, std::uint32_t levels, NodeReply& into) {
  return read_reply(reply_json, "GetHyperCubeTreeData", into, [&](ondemand::field& field) {
    if (!is_key(field.key(), "qNodes")) return SUCCESS;
    ++into.pages;
    return read_nodes(field.value(), levels, into.tree);
  });
}

}  // namespace qonduit::cube
