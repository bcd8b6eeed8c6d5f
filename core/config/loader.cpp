#include "core/config/loader.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "core/config/keys.hpp"
#include "core/config/properties.hpp"
#include "core/config/references.hpp"
#include "qonduit/detail/option_text.hpp"

namespace qonduit::config {
namespace {

struct Raw {
  std::string text;
  Origin origin;
  std::size_t order = 0;  // plugins get their options in the order written
};

bool is_name(std::string_view text) {
  if (text.empty()) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

class Loader {
 public:
  LoadResult load(const std::string& main_file, const std::vector<std::string>& overrides) {
    std::error_code error;
    folder_ = std::filesystem::absolute(main_file, error).parent_path();
    read_file(main_file);
    read_folder(folder_ / "conf.d");
    for (const auto& text : overrides) read_override(text);
    resolve();
    build();
    cross_check();
    std::sort(result_.effective.begin(), result_.effective.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    std::stable_sort(result_.problems.begin(), result_.problems.end(), [](const auto& a, const auto& b) {
      return std::pair(a.origin.source, a.origin.line) < std::pair(b.origin.source, b.origin.line);
    });
    return std::move(result_);
  }

 private:
  void problem(Origin origin, std::string key, std::string what) {
    result_.problems.push_back({std::move(origin), std::move(key), std::move(what)});
  }

  void read_file(const std::filesystem::path& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) return problem({path.string(), 0}, "", "is a folder, not a file");
    std::ifstream file(path, std::ios::binary);
    if (!file) return problem({path.string(), 0}, "", std::string("cannot read the configuration: ") + std::strerror(errno));
    std::ostringstream text;
    text << file.rdbuf();
    std::map<std::string, int> seen;
    for (auto& property : parse_properties(text.str())) {
      const Origin origin{path.string(), property.line};
      if (property.key.empty()) {
        problem(origin, "", "a line without a key");
        continue;
      }
      if (const auto [first, fresh] = seen.emplace(property.key, property.line); !fresh) {
        problem(origin, property.key, "is set twice in this file, first in line " + std::to_string(first->second));
      }
      raw_[property.key] = {std::move(property.value), origin, order_++};
    }
  }

  void read_folder(const std::filesystem::path& folder) {
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      if (entry.path().extension() == ".properties") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) read_file(file);
  }

  void read_override(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) return problem({"-D", 0}, text, "is not KEY=VALUE");
    raw_[text.substr(0, equals)] = {text.substr(equals + 1), {"-D", 0}, order_++};
  }

  void resolve() {
    const Lookup lookup = [this](std::string_view key) -> const std::string* {
      const auto found = raw_.find(std::string(key));
      return found == raw_.end() ? nullptr : &found->second.text;
    };
    for (const auto& [key, raw] : raw_) {
      auto expanded = expand(raw.text, folder_, lookup);
      if (!expanded.problem.empty()) {
        problem(raw.origin, key, expanded.problem);
        continue;
      }
      result_.effective.push_back({key, expanded.secret ? "********" : expanded.text, raw.origin});
      values_[key] = {std::move(expanded.text), expanded.secret, raw.origin};
    }
  }

  // Sorts every key to its section. Values that could not be resolved have their problem already.
  void build() {
    for (const auto& [key, raw] : raw_) {
      const auto dot = key.find('.');
      const auto section = key.substr(0, dot);
      if (section == "connection" || section == "pipeline" || section == "sink") {
        const auto second = dot == std::string::npos ? std::string::npos : key.find('.', dot + 1);
        if (second == std::string::npos || !is_name(std::string_view(key).substr(dot + 1, second - dot - 1))) {
          problem(raw.origin, key, "write " + section + ".NAME.KEY, with a NAME of letters, digits, '-' and '_'");
          continue;
        }
        sections_[section][key.substr(dot + 1, second - dot - 1)].emplace_back(key.substr(second + 1), key);
      } else if (!is_global(key)) {
        unknown(raw.origin, key, key, global_names());
      }
    }
    set_keys(result_.config, global_keys(), "", nullptr);
    for (const auto& [name, keys] : sections_["connection"]) build_connection(name, keys);
    for (const auto& [name, keys] : sections_["sink"]) build_sink(name, keys);
    for (const auto& [name, keys] : sections_["pipeline"]) build_pipeline(name, keys);
  }

