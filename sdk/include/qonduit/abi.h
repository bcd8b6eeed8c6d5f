/* The plugin boundary of qonduit: C tables of functions, nothing else. A plugin is a shared library that exports exactly one
   symbol, qonduit_plugin_v0; the number in the name is the major version of this file, the struct_size at the head of each
   table its minor. C++ authors use plugin.hpp, which fills these tables; C authors use this file as it is.

   Rules
   - Every table begins with struct_size. Functions are only ever appended, so an older table is a prefix of a newer one: read a
     member only when struct_size covers it. qonduit_str, qonduit_pair and qonduit_page never grow.
   - Arrays hold pointers to tables, so that tables of different sizes can stand side by side.
   - Text is UTF-8 with a length; it need not end in a zero byte.
   - What is passed is borrowed for the call. Text comes back through error_set or a reply callback; the host copies it.
     Two exceptions: instances (create ... destroy) and the Arrow structs an adapter fills (their own release).
   - Whoever defines a table owns it, for the life of the process: the host never unloads a plugin.
   - Enums cross as uint32_t.
   - No exception may leave a function of a table.
   - Threads: an instance is used by one thread at a time, but not always by the same one. decode() is the exception: it is const
     and may run on several threads at once. The functions of qonduit_host may be called from any thread.
   - A function that answers anything but QONDUIT_OK has called error_set: a code without words is a bug of the plugin. */
#ifndef QONDUIT_ABI_H
#define QONDUIT_ABI_H

#include <qonduit/arrow_abi.h>

#include <stddef.h>
#include <stdint.h>

#define QONDUIT_ABI_MAJOR 0
#define QONDUIT_PLUGIN_SYMBOL "qonduit_plugin_v0"
#define QONDUIT_EXPORT __attribute__((visibility("default"))) /* everything else in a plugin is hidden */

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t qonduit_code;

/* The code decides what the host does next; nobody parses the text. Unavailable and timeout are retried, the others are not. */
enum {
  QONDUIT_OK = 0,
  QONDUIT_INVALID_ARGUMENT = 1, /* a caller's mistake */
  QONDUIT_INVALID_CONFIG = 2,   /* an option has a value it cannot have */
  QONDUIT_UNSUPPORTED = 3,      /* this component cannot do that */
  QONDUIT_NOT_FOUND = 4,
  QONDUIT_ALREADY_EXISTS = 5,
  QONDUIT_UNAUTHENTICATED = 6,
  QONDUIT_FORBIDDEN = 7,
  QONDUIT_UNAVAILABLE = 8, /* retryable: the peer is away */
  QONDUIT_TIMEOUT = 9,     /* retryable: the peer did not answer in time */
  QONDUIT_CANCELLED = 10,
  QONDUIT_BAD_DATA = 11,     /* what arrived is not what it claims to be */
  QONDUIT_INCONSISTENT = 12, /* the source changed while it was read */
  QONDUIT_IO = 13,           /* a disk or a socket refused */
  QONDUIT_INTERNAL = 14,     /* a bug */
  QONDUIT_TYPE_MISMATCH = 15 /* columns are of other types than a target or a rule takes */
};

enum { QONDUIT_LOG_TRACE = 0, QONDUIT_LOG_DEBUG = 1, QONDUIT_LOG_INFO = 2, QONDUIT_LOG_WARN = 3, QONDUIT_LOG_ERROR = 4 };

/* What a sink can promise with the options it was created with: bits. */
enum {
  QONDUIT_GUARANTEE_APPEND = 1,
  QONDUIT_GUARANTEE_UPSERT = 2,
  QONDUIT_GUARANTEE_REPLACE = 4,
  QONDUIT_GUARANTEE_EXACTLY_ONCE = 8,
  QONDUIT_GUARANTEE_WHOLE_RUN = 16 /* what a run delivered becomes visible at its end_run, or nothing of it */
};

