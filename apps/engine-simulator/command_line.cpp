// All there is of CLI11 in the simulator, because it is slow to compile.
#include "command_line.hpp"

#include <Poco/Exception.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <utility>

namespace qonduit::simulator {
namespace {

void add_serving_options(CLI::App& cli, Options& options, std::string& certs) {
  cli.add_option("--host", options.host, "Address to listen on")->capture_default_str();
  cli.add_option("--port", options.port, "Port to listen on; 0 chooses a free one")->capture_default_str();
  cli.add_option("--port-file", options.port_file, "Write the port to this file once it listens");
  cli.add_option("--fault-report", options.fault_report,
                 "Write which faults happened and which methods were called, and how often, to this file at the end (JSON)");
  cli.add_flag("--plain", options.plain, "No TLS (loopback only)");
  cli.add_flag("--desktop", options.desktop, "A Desktop: no TLS (loopback only), no user header, IsDesktopMode is true");
  cli.add_option("--certs", certs, "Folder with server.pem, server_key.pem and root.pem");
  cli.add_option("--cert", options.certificate, "Server certificate, PEM");
  cli.add_option("--key", options.key, "Private key of the server certificate, PEM");
  cli.add_option("--ca", options.ca, "CA that client certificates must come from, PEM");
  cli.add_option("--app", options.apps, "Folder of a data app (app.json and CSV files); repeatable")->allow_extra_args(false);
  cli.add_flag("--gallery", options.gallery, "Serve the app Gallery: one object of every kind over a little data");
  cli.add_flag("--synthetic", options.synthetic, "Serve the synthetic app");
  cli.add_option("--rows", options.shape.rows, "Rows of the synthetic table")->capture_default_str();
  cli.add_option("--columns", options.shape.columns, "Columns of the synthetic table")->capture_default_str()->check(CLI::Range(1, 100000));
  cli.add_option("--text-columns", options.shape.text_columns, "How many of them are text dimensions")->capture_default_str();
  cli.add_option("--seed", options.shape.seed, "Seed of the synthetic values")->capture_default_str();
  cli.add_option("--layouts", options.layouts, "Folder of captured layouts; each file becomes an app");
  cli.add_flag("--layouts-trim", options.layouts_trim, "Rewrite qSize to the rows a capture holds");
  cli.add_option("--cassette", options.cassettes, "Recording of an app (qonduit record) to play; repeatable")->allow_extra_args(false);
  cli.add_option("--session-limit", options.session_limit, "Sessions of one user at once; 0: any number")->capture_default_str();
}

void add_assumption_options(CLI::App& cli, Assumptions& assumptions) {
  std::string keys;
  for (const auto& key : assumption_keys()) keys.append(keys.empty() ? "" : ", ").append(key);
  cli.add_option_function<std::vector<std::string>>(
         "--assume",
         [&assumptions](const std::vector<std::string>& given) {
           for (const auto& text : given) {
             try {
               assume(text, assumptions);
             } catch (const Poco::Exception& error) {
               throw CLI::ValidationError("--assume", error.message());
             }
           }
         },
         "KEY=VALUE: what is unknown of an engine, played another way than by default; repeatable. " + keys)
      ->group("Unknown of engines")
      ->allow_extra_args(false);
}

void add_proxy_options(CLI::App& cli, ProxyOptions& proxy) {
  const char* group = "Proxy mode";
  cli.add_flag("--proxy", proxy.enabled, "Ask for what a virtual proxy or a tenant asks for, instead of a client certificate")
      ->group(group);
  cli.add_option("--proxy-prefix", proxy.prefix, "Prefix of the virtual proxy")->group(group);
  cli.add_option("--proxy-header", proxy.header, "Header authentication: the header that names the user")->group(group);
  cli.add_option("--proxy-user-directory", proxy.user_directory, "Directory of users that come without one")
      ->capture_default_str()
      ->group(group);
  cli.add_option("--proxy-jwt-key", proxy.jwt_key, "JWT authentication, RS256: the public key, PEM; claims userDirectory and userId")
      ->group(group);
  cli.add_flag("--proxy-tickets", proxy.tickets, "Give tickets to callers with a client certificate")->group(group);
  cli.add_option("--proxy-api-key", proxy.api_keys, "An API key that is let in; repeatable")->group(group);
  cli.add_option("--proxy-oauth", proxy.oauth_client, "CLIENT_ID:SECRET that /oauth/token gives tokens to")->group(group);
  cli.add_flag("--proxy-csrf", proxy.csrf, "Refuse upgrades without the token of /qps/csrftoken")->group(group);
  cli.add_option("--proxy-allow", proxy.allowed_hosts, "Host names that may be asked for; repeatable")->group(group);
  // Named values as texts: CLI11 would show the enumeration's bytes.
  static const std::map<std::string, ProxyOptions::Tells> times = {
      {"first", ProxyOptions::Tells::first}, {"after-call", ProxyOptions::Tells::after_call}, {"never", ProxyOptions::Tells::never}};
  cli.add_option_function<std::string>(
         "--proxy-tells", [&proxy](const std::string& when) { proxy.tells = times.at(when); },
         "When OnAuthenticationInformation is sent: first, after-call, never")
      ->check(CLI::IsMember({"first", "after-call", "never"}))
      ->default_str("first")
      ->group(group);
}

void add_fault_options(CLI::App& cli, Faults& faults) {
  const std::string group = "Faults (0 is off)";
  cli.add_option_function<std::string>(
         "--profile",
         [&faults](const std::string& name) {
           try {
             apply_profile(name, faults);
           } catch (const Poco::Exception& error) {
             throw CLI::ValidationError("--profile", error.message());
           }
         },
         "A day as it may be: calm, distant, busy, flaky, reloading, morning, quota, bad-day, or a .properties file; options after it win")
      ->group(group)
      ->trigger_on_parse();
  cli.add_option("--seed-of-faults", faults.seed, "Seed of what is random about faults")->group(group);
  cli.add_option("--latency", faults.latency_ms, "Milliseconds by which every reply is late")->group(group);
  cli.add_option("--abort-every", faults.abort_every, "Error 15 on every Nth data call")->group(group);
  cli.add_option("--max-cells", faults.max_cells, "Cells of one data call above which it fails with 7009")
      ->capture_default_str()
      ->group(group);
  cli.add_option("--max-reply-bytes", faults.max_reply_bytes, "Bytes of a reply above which it becomes error -32604")->group(group);
  cli.add_option("--drop-after", faults.drop_after, "Cut the connection after N data calls, once")->group(group);
  cli.add_option("--short-pages", faults.short_pages, "At most N rows in a page")->group(group);
  cli.add_option("--change-after", faults.change_after, "Change the data after N data calls, once")->group(group);
  cli.add_option("--reload-time", faults.reload_ms, "Milliseconds a reload takes")->group(group);
  cli.add_option("--fragment", faults.fragment_bytes, "Send replies in frames of this many bytes")->group(group);
  cli.add_option("--ping-every", faults.ping_every_ms, "Milliseconds between WebSocket pings")->group(group);
  cli.add_flag("--out-of-order", faults.out_of_order, "Every second reply is overtaken by the next")->group(group);
  cli.add_flag("--no-data", faults.no_data, "Apps open without their data")->group(group);
  cli.add_option("--notify", faults.notify, "Refuse sessions with this notification, e.g. OnMaxParallelSessionsExceeded")->group(group);
}

}  // namespace

std::variant<CommandLine, int> read_command_line(int argc, char** argv) {
  CLI::App cli{
      "A QIX engine for demos, rehearsals and tests.\n\nExample: qonduit-simulator --port 0 --certs certs/dev --synthetic --rows 1000000"};
  cli.set_version_flag("--version", QONDUIT_VERSION);
  CommandLine line;
  auto& options = line.options;
  std::string certs;
  add_serving_options(cli, options, certs);
  add_proxy_options(cli, options.proxy);
  add_assumption_options(cli, options.assumptions);
  add_fault_options(cli, options.faults);
  std::string demo_folder;
  CLI::App* make_demo = cli.add_subcommand("make-demo", "Write the demo app, Consumer Sales, into a folder");
  make_demo->add_option("DIR", demo_folder, "Folder to write to; made when missing")->required();
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? kDone : kUsage;
  }
  if (make_demo->parsed()) {
    line.demo_folder = std::move(demo_folder);
    return line;
  }
  if (!certs.empty()) {
    if (options.certificate.empty()) options.certificate = certs + "/server.pem";
    if (options.key.empty()) options.key = certs + "/server_key.pem";
    if (options.ca.empty()) options.ca = certs + "/root.pem";
  }
  options.plain = options.plain || options.desktop;
  if (!options.plain && (options.certificate.empty() || options.key.empty() || options.ca.empty())) {
    std::cerr << "qonduit-simulator: mutual TLS needs --certs DIR, or --cert, --key and --ca (make them with certs/make-dev-certs.sh); "
                 "--plain and --desktop go without\n";
    return kUsage;
  }
  if (!options.gallery && !options.synthetic && options.layouts.empty() && options.apps.empty() && options.cassettes.empty()) {
    std::cerr << "qonduit-simulator: nothing to serve; give --gallery, --synthetic, --layouts DIR, --cassette FILE or --app DIR\n";
    return kUsage;
  }
  return line;
}

}  // namespace qonduit::simulator
