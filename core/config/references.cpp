#include "core/config/references.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace qonduit::config {
namespace {

constexpr std::size_t kLargestSecret = 64 << 10;
constexpr int kDeepest = 16;

// A secret's file: small, and not for everybody to read.
class SecretFile {
 public:
  SecretFile(std::string path, Expanded& out) : path_(std::move(path)), out_(out) {
    fd_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe without a writer must not hold us
  }
  ~SecretFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  SecretFile(const SecretFile&) = delete;
  SecretFile& operator=(const SecretFile&) = delete;

  std::string read() {
    if (fd_ < 0) return refused("cannot be read: " + std::string(std::strerror(errno)));
    struct stat info {};
    if (::fstat(fd_, &info) != 0 || !S_ISREG(info.st_mode)) return refused("is not a file");
    if ((info.st_mode & S_IRWXO) != 0) return refused("can be read or written by everybody: chmod 600 it");
    // Group root is how systemd hands over credentials.
    if ((info.st_mode & S_IRWXG) != 0 && info.st_gid != 0) {
      out_.warning = "the secret '" + path_ + "' can be read or written by its group: chmod 600 it";
    }
    std::string text;
    char buffer[4096];
    ssize_t got = 0;
    while (text.size() <= kLargestSecret && (got = ::read(fd_, buffer, sizeof buffer)) > 0)
      text.append(buffer, static_cast<std::size_t>(got));
    if (got < 0) return refused("cannot be read: " + std::string(std::strerror(errno)));
    if (text.size() > kLargestSecret) return refused("is larger than 64 KiB");
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    if (text.empty()) return refused("is empty");
    return text;
  }

 private:
  std::string refused(const std::string& why) {
    if (out_.problem.empty()) out_.problem = "the secret '" + path_ + "' " + why;
    return {};
  }

  std::string path_;
  Expanded& out_;
  int fd_ = -1;
};

std::string program_folder() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string() : (program.parent_path() / "").string();
}

class Expander {
 public:
  enum class Secrets : std::uint8_t { read, keep };
  Expander(const std::filesystem::path& config_folder, const Lookup& lookup, Secrets secrets)
      : config_folder_(config_folder), lookup_(lookup), secrets_(secrets) {}

  void expand(const std::string& raw, int depth) {
    if (depth > kDeepest) return fail("references go in a circle, or deeper than 16");
    std::size_t at = 0;
    while (at < raw.size() && out_.problem.empty()) {
      const auto begin = raw.find("${", at);
      out_.text += raw.substr(at, begin == std::string::npos ? std::string::npos : begin - at);
      if (begin == std::string::npos) return;
      if (begin > at && raw[begin - 1] == '$') {  // $${ is ${
        out_.text += secrets_ == Secrets::keep ? "${" : "{";
        at = begin + 2;
        continue;
      }
      const auto end = raw.find('}', begin);
      if (end == std::string::npos) return fail("'${' without '}'; a ${ that refers to nothing is written $${");
      const auto name = raw.substr(begin + 2, end - begin - 2);
      resolve(name, depth);
      at = end + 1;
      // The folder ends in a slash already.
      if (name.starts_with("application.") && raw[at] == '/' && out_.text.ends_with('/')) ++at;
    }
  }

  Expanded take() {
    out_.verbatim = out_.verbatim && out_.secrets.size() == 1 && out_.text == out_.secrets.front().reveal();
    return std::move(out_);
  }

 private:
  void resolve(const std::string& name, int depth) {
    if (name.starts_with("file:")) {
      auto path = std::filesystem::path(name.substr(5));
      if (path.is_relative()) path = config_folder_ / path;
      if (secrets_ == Secrets::keep) return keep("file:" + path.string());
      add_secret(SecretFile(path.string(), out_).read());
    } else if (name.starts_with("env:")) {
      if (secrets_ == Secrets::keep) return keep(name);
      const char* value = std::getenv(name.c_str() + 4);
      if (value == nullptr) return fail("the environment has no variable '" + name.substr(4) + "'");
      if (*value == '\0') return fail("the environment variable '" + name.substr(4) + "' is empty");
      add_secret(value);
    } else if (name == "application.configDir") {
      out_.text += (config_folder_ / "").string();
    } else if (name == "application.dir") {
      out_.text += program_folder();
    } else if (const auto* other = lookup_(name)) {
      expand(*other, depth + 1);
    } else {
      fail("'${" + name +
           "}' refers to nothing: there is no such key (secrets are ${file:/path} and ${env:NAME}; a ${ that refers to nothing is written "
           "$${)");
    }
  }

  void keep(const std::string& name) {
    out_.secret = true;
    out_.text += "${" + name + "}";
  }

  void add_secret(std::string text) {
    out_.secret = true;
    out_.verbatim = out_.text.empty();
    // Inside of quotes that the configuration has written, a quote of the secret is doubled as any other.
    const bool inside = out_.text.starts_with('"') && std::count(out_.text.begin(), out_.text.end(), '"') % 2 == 1;
    for (const char c : text) out_.text.append(inside && c == '"' ? 2 : 1, c);
    out_.secrets.emplace_back(std::move(text));
  }

  void fail(std::string problem) {
    if (out_.problem.empty()) out_.problem = std::move(problem);
  }

  const std::filesystem::path& config_folder_;
  const Lookup& lookup_;
  Secrets secrets_;
  Expanded out_;
};

}  // namespace

Expanded expand(const std::string& raw, const std::filesystem::path& config_folder, const Lookup& lookup) {
  Expander expander(config_folder, lookup, Expander::Secrets::read);
  expander.expand(raw, 0);
  return expander.take();
}

Expanded expand_but_secrets(const std::string& raw, const std::filesystem::path& config_folder, const Lookup& lookup) {
  Expander expander(config_folder, lookup, Expander::Secrets::keep);
  expander.expand(raw, 0);
  return expander.take();
}

}  // namespace qonduit::config
