// qonduit-simulator: serves simulated Qlik apps until it is told to end.
#include <Poco/Exception.h>
#include <Poco/Net/NetSSL.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <variant>

#include "apps/demo.hpp"
#include "command_line.hpp"
#include "json.hpp"
#include "wire/server.hpp"

namespace {

using namespace qonduit::simulator;

// Whole or not at all: whoever waits for the file never reads half of it.
void write_whole(const std::string& path, const std::string& text) {
  const std::string partial = path + ".partial";
  std::ofstream file(partial);
  file << text << '\n';
  file.close();
  if (!file) throw Poco::WriteFileException(path);
  std::filesystem::rename(partial, path);
}

std::string fault_report(const FaultCounter& counter) {
  auto faults = object();
  for (const auto& [fault, times] : counter.noted()) faults->set(fault, times);
  auto calls = object();
  for (const auto& [method, times] : counter.method_calls()) calls->set(method, times);
  return to_text(object({{"dataCalls", counter.data_calls()}, {"faults", faults}, {"calls", calls}}));
}

int serve(const Options& options) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread exists, so that all inherit it
  std::signal(SIGPIPE, SIG_IGN);

  Server server(options);
  server.start();
  if (!options.port_file.empty()) write_whole(options.port_file, std::to_string(server.port()));
  std::cout << "qonduit-simulator listens on " << server.url() << std::endl;
  for (const auto& app : server.engine().apps()) {
    std::cout << "  app " << app->id() << "  " << app->title() << std::endl;
    for (const auto& note : app->notes()) std::cerr << "qonduit-simulator: app " << app->id() << ": " << note << '\n';
  }
  int received = 0;
  sigwait(&signals, &received);
  server.stop();
  if (!options.fault_report.empty()) write_whole(options.fault_report, fault_report(server.engine().fault_counter()));
  return 0;
}

int write_demo(const std::string& folder) {
  try {
    make_demo(folder);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "qonduit-simulator: " << error.what() << '\n';
    return kFailed;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto given = read_command_line(argc, argv);
  if (const auto* code = std::get_if<int>(&given)) return *code;
  const auto& line = std::get<CommandLine>(given);
  if (line.demo_folder) return write_demo(*line.demo_folder);
  try {
    Poco::Net::initializeSSL();
    const int code = serve(line.options);
    Poco::Net::uninitializeSSL();
    return code;
  } catch (const Poco::Exception& error) {
    std::cerr << "qonduit-simulator: " << error.displayText() << '\n';
  } catch (const std::exception& error) {
    std::cerr << "qonduit-simulator: " << error.what() << '\n';
  }
  return kFailed;
}
