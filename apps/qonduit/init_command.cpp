// init: a first configuration, from what there is in a living app.
#include <filesystem>
#include <iostream>

#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/explorer.hpp"
#include "apps/qonduit/new_file.hpp"
#include "apps/qonduit/open_object.hpp"
#include "apps/qonduit/starter_file.hpp"
#include "apps/qonduit/text.hpp"
#include "core/config/keys.hpp"
#include "core/config/properties.hpp"
#include "qonduit/list.hpp"

namespace qonduit::app {
namespace {

// The connection of the flags, as if it were configured.
constexpr std::string_view kNewConnection = "engine";

Arguments with_connection(const Arguments& arguments, const Beginning& beginning) {
  auto with = arguments;
  if (beginning.url.empty()) return with;
  const auto set = [&](const char* key, const std::string& value) {
    if (!value.empty()) with.overrides.push_back("connection." + std::string(kNewConnection) + "." + key + "=" + value);
  };
  set("url", beginning.url);
  set("user", beginning.user);
  set("certificates", beginning.certificates);
  return with;
}

std::string absolute(const std::string& path) {
  if (path.empty() || path.starts_with("${")) return path;
  std::error_code error;
  const auto whole = std::filesystem::absolute(path, error);
  return error ? path : whole.lexically_normal().string();
}

// What is set of the connection, by whatever file, for a file elsewhere; and where the plugins are.
void add_settings(const config::LoadResult& loaded, const std::string& connection, StarterFile& file) {
  const auto find = [&](const std::string& key) -> const config::Effective* {
    for (const auto& entry : loaded.effective) {
      if (entry.key == key && entry.origin.source != "default") return &entry;
    }
    return nullptr;
  };
  for (const auto& key : config::connection_keys()) {
    const auto* entry = find("connection." + connection + "." + std::string(key.name));
    if (entry == nullptr || entry->portable.empty()) continue;
    file.settings.emplace_back(key.name, key.type == "path" ? absolute(entry->portable) : entry->portable);
  }
  if (const auto* entry = find("plugins.path"); entry != nullptr) {
    auto folders = parse_list(entry->portable);
    if (!folders) return;
    for (auto& folder : *folders) folder = absolute(folder);
    file.globals.emplace_back("plugins.path", list_text(*folders));
  }
}

// Opens it as a run would; whatever keeps it from being read is the reason to leave it out.
Result<StarterObject> look_at(Explorer& explorer, const engine::ObjectRef& object, const std::stop_token& stop) {
  StarterObject found{object.id, object.title, object.type, object.sheet_title, {}, {}, {}, {}};
  OpenObject opened;
  const auto status = open_object(explorer.session(), explorer.adapters(), object, {}, stop, opened);
  if (!status.ok() && (status.code() == Code::cancelled || retryable(status.code()))) return status;
  if (object.sight == engine::ObjectRef::Sight::hidden) found.hidden = object.reason;
  found.left_out = !status.ok() ? status.message() : id_problem(object.id);
  if (opened.plan == nullptr) return found;
  found.title = opened.plan->facts.title;
  found.type = opened.plan->facts.type;
  if (opened.datasets.empty()) {
    found.left_out = "holds no data";
    return found;
  }
  found.notes = opened.plan->notes;
  found.notes.insert(found.notes.end(), opened.plan->warnings.begin(), opened.plan->warnings.end());
  for (const auto& dataset : opened.datasets) {
    if (dataset.reader == nullptr) {
      if (retryable(dataset.status.code())) return dataset.status;
      if (found.left_out.empty()) found.left_out = dataset.status.message();
      continue;
    }
    found.size += (found.size.empty() ? "" : "; ") + (dataset.name.empty() ? "" : dataset.name + ": ") +
                  counted(dataset.reader->rows(), "row") + " × " +
                  counted(static_cast<std::int64_t>(dataset.schema.fields.size()), "column");
  }
  return found;
}

// Reads the text back as a run would. A mistake in it is one of this program.
Status check_text(const std::string& text, const plugin::Registry& registry) {
  std::vector<std::string> overrides;
  for (const auto& property : config::parse_properties(text)) overrides.push_back(config::override_of(property.key, property.value));
  const auto loaded = config::load("", overrides);
  std::string problems;
  for (const auto& problem : loaded.problems) problems += "; " + problem.text();
  for (const auto& pipeline : loaded.config.pipelines) {
    for (const auto& problem : pipeline::bind(loaded.config, registry, pipeline).problems) problems += "; " + problem.text();
  }
  if (problems.empty()) return {};
  return {Code::internal, "the configuration would not be valid" + problems};
}

}  // namespace

int init_command(const Arguments& arguments, const Exploration& what, const Beginning& beginning, const std::stop_token& stop) {
  const auto existing = beginning.force ? Existing::replace : Existing::keep;
  // Before minutes of reading, not behind them.
  if (!beginning.to.empty()) {
    if (auto status = can_write_new_file(beginning.to, existing); !status.ok()) return failed_with(kRunFailed, status.message());
  }
  const auto with = with_connection(arguments, beginning);
  auto exploration = what;
  if (!beginning.url.empty()) exploration.connection = kNewConnection;
  Explorer explorer(with, exploration, stop, beginning.url.empty() ? Need::required : Need::optional);
  if (!explorer.open_app()) return explorer.exit_code();
  if (!explorer.find_adapters()) return explorer.exit_code();

  StarterFile file;
  file.connection = explorer.connection().name;
  file.app_title = explorer.session().app().title, file.app_id = explorer.session().app().id;
  if (const auto problem = id_problem(file.app_id); !problem.empty())
    return explorer.fail({Code::unsupported, "app '" + file.app_title + "': " + problem});
  add_settings(explorer.host().loaded, file.connection, file);
  const auto objects = engine::Catalog(explorer.session()).resolve({"sheet:" + (what.sheet.empty() ? "*" : what.sheet) + "/*"});
  if (!objects) return explorer.fail(objects.error());
  bool any = false;
  for (const auto& object : *objects) {
    auto found = look_at(explorer, object, stop);
    if (!found) return explorer.fail(found.error());
    any = any || found->left_out.empty();
    file.objects.push_back(std::move(*found));
  }
  if (!any) return explorer.fail({Code::not_found, "there is nothing to read: none of the objects has data that an adapter reads"});

  const auto text = starter_text(file);
  if (auto status = check_text(text, explorer.host().registry); !status.ok()) return explorer.fail(status);
  if (beginning.to.empty()) {
    std::cout << text;
    return kDone;
  }
  if (auto status = write_new_file(beginning.to, text, existing); !status.ok()) return explorer.fail(status);
  if (!arguments.quiet)
    std::cout << "wrote " << printable(beginning.to) << "; next: qonduit -c " << printable(beginning.to) << " explain\n";
  return kDone;
}

}  // namespace qonduit::app
