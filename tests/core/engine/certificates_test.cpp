// Certificates and keys that are wrong in one way each, made by OpenSSL's command line.
#include "core/engine/certificates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/engine/close_codes.hpp"

namespace qonduit::engine {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

class Certificates : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string pattern = (fs::temp_directory_path() / "qonduit-certs-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    shell(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=root -days 3650 -keyout root_key.pem -out "
        "root.pem");
    for (const std::string name : {"client", "other"}) {
      shell("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name + " -keyout " + name + "_key.pem -out " +
            name + ".csr");
      shell("openssl x509 -req -in " + name + ".csr -CA root.pem -CAkey root_key.pem -CAcreateserial -days 60 -out " + name + ".pem");
    }
    shell("openssl pkcs8 -topk8 -in client_key.pem -passout pass:secret -out locked_key.pem");
    shell("chmod 600 *_key.pem");
  }
  static void TearDownTestSuite() { fs::remove_all(folder); }
  static void shell(const std::string& command) {
    ASSERT_EQ(std::system(("cd " + folder.string() + " && " + command + " >/dev/null 2>&1").c_str()), 0) << command;
  }

  Certificates() {
    connection.name = "c";
    connection.url = "wss://localhost:4747/app";
    connection.root_certificate = folder / "root.pem";
    connection.client_certificate = folder / "client.pem";
    connection.client_key = folder / "client_key.pem";
  }
  std::string refusal(Code code, std::chrono::hours later = std::chrono::hours(0)) {
    const auto material = load_certificates(connection, std::chrono::system_clock::now() + later);
    if (material) return "accepted";
    EXPECT_EQ(material.error().code(), code) << material.error().message();
    return material.error().message();
  }

  static fs::path folder;
  config::Connection connection;
};
fs::path Certificates::folder;

TEST_F(Certificates, AreAcceptedWhenTheyAreRight) {
  const auto material = load_certificates(connection);
  ASSERT_TRUE(material) << material.error().message();
  EXPECT_THAT(material->warnings, IsEmpty());
  EXPECT_FALSE(material->context.isNull());
}

TEST_F(Certificates, AreNotNeededWithoutTls) {
  connection.url = "ws://localhost:4848/app";
  connection.root_certificate = "/none";
  const auto material = load_certificates(connection);
  ASSERT_TRUE(material);
  EXPECT_TRUE(material->context.isNull());
}

TEST_F(Certificates, SayWhichFileIsMissing) {
  connection.client_certificate = folder / "none.pem";
  EXPECT_THAT(refusal(Code::not_found), HasSubstr("client certificate '" + (folder / "none.pem").string()));
}

TEST_F(Certificates, MustBePem) {
  std::ofstream(folder / "text.pem") << "hello";
  connection.root_certificate = folder / "text.pem";
  EXPECT_THAT(refusal(Code::invalid_config), HasSubstr("no certificate in PEM format"));
}

TEST_F(Certificates, MustNotHaveExpired) {
  EXPECT_THAT(refusal(Code::unauthenticated, std::chrono::hours(24 * 61)), HasSubstr("expired on"));
}
TEST_F(Certificates, MustBeValidAlready) {
  EXPECT_THAT(refusal(Code::unauthenticated, -std::chrono::hours(48)), HasSubstr("not valid before"));
}

TEST_F(Certificates, WarnThirtyDaysBeforeTheyEnd) {
  const auto material = load_certificates(connection, std::chrono::system_clock::now() + std::chrono::hours(24 * 40));
  ASSERT_TRUE(material);
  ASSERT_EQ(material->warnings.size(), 1u);
  EXPECT_THAT(material->warnings[0], HasSubstr("expires in 19 days"));
}

TEST_F(Certificates, MustBelongToTheirKey) {
  connection.client_key = folder / "other_key.pem";
  EXPECT_THAT(refusal(Code::invalid_config), HasSubstr("does not belong to"));
}

TEST_F(Certificates, AskForThePassphraseOfALockedKey) {
  connection.client_key = folder / "locked_key.pem";
  EXPECT_THAT(refusal(Code::invalid_config), HasSubstr("needs a passphrase"));
  connection.key_passphrase = config::Secret("wrong");
  EXPECT_THAT(refusal(Code::invalid_config), HasSubstr("does not open"));
  connection.key_passphrase = config::Secret("secret");
  EXPECT_TRUE(load_certificates(connection));
}

TEST_F(Certificates, RefuseAKeyThatOthersCanRead) {
  for (const mode_t mode : {0640U, 0604U, 0660U}) {
    fs::copy_file(folder / "client_key.pem", folder / "open_key.pem", fs::copy_options::overwrite_existing);
    ::chmod((folder / "open_key.pem").c_str(), mode);
    connection.client_key = folder / "open_key.pem";
    EXPECT_THAT(refusal(Code::forbidden), HasSubstr("chmod 600"));
  }
}

TEST(CloseCodes, SayWhatTheyMeanAndWhetherConnectingAgainHelps) {
  EXPECT_EQ(close_status(4003, "").code(), Code::unavailable);
  EXPECT_EQ(close_status(4005, "").code(), Code::forbidden);
  EXPECT_EQ(close_status(4006, "").code(), Code::unauthenticated);
  EXPECT_THAT(close_status(4204, "gone").message(), HasSubstr("the app was not found (4204): gone"));
  EXPECT_THAT(close_status(4999, "").message(), HasSubstr("unknown close code (4999)"));
}

}  // namespace
}  // namespace qonduit::engine