/* Answers of qonduit_sink_api.committed. */
enum { QONDUIT_COMMITTED_NO = 0, QONDUIT_COMMITTED_YES = 1, QONDUIT_COMMITTED_UNKNOWN = 2 };

typedef struct qonduit_str {
  const char* data;
  size_t size;
} qonduit_str;

/* An option, or a field of a log line. */
typedef struct qonduit_pair {
  qonduit_str key, value;
} qonduit_pair;

typedef struct qonduit_error qonduit_error; /* the host's; written through qonduit_host.error_set only */

typedef struct qonduit_host {
  uint32_t struct_size;
  void (*log)(uint32_t level, qonduit_str message, const qonduit_pair* fields, size_t field_count);
  void (*error_set)(qonduit_error*, qonduit_code, qonduit_str message);
} qonduit_host;

/* What an object of a pipeline is called. Fixed size: arrays of it cross the boundary. */
typedef struct qonduit_named_object {
  qonduit_str object_id;
  qonduit_str title; /* as the user sees it; may be empty */
  qonduit_str sheet; /* the sheet's title; may be empty */
} qonduit_named_object;

/* One delivery: a dataset of an object, in one run of a pipeline. */
typedef struct qonduit_run {
  uint32_t struct_size;
  uint64_t fence; /* rises with every owner of a pipeline; a lower fence never replaces a higher one */
  qonduit_str pipeline;
  qonduit_str run_id; /* unique; the same again when a run is repeated after an unknown outcome */
  qonduit_str app;    /* the app's title */
  qonduit_str app_id;
  qonduit_str sheet; /* the sheet's title; empty when the object was named directly */
  qonduit_str object_id;
  qonduit_str object_type;  /* Qlik's visualization name: table, sn-table, barchart ... */
  qonduit_str title;        /* the object's title as the user sees it; may be empty */
  qonduit_str dataset;      /* which hypercube of the object; empty for an object with one. For a sink also which turn of a loop, as
                               "Region=North, Year=2024": unique in the object, so that one turn's delivery never replaces another's */
  qonduit_str started_at;   /* UTC, ISO 8601 to the second: 2026-01-31T23:59:59Z */
  qonduit_str reload_time;  /* the app's qLastReloadTime; may be empty */
  const qonduit_pair* loop; /* the values of this turn of foreach, outermost first: Region, North; none outside of a loop */
  size_t loop_count;
  const qonduit_pair* selections; /* in force while it was read: select.FIELD, bookmark, variable.NAME and their values */
  size_t selection_count;
  qonduit_str hypercube; /* dataset without the turn of the loop */
  /* All objects the pipeline delivers, this one among them, hidden ones too, known before the first is read: so that a sink can give each
     of those that would share a name one of its own, the same whatever their order and whatever becomes of the others. */
  const qonduit_named_object* objects;
  size_t object_count;
  uint32_t takeover; /* 1: a target that belongs to another pipeline may be taken over; 0: it is refused */
  qonduit_str day;   /* started_at as a day in the time zone of the configuration: 2026-02-01; what {date} is in names */
} qonduit_run;

/* What an open sink has taken so far. */
typedef struct qonduit_delivery {
  uint32_t struct_size;
  uint64_t rows;      /* rows accepted by write since open */
  uint64_t bytes;     /* bytes produced for the target, where that has a meaning; else 0 */
  qonduit_str target; /* where it goes, in words a person can use: a path, a table name, a topic; two sinks of a pipeline that say the same
                         are refused, so it says all that tells targets apart. Asked after open too, before the first row. */
  qonduit_str note;   /* what a person must know of it: rows refused and where they are, a column added; empty: nothing */
  uint64_t refused;   /* of rows: refused by the target, and kept elsewhere */
} qonduit_delivery;

