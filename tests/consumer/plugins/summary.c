/* A sink in C11 against abi.h alone: writes one line, "rows columns", into a file. What a plugin looks like without the C++ side. */
#include <qonduit/abi.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(s) \
  { s, sizeof(s) - 1 }

static const qonduit_host* host;

static qonduit_code fail(qonduit_error* error, qonduit_code code, const char* what, const char* path) {
  char message[512];
  int size = snprintf(message, sizeof message, "cannot %s '%s': %s", what, path, strerror(errno));
  qonduit_str text = {message, size < 0 ? 0 : (size_t)size < sizeof message ? (size_t)size : sizeof message - 1};
  host->error_set(error, code, text);
  return code;
}

struct summary {
  char path[256];
  char partial[272];
  uint64_t rows;
  int64_t columns;
  int is_open;
};

static int is(qonduit_str text, const char* word) { return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0; }

static void* create(const qonduit_pair* options, size_t option_count, qonduit_error* error) {
  static const qonduit_str no_path = TEXT("path: is missing: the file to write"),
                           unknown = TEXT("has an option that is unknown; there is only 'path'"),
                           too_long = TEXT("path: is too long or empty");
  struct summary* self = calloc(1, sizeof *self);
  if (self == NULL) return NULL;
  for (size_t i = 0; i < option_count; ++i) {
    if (!is(options[i].key, "path")) return host->error_set(error, QONDUIT_INVALID_CONFIG, unknown), free(self), NULL;
    if (options[i].value.size == 0 || options[i].value.size >= sizeof self->path)
      return host->error_set(error, QONDUIT_INVALID_CONFIG, too_long), free(self), NULL;
    memcpy(self->path, options[i].value.data, options[i].value.size);
  }
  if (self->path[0] == 0) return host->error_set(error, QONDUIT_INVALID_CONFIG, no_path), free(self), NULL;
  snprintf(self->partial, sizeof self->partial, "%s.partial", self->path);
  return self;
}

static void destroy(void* self) { free(self); }
static uint32_t guarantees(void* self) { return (void)self, QONDUIT_GUARANTEE_REPLACE; }
static qonduit_code probe(void* self, qonduit_error* error) { return (void)self, (void)error, QONDUIT_OK; }

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
  (void)error;
  self->rows += (uint64_t)batch->length;
  return QONDUIT_OK;
}

static qonduit_code commit(void* instance, qonduit_error* error) {
  static const qonduit_str not_open = TEXT("commit without open");
  struct summary* self = instance;
  if (!self->is_open) return host->error_set(error, QONDUIT_INVALID_ARGUMENT, not_open), QONDUIT_INVALID_ARGUMENT;
  FILE* file = fopen(self->partial, "w");
  if (file == NULL) return fail(error, QONDUIT_IO, "open", self->partial);
  int written = fprintf(file, "%" PRIu64 " %" PRId64 "\n", self->rows, self->columns);
  if (fclose(file) != 0 || written < 0) return fail(error, QONDUIT_IO, "write", self->partial);
  if (rename(self->partial, self->path) != 0) return fail(error, QONDUIT_IO, "publish", self->path);
  self->is_open = 0;
  return QONDUIT_OK;
}

static qonduit_code abort_run(void* instance, qonduit_error* error) {
  struct summary* self = instance;
  (void)error;
  remove(self->partial);
  self->is_open = 0;
  return QONDUIT_OK;
}

static qonduit_code committed(void* self, qonduit_str run_id, uint32_t* answer, qonduit_error* error) {
  (void)self, (void)run_id, (void)error;
  *answer = QONDUIT_COMMITTED_UNKNOWN;
  return QONDUIT_OK;
}

static qonduit_code delivery(void* instance, void (*reply)(void* context, const qonduit_delivery*), void* context, qonduit_error* error) {
  struct summary* self = instance;
  qonduit_delivery said = {sizeof said, self->rows, 0, {self->path, strlen(self->path)}, {0, 0}, 0};
  (void)error;
  reply(context, &said);
  return QONDUIT_OK;
}

static const qonduit_sink_api sink = {sizeof sink, create,    destroy,  guarantees, probe, open_run, write_batch, commit,
                                      abort_run,   committed, delivery, NULL,       NULL,  NULL,     NULL,        NULL};
static const qonduit_component summary = {
    sizeof summary, TEXT("summary"),
    TEXT("{\"summary\":\"Counts rows and columns.\",\"options\":[{\"name\":\"path\",\"type\":\"string\",\"required\":true,"
         "\"help\":\"File to write; replaced by every run.\"}]}"),
    &sink, NULL};
static const qonduit_component* const components[] = {&summary};
static const qonduit_plugin plugin = {sizeof plugin, sizeof(qonduit_host), TEXT("summary"), TEXT("1.0.0"), 1, components};

const qonduit_plugin* qonduit_plugin_v0(const qonduit_host* given) {
  if (given->struct_size < sizeof(qonduit_host)) return NULL;
  host = given;
  return &plugin;
}
