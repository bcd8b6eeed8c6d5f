#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <iostream>
#include <sstream>

#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/host.hpp"
#include "apps/qonduit/json_output.hpp"
#include "apps/qonduit/text.hpp"
#include "qonduit/list.hpp"

namespace qonduit::app {
namespace {

Poco::JSON::Object::Ptr parse(std::string_view json) {
  return Poco::JSON::Parser().parse(std::string(json)).extract<Poco::JSON::Object::Ptr>();
}

std::string kind_of(const plugin::Component& component) { return component.is_adapter() ? "adapter" : "sink"; }

Poco::JSON::Object::Ptr object_of(const plugin::Component& component) {
  auto object = parse(component.describe_json());
  object->set("name", std::string(component.name()));
  object->set("kind", kind_of(component));
  object->set("plugin", std::string(component.plugin_name()));
  object->set("version", std::string(component.plugin_version()));
  object->set("path", component.path().string());
  return object;
}

// As a file says it: blanks at the ends are kept in quotes only.
std::string pasted(const std::string& value) { return without_blanks(value) == value ? value : in_quotes(value); }

void describe(const plugin::Component& component) {
  const auto description = parse(component.describe_json());
  std::cout << component.name() << " (" << kind_of(component) << ", plugin " << component.plugin_name() << ' ' << component.plugin_version()
            << "): " << printable(description->optValue<std::string>("summary", "")) << '\n'
            << component.path().string() << "\n\n";
  const auto options = description->getArray("options");
  if (options.isNull()) return;
  const std::string prefix = component.is_adapter() ? "pipeline.NAME.adapter." + std::string(component.name()) + "." : "sink.NAME.";
  for (std::size_t i = 0; i < options->size(); ++i) {
    const auto option = options->getObject(static_cast<unsigned>(i));
    std::cout << "# " << printable(option->optValue<std::string>("help", ""));
    if (const auto values = option->getArray("values"); !values.isNull() && values->size() > 0) {
      std::cout << " One of:";
      for (std::size_t v = 0; v < values->size(); ++v)
        std::cout << (v == 0 ? " " : ", ") << values->getElement<std::string>(static_cast<unsigned>(v));
      std::cout << '.';
    }
    const bool required = option->optValue<bool>("required", false);
    const bool is_prefix = option->optValue<bool>("prefix", false);
    std::cout << '\n'
              << (required ? "" : "#") << prefix << option->getValue<std::string>("name") << (is_prefix ? "NAME" : "") << " = "
              << printable(pasted(option->optValue<std::string>("default", ""))) << '\n';
  }
}

}  // namespace

int plugins_command(const Arguments& arguments, const std::string& name) {
  Host host;
  load_configuration(host, arguments, Need::optional);
  if (host.exit_code != 0) return host.exit_code;
  load_plugins(host);  // what was refused is printed; the others are listed all the same
  if (host.exit_code == kConfiguration) return host.exit_code;
  if (host.plugins_refused) host.exit_code = kPluginRefused;

  if (!name.empty()) {
    bool found = false;
    for (const auto& component : host.registry.components()) {
      if (component.name() != name) continue;
      found = true;
      if (arguments.json) {
        print_json(std::cout, object_of(component));
      } else {
        describe(component);
      }
    }
    if (!found) {
      refuse(host, kUsage, host.registry.unknown_component(name));
      return kUsage;
    }
    return host.exit_code;
  }
  if (arguments.json) {
    Poco::JSON::Array components;
    for (const auto& component : host.registry.components()) components.add(object_of(component));
    print_json(std::cout, components);
    return host.exit_code;
  }
  for (const auto& component : host.registry.components()) {
    const auto description = parse(component.describe_json());
    std::cout << component.name() << "  " << kind_of(component) << "  " << component.plugin_name() << ' ' << component.plugin_version()
              << "  " << printable(description->optValue<std::string>("summary", "")) << '\n';
  }
  return host.exit_code;
}

}  // namespace qonduit::app