  using Keys = std::vector<std::pair<std::string, std::string>>;  // key within the section, full key

  static bool is_global(const std::string& key) {
    return std::any_of(global_keys().begin(), global_keys().end(), [&](const auto& known) { return known.name == key; });
  }
  static std::vector<std::string_view> global_names() {
    std::vector<std::string_view> names{"connection.NAME.url", "pipeline.NAME.app", "sink.NAME.type"};
    for (const auto& key : global_keys()) names.push_back(key.name);
    return names;
  }

  void unknown(const Origin& origin, const std::string& key, std::string_view part, const std::vector<std::string_view>& known) {
    problem(origin, key, "is unknown" + qonduit::detail::suggestion(part, known));
  }

  // Sets what is given, in the table's order; remembers defaults as effective; names what is missing.
  template <typename T>
  void set_keys(T& target, const std::vector<Key<T>>& table, const std::string& prefix, const Origin* section) {
    for (const auto& key : table) {
      const auto full = prefix + std::string(key.name);
      const auto value = values_.find(full);
      if (value != values_.end()) {
        if (auto what = key.set(target, value->second); !what.empty()) problem(value->second.origin, full, std::move(what));
      } else if (raw_.contains(full)) {
        continue;
      } else if (key.required) {
        problem(section == nullptr ? Origin() : *section, full, "is missing: " + std::string(key.help));
      } else if (!key.fallback.empty()) {
        result_.effective.push_back({full, std::string(key.fallback), {"default", 0}});
      }
    }
  }

  template <typename T>
  void check_known(const Keys& keys, const std::vector<Key<T>>& table, const std::function<bool(const std::string&)>& also = {}) {
    std::vector<std::string_view> names;
    for (const auto& key : table) names.push_back(key.name);
    for (const auto& [part, full] : keys) {
      if (std::find(names.begin(), names.end(), part) != names.end() || (also && also(part))) continue;
      unknown(raw_.at(full).origin, full, part, names);
    }
  }

  Origin first_origin(const Keys& keys) const {
    const Raw* first = nullptr;
    for (const auto& [part, full] : keys) {
      const auto& raw = raw_.at(full);
      if (first == nullptr || raw.order < first->order) first = &raw;
    }
    return first->origin;
  }

  void build_connection(const std::string& name, const Keys& keys) {
    Connection connection;
    connection.name = name;
    connection.origin = first_origin(keys);
    check_known(keys, connection_keys());
    const auto prefix = "connection." + name + ".";
    set_keys(connection, connection_keys(), prefix, &connection.origin);
    check_connection(connection, prefix);
    result_.config.connections.push_back(std::move(connection));
  }

  void check_connection(const Connection& connection, const std::string& prefix) {
    const auto& origin = connection.origin;
    const bool plain = connection.url.starts_with("ws://");
    if (plain && connection.auth != Auth::none)
      problem(origin, prefix + "url", "is not encrypted: use wss://, or auth = none for Qlik Sense Desktop");
    if (connection.auth == Auth::certificate) {
      if (connection.user.empty() && !raw_.contains(prefix + "user")) {
        problem(origin, prefix + "user", "is missing: write UserDirectory=CORP; UserId=svc_extract");
      } else if (!connection.user.empty() &&
                 (connection.user.find("UserDirectory=") == std::string::npos || connection.user.find("UserId=") == std::string::npos)) {
        problem(origin, prefix + "user", "'" + connection.user + "' is not of the form UserDirectory=CORP; UserId=svc_extract");
      }
      if (connection.client_certificate.empty() || connection.client_key.empty()) {
        problem(origin, prefix + "certificates", "is missing: the folder with root.pem, client.pem and client_key.pem");
      }
    }
    if (connection.auth == Auth::header && connection.user.empty())
      problem(origin, prefix + "user", "is missing: the value of the header that logs in");
    if (!plain && connection.root_certificate.empty() && !connection.system_trust) {
      problem(origin, prefix + "trust", "nobody is trusted: set certificates, root-certificate, or trust = system");
    }
  }

  void build_sink(const std::string& name, const Keys& keys) {
    Sink sink;
    sink.name = name;
    sink.origin = first_origin(keys);
    set_keys(sink, sink_keys(), "sink." + name + ".", &sink.origin);
    sink.options = options_of(keys, "", [](const std::string& part) { return part != "type"; });
    result_.config.sinks.push_back(std::move(sink));
  }