/* A file in which a sink keeps what its target refused for good, of one delivery. */
typedef struct qonduit_dead_letter_file {
  uint32_t struct_size;
  qonduit_str path;
  qonduit_str pipeline, run_id, object, dataset; /* of the delivery, as the file says; empty where it does not */
  qonduit_str first, last;                       /* when the first and the last was refused, UTC, ISO 8601; empty where it is not known */
  qonduit_str reason;                            /* of the first */
  uint64_t messages;
} qonduit_dead_letter_file;

/* What a delivery would do to its target, told before it, in words around the number of its rows: "adds" 25,000 rows "to table Orders",
   "replaces table Orders with" 25,000 rows "". All empty: the sink does not say. */
typedef struct qonduit_plan {
  uint32_t struct_size;
  qonduit_str target;         /* as in qonduit_delivery */
  qonduit_str before, behind; /* the words before and behind the rows */
  uint32_t exclusive;         /* 1: what another pipeline delivers there is refused, or would refuse this; 0: pipelines share it */
  qonduit_str identity;       /* equal for two names of one target, such as two writings of a path; empty: target is compared */
} qonduit_plan;

/* A sink delivers batches to one place. Life: create, then any number of (open, write ..., commit | abort), then destroy. */
typedef struct qonduit_sink_api {
  uint32_t struct_size;
  void* (*create)(const qonduit_pair* options, size_t option_count, qonduit_error*);          /* no I/O; null: refused, see the error */
  void (*destroy)(void*);                                                                     /* releases, never delivers */
  uint32_t (*guarantees)(void*);                                                              /* bits QONDUIT_GUARANTEE_ */
  qonduit_code (*probe)(void*, qonduit_error*);                                               /* reach the target, change nothing */
  qonduit_code (*open)(void*, const qonduit_run*, const struct ArrowSchema*, qonduit_error*); /* a struct schema, borrowed */
  qonduit_code (*write)(void*, const struct ArrowArray*, qonduit_error*); /* a struct array of that schema, borrowed for the call */
  qonduit_code (*commit)(void*, qonduit_error*); /* durable when it answers ok, and not before; when it fails the host calls abort */
  qonduit_code (*abort)(void*, qonduit_error*);  /* leaves nothing of this delivery behind; may follow open, write or commit in any state */
  /* Did the delivery with this run id, of the dataset last opened, land? Asked after a lost reply. */
  qonduit_code (*committed)(void*, qonduit_str run_id, uint32_t* answer, qonduit_error*);
  /* Valid between open and the next open or destroy, after commit too. reply is called once. */
  qonduit_code (*delivery)(void*, void (*reply)(void* context, const qonduit_delivery*), void* context, qonduit_error*);
  /* Optional (null). After the last delivery of a run: complete is 1 when every delivery was committed, 0 when the run failed. A sink
     that lets the deliveries of a run appear together makes them durable and visible here, or leaves nothing of them; committed then
     answers for the run as a whole. */
  qonduit_code (*end_run)(void*, qonduit_str run_id, uint32_t complete, qonduit_error*);
  /* Optional (null). The files of what was refused for good: reply is called once for each, in a stable order. QONDUIT_UNSUPPORTED where
     the sink, or its options, keep none. Touches no target; like replay, not called between open and commit or abort. */
  qonduit_code (*dead_letters)(void*, void (*reply)(void* context, const qonduit_dead_letter_file*), void* context, qonduit_error*);
  /* Optional (null). Sends what is in one of these files again, in its order and under the same ids. What the target has taken leaves the
     file, what it has not stays in it, and a file without anything left is removed. sent and stayed are set whatever it answers; ok means
     that everything was dealt with, and stayed may be more than 0 then: the file says why. */
  qonduit_code (*replay)(void*, qonduit_str path, uint64_t* sent, uint64_t* stayed, qonduit_error*);
  /* Optional (null). What open would do with this run and schema, found out without changing anything: an error is why open would refuse
     it. reply is called once when it answers ok. Not called between open and commit or abort. */
  qonduit_code (*plan)(void*, const qonduit_run*, const struct ArrowSchema*, void (*reply)(void* context, const qonduit_plan*),
                       void* context, qonduit_error*);
  /* Optional (null). A text that is another one for each target that can be delivered to while this delivery is open, found out without
     changing anything: the path of a file, the name of a table. It lets the host overlap deliveries of a run: each is opened and written
     by an instance of its own, commits come one after the other in the run's order, and what one target gets comes from one instance.
     Nothing of a delivery may be visible before its commit then, and no open delivery may keep another from its commit. Empty: this
     delivery is made alone; null: all are. reply is called once. Not called between open and commit or abort. */
  qonduit_code (*target_of)(void*, const qonduit_run*, void (*reply)(void* context, qonduit_str), void* context, qonduit_error*);
} qonduit_sink_api;

