#include "certificates.hpp"

#include "child_process.hpp"

namespace qonduit::sinks::testing {

void make_certificates(const std::filesystem::path& folder) {
  const auto file = [&](const std::string& name) { return (folder / name).string(); };
  const auto request = [&](const char* name, const std::string& subject, const std::string& alternative) {
    run({"openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=" + subject, "-addext",
         "subjectAltName=DNS:" + alternative, "-keyout", file(std::string(name) + ".key"), "-out", file(std::string(name) + ".csr")});
  };
  const auto sign = [&](const std::string& name, const char* days) {
    run({"openssl", "x509", "-req", "-days", days, "-in", file(name + ".csr"), "-CA", file("ca.crt"), "-CAkey", file("ca.key"),
         "-CAcreateserial", "-copy_extensions", "copy", "-out", file(name + ".crt")});
  };
  run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
       "/CN=test authority", "-keyout", file("ca.key"), "-out", file("ca.crt")});
  run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
       "/CN=another authority", "-keyout", file("other.key"), "-out", file("other.crt")});
  request("server", "localhost", "localhost");
  request("client", "client.example", "client.example");
  request("expired", "client.example", "client.example");
  sign("server", "2");
  sign("client", "2");
  sign("expired", "-1");
}

}  // namespace qonduit::sinks::testing