  // The keys whose part begins with prefix, prefix removed, in the order written.
  std::vector<Option> options_of(const Keys& keys, const std::string& prefix, const std::function<bool(const std::string&)>& wanted) {
    std::vector<std::pair<std::size_t, Option>> found;
    for (const auto& [part, full] : keys) {
      if (!part.starts_with(prefix) || !wanted(part)) continue;
      const auto value = values_.find(full);
      if (value == values_.end()) continue;
      found.emplace_back(raw_.at(full).order,
                         Option{part.substr(prefix.size()), Secret(value->second.text), value->second.secret, value->second.origin});
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Option> options;
    for (auto& [order, option] : found) options.push_back(std::move(option));
    return options;
  }

  void build_pipeline(const std::string& name, const Keys& keys) {
    Pipeline pipeline;
    pipeline.name = name;
    pipeline.origin = first_origin(keys);
    const auto is_adapter_option = [](const std::string& part) { return part.starts_with("adapter."); };
    check_known(keys, pipeline_keys(), is_adapter_option);
    set_keys(pipeline, pipeline_keys(), "pipeline." + name + ".", &pipeline.origin);
    std::set<std::string> adapters;
    for (const auto& [part, full] : keys) {
      if (!is_adapter_option(part)) continue;
      const auto dot = part.find('.', 8);
      if (dot == std::string::npos || dot == 8) {
        problem(raw_.at(full).origin, full, "write pipeline.NAME.adapter.ADAPTER.OPTION");
        continue;
      }
      adapters.insert(part.substr(8, dot - 8));
    }
    for (const auto& adapter : adapters) {
      pipeline.adapter_options.emplace_back(adapter, options_of(keys, "adapter." + adapter + ".", [](const std::string&) { return true; }));
    }
    result_.config.pipelines.push_back(std::move(pipeline));
  }

  void cross_check() {
    std::vector<std::string_view> connections;
    std::vector<std::string_view> sinks;
    for (const auto& connection : result_.config.connections) connections.push_back(connection.name);
    for (const auto& sink : result_.config.sinks) sinks.push_back(sink.name);
    for (const auto& pipeline : result_.config.pipelines) {
      const auto prefix = "pipeline." + pipeline.name + ".";
      const auto origin_of = [&](const std::string& key) {
        const auto found = raw_.find(prefix + key);
        return found == raw_.end() ? pipeline.origin : found->second.origin;
      };
      if (!pipeline.connection.empty() && result_.config.find_connection(pipeline.connection) == nullptr) {
        problem(origin_of("connection"), prefix + "connection",
                "there is no connection '" + pipeline.connection + "'" + qonduit::detail::suggestion(pipeline.connection, connections));
      }
      for (const auto& sink : pipeline.sinks) {
        if (result_.config.find_sink(sink) == nullptr) {
          problem(origin_of("sinks"), prefix + "sinks", "there is no sink '" + sink + "'" + qonduit::detail::suggestion(sink, sinks));
        }
      }
      if (pipeline.objects.empty() && values_.contains(prefix + "objects"))
        problem(origin_of("objects"), prefix + "objects", "names nothing: write sheet:NAME/* or object:ID");
      if (pipeline.sinks.empty() && values_.contains(prefix + "sinks")) problem(origin_of("sinks"), prefix + "sinks", "names no sink");
    }
  }

  std::filesystem::path folder_;
  std::map<std::string, Raw> raw_;
  std::map<std::string, Value> values_;
  std::map<std::string, std::map<std::string, Keys>> sections_;
  std::size_t order_ = 0;
  LoadResult result_;
};

template <typename T>
const T* find(const std::vector<T>& items, std::string_view name) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

const Connection* Config::find_connection(std::string_view name) const { return find(connections, name); }
const Pipeline* Config::find_pipeline(std::string_view name) const { return find(pipelines, name); }
const Sink* Config::find_sink(std::string_view name) const { return find(sinks, name); }

std::string Problem::text() const {
  std::string out = origin.source.empty() ? "" : origin.text() + ": ";
  if (!key.empty()) out += key + ": ";
  return out + what;
}

LoadResult load(const std::string& main_file, const std::vector<std::string>& overrides) { return Loader().load(main_file, overrides); }

}  // namespace qonduit::config