/* A rectangle of a hypercube, in cells of its data matrix. */
typedef struct qonduit_page {
  int64_t left, top, width, height;
} qonduit_page;

/* What an adapter wants asked of its object. With a page of width > 0 the host reads that rectangle piecewise: it cuts it into
   pages the engine answers in one call, appends to params_json one argument, an array holding one NxPage, and hands each reply
   to decode() with the piece in place of the whole. Pieces come full width and in order of top, where width and the engine's
   limits allow; else a band of rows is cut into columns, decoded piece by piece and joined by the host, in order of left.
   With width 0 the request is sent once, as it is.
   With height 0 the layout announces no rows. The host still asks for the first one: if it is there, the attempt fails.
   Where several cells make a row (the measures of a combination in a pivot), steps say so: with step_width > 0 pieces begin and end
   at multiples of the steps, counted from the page's corner, and stand alone: each is decoded to rows of its own, and those of a band
   are delivered one behind the other, not joined. Steps divide the page. */
typedef struct qonduit_request {
  uint32_t struct_size;
  qonduit_str method;      /* GetHyperCubeData ...; empty: there is nothing more to ask */
  qonduit_str params_json; /* a JSON array: the arguments before the page */
  qonduit_page page;
  uint64_t tag;                    /* the adapter's own, handed back to decode unchanged */
  int64_t step_width, step_height; /* both 0: pages are cut anywhere; else both > 0 */
} qonduit_request;

/* What an adapter expects, from the layout. */
typedef struct qonduit_extent {
  uint32_t struct_size;
  int64_t rows;  /* exact number of rows of the data matrix; -1: not known beforehand. The run fails when another number arrives */
  int64_t cells; /* estimate, for progress; -1: not known */
  /* What a person who uses the delivery must know of it: that only what is expanded could be read, say. Shown with the dataset in the
     run's report; lives until the next call on the instance; empty: nothing. */
  qonduit_str note;
} qonduit_extent;

/* One hypercube of an object. */
typedef struct qonduit_dataset {
  uint32_t struct_size;
  qonduit_str name; /* stable, unique in the object; empty for the only one */
} qonduit_dataset;

/* Bytes that may be read, but not written, behind reply_json of decode: what JSON parsers with wide loads need. */
#define QONDUIT_REPLY_PADDING 64

/* How the app writes numbers and dates: qLocaleInfo of its layout. What is empty is not known. */
typedef struct qonduit_locale {
  uint32_t struct_size;
  qonduit_str decimal, thousands, money_decimal, money_thousands; /* separators */
  qonduit_str money, date, time, timestamp;                       /* patterns */
  qonduit_str abbreviations;                                      /* 3:k;6:M;9:G */
  qonduit_str months, long_months, days, long_days;               /* names with semicolons between them; weeks begin on Monday */
} qonduit_locale;

/* An adapter turns one kind of object into batches. It never talks to the engine: it says what to ask, and turns answers into
   Arrow batches. Life: create; open; next_request until the end, with decode running behind it; destroy. open may be called again
   and then starts over. accepts and datasets have no instance. */
