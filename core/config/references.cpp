#include "core/config/references.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace qonduit::config {
namespace {

constexpr off_t kLargestSecret = 64 << 10;
constexpr int kDeepest = 16;

// A secret's file: one line, not for everybody to read.
std::string read_secret(const std::string& path, std::string& problem) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    problem = "cannot read the secret '" + path + "': " + std::strerror(errno);
    return {};
  }
  struct stat info {};
  std::string text;
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    problem = "the secret '" + path + "' is not a file";
  } else if ((info.st_mode & 07) != 0) {
    problem = "the secret '" + path + "' is readable by everybody: chmod 600 it";
  } else if (info.st_size > kLargestSecret) {
    problem = "the secret '" + path + "' is larger than 64 KiB";
  } else {
    char buffer[4096];
    ssize_t got = 0;
    while ((got = ::read(fd, buffer, sizeof buffer)) > 0) text.append(buffer, static_cast<std::size_t>(got));
    if (got < 0) problem = "cannot read the secret '" + path + "': " + std::strerror(errno);
  }
  ::close(fd);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (problem.empty() && text.empty()) problem = "the secret '" + path + "' is empty";
  return text;
}

class Expander {
 public:
  Expander(const std::filesystem::path& config_folder, const Lookup& lookup) : config_folder_(config_folder), lookup_(lookup) {}

  void expand(const std::string& raw, int depth) {
    if (depth > kDeepest) return fail("references go in a circle, or deeper than 16");
    std::size_t at = 0;
    while (at < raw.size() && out_.problem.empty()) {
      const auto begin = raw.find("${", at);
      out_.text += raw.substr(at, begin == std::string::npos ? std::string::npos : begin - at);
      if (begin == std::string::npos) return;
      const auto end = raw.find('}', begin);
      if (end == std::string::npos) return fail("'${' without '}'");
      resolve(raw.substr(begin + 2, end - begin - 2), depth);
      at = end + 1;
    }
  }

  Expanded take() { return std::move(out_); }

 private:
  void resolve(const std::string& name, int depth) {
    if (name.starts_with("file:")) {
      out_.secret = true;
      auto path = std::filesystem::path(name.substr(5));
      if (path.is_relative()) path = config_folder_ / path;
      out_.text += read_secret(path.string(), out_.problem);
    } else if (name.starts_with("env:")) {
      out_.secret = true;
      const char* value = std::getenv(name.c_str() + 4);
      if (value == nullptr) return fail("the environment has no variable '" + name.substr(4) + "'");
      out_.text += value;
    } else if (name == "application.configDir") {
      out_.text += (config_folder_ / "").string();
    } else if (const auto* other = lookup_(name)) {
      expand(*other, depth + 1);
    } else {
      fail("'${" + name + "}' refers to nothing: there is no such key (secrets are ${file:/path} and ${env:NAME})");
    }
  }

  void fail(std::string problem) {
    if (out_.problem.empty()) out_.problem = std::move(problem);
  }

  const std::filesystem::path& config_folder_;
  const Lookup& lookup_;
  Expanded out_;
};

}  // namespace

Expanded expand(const std::string& raw, const std::filesystem::path& config_folder, const Lookup& lookup) {
  Expander expander(config_folder, lookup);
  expander.expand(raw, 0);
  return expander.take();
}

}  // namespace qonduit::config
