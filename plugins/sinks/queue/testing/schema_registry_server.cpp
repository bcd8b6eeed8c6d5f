#include "schema_registry_server.hpp"

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <thread>

#include "plugins/sinks/queue/core/http_client.hpp"
#include "plugins/sinks/testing/certificates.hpp"
#include "tests/paths.hpp"

namespace qonduit::queue::testing {
namespace {

namespace fs = std::filesystem;
using sinks::testing::ChildProcess;
using sinks::testing::free_port;

constexpr const char* kNginx = "/usr/sbin/nginx";
constexpr const char* kApi = "/apis/ccompat/v7";
constexpr auto kPatience = std::chrono::seconds(120);

void wait_for(ChildProcess& server, const std::string& log, const std::function<bool()>& ready) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!ready()) {
    if (!server.running() || std::chrono::steady_clock::now() > until) {
      std::ifstream words(log);
      throw std::runtime_error("a server did not start: " + std::string(std::istreambuf_iterator<char>(words), {}));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

}  // namespace

SchemaRegistryServer::SchemaRegistryServer(std::unique_ptr<sinks::testing::SharedServer> keeper) : keeper_(std::move(keeper)) {
  if (!keeper_) {
    make();
    return;
  }
  const auto place = keeper_->place();
  folder_ = place.folder;
  port_ = place.ports.at(0);
  tls_port_ = place.ports.at(1);
  start_front();
}

void SchemaRegistryServer::make() {
  port_ = free_port();
  tls_port_ = free_port();
  const auto program = fs::path(paths::source(SCHEMA_REGISTRY_FOLDER)) / "apicurio-registry-app-3.0.9-runner.jar";
  if (!fs::exists(kNginx)) throw std::runtime_error("nginx is not installed: scripts/install-packages test");
  if (!fs::exists(program)) throw std::runtime_error(program.string() + " is missing: run the test SchemaRegistryInstall");
  auto pattern = (fs::temp_directory_path() / "qonduit-registry-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
  folder_ = pattern;
  sinks::testing::make_certificates(folder_);
  std::ofstream(folder_ / "users") << "etl:{PLAIN}etl-secret\n";
  std::ofstream(folder_ / "nginx.conf")
      << "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\n"
         "access_log off;\nclient_body_temp_path body;\nproxy_temp_path proxy;\nfastcgi_temp_path fastcgi;\n"
         "uwsgi_temp_path uwsgi;\nscgi_temp_path scgi;\nserver {\nlisten 127.0.0.1:"
      << tls_port_
      << " ssl;\nssl_certificate server.crt;\nssl_certificate_key server.key;\n"
         "auth_basic registry;\nauth_basic_user_file users;\n"
         "location /forbidden { return 403; }\nlocation /moved { return 301 https://localhost/; }\n"
         "location /overloaded { return 503; }\n"
         "location /confluent/subjects { return 404 '{\"error_code\":40403,\"message\":\"Schema not found\"}'; }\n"
         "location /confluent/compatibility { return 200 '{\"is_compatible\":false,\"messages\":[\"one\",\"two\"]}'; }\n"
         "location / { proxy_pass http://127.0.0.1:"
      << port_ << "; }\n}\n}\n";
  server_ =
      std::make_unique<ChildProcess>(std::vector<std::string>{"/usr/bin/env", "java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                                                              "-Xmx256m", "-Djava.io.tmpdir=" + pattern, "-Dquarkus.http.host=127.0.0.1",
                                                              "-Dquarkus.http.port=" + std::to_string(port_),
                                                              "-Dapicurio.rules.global.compatibility=BACKWARD", "-jar", program.string()},
                                     file("server.log"));
  HttpClient http({"http://127.0.0.1:" + std::to_string(port_), {}, {}, {}});
  wait_for(*server_, file("server.log"), [&] {
    const auto reply = http.request(std::string(kApi) + "/subjects");
    return reply && reply->status == 200;
  });
  start_front();
}

SchemaRegistryServer::~SchemaRegistryServer() {
  if (keeper_) return;
  front_.reset();
  server_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

SchemaRegistryServer& SchemaRegistryServer::shared() {
  static SchemaRegistryServer server(sinks::testing::SharedServer::find("schema_registry"));
  return server;
}

sinks::testing::KeptServer SchemaRegistryServer::kept() {
  return {{folder_, {port_, tls_port_}}, {{"start front", [this] { start_front(); }}, {"stop front", [this] { stop_front(); }}}};
}

void SchemaRegistryServer::stop_front() {
  if (keeper_) return keeper_->ask("stop front");
  front_.reset();
}

void SchemaRegistryServer::start_front() {
  if (keeper_) return keeper_->ask("start front");
  if (front_ && front_->running()) return;
  front_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{kNginx, "-p", folder_.string() + "/", "-c", "nginx.conf", "-e", "stderr"}, file("nginx.log"));
  HttpClient http({tls_url("localhost", ""), {}, {}, file("ca.crt")});
  wait_for(*front_, file("nginx.log"), [&] { return http.request("/overloaded").has_value(); });
}

std::string SchemaRegistryServer::url() const { return "http://127.0.0.1:" + std::to_string(port_) + kApi; }

std::string SchemaRegistryServer::tls_url(const std::string& host, const std::string& path) const {
  return "https://" + host + ":" + std::to_string(tls_port_) + path;
}

std::string SchemaRegistryServer::get(const std::string& path) const {
  const auto reply = HttpClient({url(), {}, {}, {}}).request(path);
  if (!reply) throw std::runtime_error(reply.error().message());
  if (reply->status != 200) throw std::runtime_error(path + ": HTTP " + std::to_string(reply->status) + ": " + reply->body);
  return reply->body;
}

}  // namespace qonduit::queue::testing