typedef struct qonduit_adapter_api {
  uint32_t struct_size;
  uint32_t (*accepts)(qonduit_str object_type, qonduit_str layout_json); /* 0 no ... 100 exactly mine */
  /* Calls reply once for each dataset this adapter reads from an object it accepts, in a stable order. */
  qonduit_code (*datasets)(qonduit_str object_type, qonduit_str layout_json, void (*reply)(void* context, const qonduit_dataset*),
                           void* context, qonduit_error*);
  void* (*create)(const qonduit_pair* options, size_t option_count, qonduit_error*);
  void (*destroy)(void*);
  /* Optional (null). The definition of a session object to read instead of the published one: reply is called at most once. Not
     called where the user may not see properties; and where the object may not be created, open gets the published layout. */
  qonduit_code (*prepare)(void*, qonduit_str properties_json, void (*reply)(void* context, qonduit_str), void* context, qonduit_error*);
  /* layout_json is the object's qLayout; run->dataset says which hypercube. Fills schema, a struct; the host releases it. */
  qonduit_code (*open)(void*, const qonduit_run*, qonduit_str layout_json, struct ArrowSchema* schema, qonduit_extent*, qonduit_error*);
  qonduit_code (*next_request)(void*, qonduit_request* out, qonduit_error*); /* texts live until the next call on the instance */
  /* reply_json is the value of "result". Fills out with a struct array: the columns of the request's page. rows: rows of the data
     matrix the reply covered, with those that are left out of the batch by option; fewer than asked is not an error, the host
     asks for the rest. QONDUIT_BAD_DATA where a value does not fit the type of its column. */
  qonduit_code (*decode)(const void*, const qonduit_request*, qonduit_str reply_json, struct ArrowArray* out, int64_t* rows,
                         qonduit_error*);
  /* Optional (null). After decode answered QONDUIT_BAD_DATA: widen the types of the columns this reply contradicts. When it answers
     ok the host aborts what was delivered and starts over with open; anything else is why the run fails. */
  qonduit_code (*widen)(void*, const qonduit_request*, qonduit_str reply_json, qonduit_error*);
  /* Optional (null). Called in place of prepare where it is there: the same, told which dataset will be read, and with the published
     object's qLayout beside its properties. */
  qonduit_code (*prepare_dataset)(void*, const qonduit_run*, qonduit_str layout_json, qonduit_str properties_json,
                                  void (*reply)(void* context, qonduit_str), void* context, qonduit_error*);
  /* Optional (null). The locale of the app, before every prepare and open; borrowed for the call. */
  qonduit_code (*use_locale)(void*, const qonduit_locale*, qonduit_error*);
  /* Optional (null). After the last decode of a dataset: what a person who uses the delivery must know of the values that were read, and
     that open could not know. reply is called once for each note. */
  qonduit_code (*findings)(void*, void (*reply)(void* context, qonduit_str note), void* context, qonduit_error*);
} qonduit_adapter_api;

/* A named sink or adapter. Exactly one of the two tables is set. */
typedef struct qonduit_component {
  uint32_t struct_size;
  qonduit_str name; /* what configurations say: csv, table ... lower case letters, digits, '-' */
  qonduit_str
      describe_json; /* {"summary": text, "options": [{name, type, values?, default?, required?, secret?, prefix?, help}]}: docs/abi.md */
  const qonduit_sink_api* sink;
  const qonduit_adapter_api* adapter;
} qonduit_component;

typedef struct qonduit_plugin {
  uint32_t struct_size;
  uint32_t host_size; /* the smallest qonduit_host this plugin can work with */
  qonduit_str name, version;
  size_t component_count;
  const qonduit_component* const* components;
} qonduit_plugin;

/* The one function a plugin defines and exports. Called once, when the plugin is loaded; null: it cannot work with this host. */
QONDUIT_EXPORT const qonduit_plugin* qonduit_plugin_v0(const qonduit_host*);

typedef const qonduit_plugin* (*qonduit_plugin_function)(const qonduit_host*);

#ifdef __cplusplus
}
#endif

#endif
