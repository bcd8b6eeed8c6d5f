/* A sink in C11 against abi.h alone: writes one line, "rows columns", into a file. What a plugin looks like without the C++ side. */
#include <qonduit/abi.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT(s) \
  { s, sizeof(s) - 1 }

struct summary {
  const qonduit_context* context;
  char path[256];
  char partial[272];
  uint64_t rows;
  int64_t columns;
  int is_open;
};

/* Says why, and answers the code. */
static qonduit_code fail(const qonduit_context* context, qonduit_error* error, qonduit_code code, const char* format, ...) {
  char message[768];
  va_list arguments;
  va_start(arguments, format);
  int size = vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  qonduit_str text = {message, size < 0 ? 0 : (size_t)size < sizeof message ? (size_t)size : sizeof message - 1};
  context->host->error_set(context, error, code, text);
  return code;
}

static int is(qonduit_str text, const char* word) { return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0; }

static void* create(const qonduit_context* context, const qonduit_pair* options, size_t option_count, qonduit_error* error) {
  struct summary* self = calloc(1, sizeof *self);
  if (self == NULL) {
    fail(context, error, QONDUIT_INTERNAL, "out of memory");
    return NULL;
  }
  self->context = context;
  for (size_t i = 0; i < option_count; ++i) {
    const qonduit_str key = options[i].key, value = options[i].value;
    if (!is(key, "path")) {
      fail(context, error, QONDUIT_INVALID_CONFIG, "%.*s: is unknown; there is only 'path'", (int)key.size, key.data);
      free(self);
      return NULL;
    }
    if (value.size == 0 || value.size >= sizeof self->path) {
      fail(context, error, QONDUIT_INVALID_CONFIG, "path: is empty, or longer than %zu bytes", sizeof self->path - 1);
      free(self);
      return NULL;
    }
    memcpy(self->path, value.data, value.size);
    self->path[value.size] = 0;
  }
  if (self->path[0] == 0) {
    fail(context, error, QONDUIT_INVALID_CONFIG, "path: is missing: the file to write");
    free(self);
    return NULL;
  }
  snprintf(self->partial, sizeof self->partial, "%s.partial", self->path);
  return self;
}

static void destroy(void* self) { free(self); }
static uint32_t guarantees(void* self) { return (void)self, QONDUIT_GUARANTEE_REPLACE; }

static qonduit_code probe(void* instance, qonduit_error* error) {
  struct summary* self = instance;
  char folder[sizeof self->path];
  memcpy(folder, self->path, sizeof folder);
  char* slash = strrchr(folder, '/');
  if (slash == NULL)
    strcpy(folder, ".");
  else
    slash[slash == folder ? 1 : 0] = 0;
  if (access(folder, W_OK) == 0) return QONDUIT_OK;
  return fail(self->context, error, QONDUIT_NOT_FOUND, "the folder '%s' cannot be written: %s", folder, strerror(errno));
}

static qonduit_code open_run(void* instance, const qonduit_run* run, const struct ArrowSchema* schema, qonduit_error* error) {
  struct summary* self = instance;
  (void)run, (void)error;
  self->rows = 0;
  self->columns = schema->n_children;
  self->is_open = 1;
  return QONDUIT_OK;
}

static qonduit_code write_batch(void* instance, const struct ArrowArray* batch, qonduit_error* error) {
  struct summary* self = instance;
  if (!self->is_open) return fail(self->context, error, QONDUIT_INVALID_ARGUMENT, "write without open");
  self->rows += (uint64_t)batch->length;
  return QONDUIT_OK;
}

/* What stands behind this path is on the disk, not only in its cache. */
static int synced(const char* path) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  int done = fsync(file) == 0;
  return close(file) == 0 && done;
}

static qonduit_code commit(void* instance, qonduit_error* error) {
  struct summary* self = instance;
  if (!self->is_open) return fail(self->context, error, QONDUIT_INVALID_ARGUMENT, "commit without open");
  FILE* file = fopen(self->partial, "we");
  if (file == NULL) return fail(self->context, error, QONDUIT_IO, "cannot open '%s': %s", self->partial, strerror(errno));
  int written = fprintf(file, "%" PRIu64 " %" PRId64 "\n", self->rows, self->columns);
  if (fclose(file) != 0 || written < 0 || !synced(self->partial))
    return fail(self->context, error, QONDUIT_IO, "cannot write '%s': %s", self->partial, strerror(errno));
  if (rename(self->partial, self->path) != 0)
    return fail(self->context, error, QONDUIT_IO, "cannot rename '%s' to '%s': %s", self->partial, self->path, strerror(errno));
  self->is_open = 0;
  return QONDUIT_OK;
}

static qonduit_code abort_run(void* instance, qonduit_error* error) {
  struct summary* self = instance;
  self->is_open = 0;
  if (remove(self->partial) == 0 || errno == ENOENT) return QONDUIT_OK;
  return fail(self->context, error, QONDUIT_IO, "cannot remove '%s': %s", self->partial, strerror(errno));
}

/* The file does not say which run wrote it. */
static qonduit_code committed(void* self, qonduit_str run_id, uint32_t* answer, qonduit_error* error) {
  (void)self, (void)run_id, (void)error;
  *answer = QONDUIT_COMMITTED_UNKNOWN;
  return QONDUIT_OK;
}

static qonduit_code delivery(void* instance, void (*reply)(void* taker, const qonduit_delivery*), void* taker, qonduit_error* error) {
  struct summary* self = instance;
  qonduit_delivery said = {.struct_size = sizeof said, .rows = self->rows, .target = {self->path, strlen(self->path)}};
  (void)error;
  reply(taker, &said);
  return QONDUIT_OK;
}

static const qonduit_sink_api sink = {.struct_size = sizeof sink,
                                      .create = create,
                                      .destroy = destroy,
                                      .guarantees = guarantees,
                                      .probe = probe,
                                      .open = open_run,
                                      .write = write_batch,
                                      .commit = commit,
                                      .abort = abort_run,
                                      .committed = committed,
                                      .delivery = delivery};
static const qonduit_component summary = {
    .struct_size = sizeof summary,
    .name = TEXT("summary"),
    .describe_json = TEXT("{\"summary\":\"Counts rows and columns.\",\"options\":[{\"name\":\"path\",\"type\":\"string\",\"required\":true,"
                          "\"help\":\"File to write; replaced by every run.\"}]}"),
    .sink = &sink};
static const qonduit_component* const components[] = {&summary};
static const qonduit_plugin plugin = {.struct_size = sizeof plugin,
                                      .host_size = QONDUIT_SIZE_UP_TO(qonduit_host, error_set),
                                      .minor = QONDUIT_ABI_MINOR,
                                      .name = TEXT("summary"),
                                      .version = TEXT("1.0.0"),
                                      .component_count = 1,
                                      .components = components};

QONDUIT_PLUGIN_ENTRY { return (void)context, &plugin; }
