#include "core/plugin/elf_file.hpp"

#include <elf.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace qonduit::plugin {
namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);
using Section = ElfW(Shdr);
using Symbol = ElfW(Sym);

#if defined(__x86_64__)
constexpr unsigned kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kMachine = EM_AARCH64;
#else
constexpr unsigned kMachine = EM_NONE;  // not compared; the loader says it less clearly
#endif
constexpr unsigned kClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;

Status bad(std::string why) { return {Code::unsupported, std::move(why)}; }

Status cut_short(std::uint64_t needed, std::uint64_t size) {
  return bad("is cut short: it has " + std::to_string(size) + " bytes, its header speaks of " + std::to_string(needed) + "; copy it again");
}

bool read_bytes(int fd, void* out, std::size_t size, std::uint64_t offset) {
  auto* to = static_cast<char*>(out);
  while (size > 0) {
    const auto got = ::pread(fd, to, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

// Where a table ends; the largest number when that cannot be said.
std::uint64_t end_of(std::uint64_t offset, std::uint64_t size) {
  std::uint64_t end = 0;
  return __builtin_add_overflow(offset, size, &end) ? UINT64_MAX : end;
}

Status check_header(const Header& header) {
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return bad("is no shared library");
  if (header.e_ident[EI_CLASS] != kClass || (kMachine != EM_NONE && header.e_machine != kMachine)) {
    return bad("is built for another machine: its ELF machine is " + std::to_string(header.e_machine) + ", this host's is " +
               std::to_string(kMachine));
  }
  if (header.e_type != ET_DYN || header.e_phentsize != sizeof(Segment)) return bad("is no shared library but another kind of ELF file");
  if (header.e_shnum == 0 || header.e_shentsize != sizeof(Section)) {
    return bad("has lost its section table, so that its symbols cannot be read; strip it with strip(1) only");
  }
  return {};
}

template <typename T>
Result<std::vector<T>> read_table(int fd, std::uint64_t offset, std::uint64_t bytes, std::uint64_t file_size) {
  if (end_of(offset, bytes) > file_size) return cut_short(end_of(offset, bytes), file_size);
  std::vector<T> table(bytes / sizeof(T));
  if (!read_bytes(fd, table.data(), table.size() * sizeof(T), offset)) return bad("cannot be read");
  return table;
}

bool exported_function(const Symbol& symbol) {
  const auto type = symbol.st_info & 0xF;
  const auto binding = symbol.st_info >> 4;
  return symbol.st_shndx != SHN_UNDEF && type == STT_FUNC && (binding == STB_GLOBAL || binding == STB_WEAK);
}

}  // namespace

Result<std::vector<std::string>> exported_functions(int fd, std::string_view prefix) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return bad("cannot be examined");
  const auto size = static_cast<std::uint64_t>(info.st_size);
  Header header{};
  if (size < sizeof header || !read_bytes(fd, &header, sizeof header, 0)) return bad("is no shared library");
  if (auto status = check_header(header); !status.ok()) return status;

  const auto segments = read_table<Segment>(fd, header.e_phoff, std::uint64_t{header.e_phnum} * sizeof(Segment), size);
  if (!segments) return segments.error();
  for (const auto& segment : *segments) {
    if (segment.p_type == PT_LOAD && end_of(segment.p_offset, segment.p_filesz) > size)
      return cut_short(end_of(segment.p_offset, segment.p_filesz), size);
  }
  const auto sections = read_table<Section>(fd, header.e_shoff, std::uint64_t{header.e_shnum} * sizeof(Section), size);
  if (!sections) return sections.error();

  std::vector<std::string> names;
  for (const auto& section : *sections) {
    if (section.sh_type != SHT_DYNSYM) continue;
    if (section.sh_link >= sections->size()) return bad("has a symbol table without names");
    const auto& text_section = (*sections)[section.sh_link];
    const auto symbols = read_table<Symbol>(fd, section.sh_offset, section.sh_size, size);
    if (!symbols) return symbols.error();
    const auto text = read_table<char>(fd, text_section.sh_offset, text_section.sh_size, size);
    if (!text) return text.error();
    const std::string_view all(text->data(), text->size());
    for (const auto& symbol : *symbols) {
      if (!exported_function(symbol) || symbol.st_name >= all.size()) continue;
      const auto name = all.substr(symbol.st_name, all.find('\0', symbol.st_name) - symbol.st_name);
      if (name.starts_with(prefix)) names.emplace_back(name.substr(0, 64));
    }
  }
  return names;
}

}  // namespace qonduit::plugin
