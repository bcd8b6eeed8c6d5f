// Preloaded into a real server: files under QONDUIT_FULL_DISK_PATH (a part of their path) stop growing while the file QONDUIT_FULL_DISK
// is there, as on a disk that is full.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int is_full(int file, off_t end) {
  const char *flag = getenv("QONDUIT_FULL_DISK"), *part = getenv("QONDUIT_FULL_DISK_PATH");
  if (flag == NULL || part == NULL || access(flag, F_OK) != 0) return 0;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  struct stat now;
  return strstr(path, part) != NULL && fstat(file, &now) == 0 && end > now.st_size;
}

static size_t size_of(const struct iovec* parts, int count) {
  size_t size = 0;
  for (int i = 0; i < count; ++i) size += parts[i].iov_len;
  return size;
}

#define WRITE(name, declared, size, passed)                           \
  ssize_t name declared {                                             \
    static ssize_t(*real) declared;                                   \
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, #name);       \
    if (is_full(file, at + (off_t)(size))) return errno = ENOSPC, -1; \
    return real passed;                                               \
  }
WRITE(pwrite, (int file, const void* data, size_t bytes, off_t at), bytes, (file, data, bytes, at))
WRITE(pwrite64, (int file, const void* data, size_t bytes, off_t at), bytes, (file, data, bytes, at))
WRITE(pwritev, (int file, const struct iovec* parts, int count, off_t at), size_of(parts, count), (file, parts, count, at))
WRITE(pwritev64, (int file, const struct iovec* parts, int count, off_t at), size_of(parts, count), (file, parts, count, at))

#define ALLOCATE(name)                                                 \
  int name(int file, off_t at, off_t bytes) {                          \
    static int (*real)(int, off_t, off_t);                             \
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, #name);        \
    return is_full(file, at + bytes) ? ENOSPC : real(file, at, bytes); \
  }
ALLOCATE(posix_fallocate)
ALLOCATE(posix_fallocate64)

#define PUNCH(name)                                             \
  int name(int file, int mode, off_t at, off_t bytes) {         \
    static int (*real)(int, int, off_t, off_t);                 \
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, #name); \
    if (is_full(file, at + bytes)) return errno = ENOSPC, -1;   \
    return real(file, mode, at, bytes);                         \
  }
PUNCH(fallocate)
PUNCH(fallocate64)
