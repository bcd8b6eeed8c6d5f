#include "core/plugin/description.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <exception>

namespace qonduit::plugin {
namespace {

namespace json = Poco::JSON;

std::optional<std::int64_t> number(const json::Object& object, const std::string& key) {
  if (!object.has(key) || object.isNull(key)) return std::nullopt;
  return object.getValue<Poco::Int64>(key);
}

DescribedOption read_option(const json::Object& object) {
  DescribedOption option;
  option.name = object.getValue<std::string>("name");
  option.type = object.optValue<std::string>("type", "string");
  option.required = object.optValue<bool>("required", false);
  option.secret = object.optValue<bool>("secret", false);
  option.prefix = object.optValue<bool>("prefix", false);
  option.help = object.optValue<std::string>("help", "");
  option.min = number(object, "min");
  option.max = number(object, "max");
  const auto values = object.getArray("values");
  for (unsigned i = 0; !values.isNull() && i < values->size(); ++i) option.values.push_back(values->getElement<std::string>(i));
  return option;
}

}  // namespace

Result<Description> read_description(std::string_view text) {
  try {
    const auto root = json::Parser().parse(std::string(text)).extract<json::Object::Ptr>();
    Description description;
    description.summary = root->optValue<std::string>("summary", "");
    if (!root->has("options")) return description;
    const auto options = root->getArray("options");
    if (options.isNull()) return Status(Code::bad_data, "\"options\" is no array");
    for (unsigned i = 0; i < options->size(); ++i) {
      const auto object = options->getObject(i);
      if (object.isNull()) return Status(Code::bad_data, "option " + std::to_string(i + 1) + " is no object");
      description.options.push_back(read_option(*object));
    }
    return description;
  } catch (const Poco::Exception& error) {
    return Status(Code::bad_data, error.displayText());
  } catch (const std::exception& error) {
    return Status(Code::bad_data, error.what());
  }
}

}  // namespace qonduit::plugin
