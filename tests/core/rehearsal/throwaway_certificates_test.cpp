#include "core/rehearsal/throwaway_certificates.hpp"

#include <gtest/gtest.h>

#include <stdlib.h>
#include <sys/stat.h>

#include <set>

#include "core/engine/certificates.hpp"

namespace qonduit::rehearsal {
namespace {

namespace fs = std::filesystem;

TEST(ThrowawayCertificates, AreWhatAConnectionTakes) {
  auto pattern = (fs::temp_directory_path() / "qonduit-certificates-XXXXXX").string();
  const fs::path folder = ::mkdtemp(pattern.data());
  ASSERT_TRUE(make_certificates(folder).ok());
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.insert(entry.path().filename());
    struct stat info {};
    ASSERT_EQ(::stat(entry.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 077, 0u) << entry.path();
  }
  EXPECT_EQ(names, (std::set<std::string>{"root.pem", "server.pem", "server_key.pem", "client.pem", "client_key.pem"}))
      << "no key of the authority";
  config::Connection connection;
  connection.url = "wss://localhost:1/app";
  connection.root_certificate = folder / "root.pem";
  connection.client_certificate = folder / "client.pem";
  connection.client_key = folder / "client_key.pem";
  const auto material = engine::load_certificates(connection);
  EXPECT_TRUE(material.status().ok()) << material.status().message();
  EXPECT_EQ(make_certificates(folder).code(), Code::io) << "never over others";
  fs::remove_all(folder);
}

}  // namespace
}  // namespace qonduit::rehearsal
