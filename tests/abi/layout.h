/* The layout of everything that crosses the boundary, as it was when the first plugin was built against it, on machines with 64-bit
   pointers and longs. A number here never changes: a member may be appended, with a line of its own, and the size that follows it moves.
   Compiled as C11 and as C++20. A plugin built years ago relies on these numbers; when this file stops compiling, the change
   breaks that plugin. */
#include <qonduit/abi.h>

#ifndef __cplusplus
#include <assert.h>
#endif

#define AT(type, member, offset) static_assert(offsetof(type, member) == (offset), #type "." #member " has moved")
#define SIZE(type, size) static_assert(sizeof(type) == (size), #type " has another size")

static_assert(sizeof(void*) == 8 && sizeof(size_t) == 8, "the numbers below are of LP64");

AT(qonduit_str, data, 0);
AT(qonduit_str, size, 8);
SIZE(qonduit_str, 16);

AT(qonduit_pair, key, 0);
AT(qonduit_pair, value, 16);
SIZE(qonduit_pair, 32);

AT(qonduit_host, struct_size, 0);
AT(qonduit_host, flags, 4);
AT(qonduit_host, log, 8);
AT(qonduit_host, error_set, 16);
AT(qonduit_host, cancelled, 24);
AT(qonduit_host, time_left, 32);
SIZE(qonduit_host, 40);

AT(qonduit_context, struct_size, 0);
AT(qonduit_context, flags, 4);
AT(qonduit_context, host, 8);
AT(qonduit_context, owner, 16);
AT(qonduit_context, name, 24);
AT(qonduit_context, pipeline, 40);
AT(qonduit_context, state_folder, 56);
AT(qonduit_context, temporary_folder, 72);
SIZE(qonduit_context, 88);

AT(qonduit_named_object, object_id, 0);
AT(qonduit_named_object, title, 16);
AT(qonduit_named_object, sheet, 32);
SIZE(qonduit_named_object, 48);

AT(qonduit_run, struct_size, 0);
AT(qonduit_run, flags, 4);
AT(qonduit_run, fence, 8);
AT(qonduit_run, pipeline, 16);
AT(qonduit_run, run_id, 32);
AT(qonduit_run, app, 48);
AT(qonduit_run, app_id, 64);
AT(qonduit_run, sheet, 80);
AT(qonduit_run, object_id, 96);
AT(qonduit_run, object_type, 112);
AT(qonduit_run, title, 128);
AT(qonduit_run, dataset, 144);
AT(qonduit_run, turn, 160);
AT(qonduit_run, loop, 176);
AT(qonduit_run, loop_count, 184);
AT(qonduit_run, started_at, 192);
AT(qonduit_run, day, 208);
AT(qonduit_run, reload_time, 224);
AT(qonduit_run, selections, 240);
AT(qonduit_run, selection_count, 248);
AT(qonduit_run, objects, 256);
AT(qonduit_run, object_count, 264);
SIZE(qonduit_run, 272);

AT(qonduit_delivery, struct_size, 0);
AT(qonduit_delivery, flags, 4);
AT(qonduit_delivery, rows, 8);
AT(qonduit_delivery, bytes, 16);
AT(qonduit_delivery, target, 24);
AT(qonduit_delivery, note, 40);
AT(qonduit_delivery, refused, 56);
SIZE(qonduit_delivery, 64);

AT(qonduit_plan, struct_size, 0);
AT(qonduit_plan, flags, 4);
AT(qonduit_plan, target, 8);
AT(qonduit_plan, before, 24);
AT(qonduit_plan, after, 40);
AT(qonduit_plan, identity, 56);
SIZE(qonduit_plan, 72);

AT(qonduit_sink_api, struct_size, 0);
AT(qonduit_sink_api, flags, 4);
AT(qonduit_sink_api, create, 8);
AT(qonduit_sink_api, destroy, 16);
AT(qonduit_sink_api, guarantees, 24);
AT(qonduit_sink_api, probe, 32);
AT(qonduit_sink_api, open, 40);
AT(qonduit_sink_api, write, 48);
AT(qonduit_sink_api, commit, 56);
AT(qonduit_sink_api, abort, 64);
AT(qonduit_sink_api, committed, 72);
AT(qonduit_sink_api, delivery, 80);
AT(qonduit_sink_api, cancel, 88);
AT(qonduit_sink_api, formats, 96);
AT(qonduit_sink_api, plan, 104);
AT(qonduit_sink_api, target_of, 112);
SIZE(qonduit_sink_api, 120);

AT(qonduit_end_of_run_api, struct_size, 0);
AT(qonduit_end_of_run_api, flags, 4);
AT(qonduit_end_of_run_api, end_run, 8);
SIZE(qonduit_end_of_run_api, 16);

AT(qonduit_dead_letter_file, struct_size, 0);
AT(qonduit_dead_letter_file, flags, 4);
AT(qonduit_dead_letter_file, path, 8);
AT(qonduit_dead_letter_file, pipeline, 24);
AT(qonduit_dead_letter_file, run_id, 40);
AT(qonduit_dead_letter_file, object, 56);
AT(qonduit_dead_letter_file, dataset, 72);
AT(qonduit_dead_letter_file, first, 88);
AT(qonduit_dead_letter_file, last, 104);
AT(qonduit_dead_letter_file, reason, 120);
AT(qonduit_dead_letter_file, messages, 136);
SIZE(qonduit_dead_letter_file, 144);

AT(qonduit_dead_letters_api, struct_size, 0);
AT(qonduit_dead_letters_api, flags, 4);
AT(qonduit_dead_letters_api, list, 8);
AT(qonduit_dead_letters_api, replay, 16);
SIZE(qonduit_dead_letters_api, 24);

AT(qonduit_page, left, 0);
AT(qonduit_page, top, 8);
AT(qonduit_page, width, 16);
AT(qonduit_page, height, 24);
SIZE(qonduit_page, 32);

AT(qonduit_request, struct_size, 0);
AT(qonduit_request, flags, 4);
AT(qonduit_request, method, 8);
AT(qonduit_request, params_json, 24);
AT(qonduit_request, page, 40);
AT(qonduit_request, tag, 72);
AT(qonduit_request, step_width, 80);
AT(qonduit_request, step_height, 88);
SIZE(qonduit_request, 96);

AT(qonduit_extent, struct_size, 0);
AT(qonduit_extent, flags, 4);
AT(qonduit_extent, rows, 8);
AT(qonduit_extent, cells, 16);
AT(qonduit_extent, note, 24);
SIZE(qonduit_extent, 40);

AT(qonduit_dataset, struct_size, 0);
AT(qonduit_dataset, flags, 4);
AT(qonduit_dataset, name, 8);
AT(qonduit_dataset, place, 24);
SIZE(qonduit_dataset, 40);

AT(qonduit_locale, struct_size, 0);
AT(qonduit_locale, flags, 4);
AT(qonduit_locale, decimal, 8);
AT(qonduit_locale, thousands, 24);
AT(qonduit_locale, money_decimal, 40);
AT(qonduit_locale, money_thousands, 56);
AT(qonduit_locale, money, 72);
AT(qonduit_locale, date, 88);
AT(qonduit_locale, time, 104);
AT(qonduit_locale, timestamp, 120);
AT(qonduit_locale, abbreviations, 136);
AT(qonduit_locale, months, 152);
AT(qonduit_locale, long_months, 168);
AT(qonduit_locale, days, 184);
AT(qonduit_locale, long_days, 200);
SIZE(qonduit_locale, 216);

AT(qonduit_adapter_api, struct_size, 0);
AT(qonduit_adapter_api, flags, 4);
AT(qonduit_adapter_api, accepts, 8);
AT(qonduit_adapter_api, datasets, 16);
AT(qonduit_adapter_api, create, 24);
AT(qonduit_adapter_api, destroy, 32);
AT(qonduit_adapter_api, open, 40);
AT(qonduit_adapter_api, next_request, 48);
AT(qonduit_adapter_api, decode, 56);
AT(qonduit_adapter_api, cancel, 64);
AT(qonduit_adapter_api, prepare, 72);
AT(qonduit_adapter_api, widen, 80);
AT(qonduit_adapter_api, use_locale, 88);
AT(qonduit_adapter_api, findings, 96);
SIZE(qonduit_adapter_api, 104);

AT(qonduit_component, struct_size, 0);
AT(qonduit_component, flags, 4);
AT(qonduit_component, name, 8);
AT(qonduit_component, describe_json, 24);
AT(qonduit_component, sink, 40);
AT(qonduit_component, adapter, 48);
AT(qonduit_component, extension, 56);
SIZE(qonduit_component, 64);

AT(qonduit_plugin, struct_size, 0);
AT(qonduit_plugin, flags, 4);
AT(qonduit_plugin, host_size, 8);
AT(qonduit_plugin, minor, 12);
AT(qonduit_plugin, name, 16);
AT(qonduit_plugin, version, 32);
AT(qonduit_plugin, component_count, 48);
AT(qonduit_plugin, components, 56);
SIZE(qonduit_plugin, 64);

AT(struct ArrowSchema, format, 0);
AT(struct ArrowSchema, name, 8);
AT(struct ArrowSchema, metadata, 16);
AT(struct ArrowSchema, flags, 24);
AT(struct ArrowSchema, n_children, 32);
AT(struct ArrowSchema, children, 40);
AT(struct ArrowSchema, dictionary, 48);
AT(struct ArrowSchema, release, 56);
AT(struct ArrowSchema, private_data, 64);
SIZE(struct ArrowSchema, 72);

AT(struct ArrowArray, length, 0);
AT(struct ArrowArray, null_count, 8);
AT(struct ArrowArray, offset, 16);
AT(struct ArrowArray, n_buffers, 24);
AT(struct ArrowArray, n_children, 32);
AT(struct ArrowArray, buffers, 40);
AT(struct ArrowArray, children, 48);
AT(struct ArrowArray, dictionary, 56);
AT(struct ArrowArray, release, 64);
AT(struct ArrowArray, private_data, 72);
SIZE(struct ArrowArray, 80);

static_assert(QONDUIT_OK == 0, "QONDUIT_OK has another value");
static_assert(QONDUIT_INVALID_ARGUMENT == 1, "QONDUIT_INVALID_ARGUMENT has another value");
static_assert(QONDUIT_INVALID_CONFIG == 2, "QONDUIT_INVALID_CONFIG has another value");
static_assert(QONDUIT_UNSUPPORTED == 3, "QONDUIT_UNSUPPORTED has another value");
static_assert(QONDUIT_NOT_FOUND == 4, "QONDUIT_NOT_FOUND has another value");
static_assert(QONDUIT_ALREADY_EXISTS == 5, "QONDUIT_ALREADY_EXISTS has another value");
static_assert(QONDUIT_UNAUTHENTICATED == 6, "QONDUIT_UNAUTHENTICATED has another value");
static_assert(QONDUIT_FORBIDDEN == 7, "QONDUIT_FORBIDDEN has another value");
static_assert(QONDUIT_UNAVAILABLE == 8, "QONDUIT_UNAVAILABLE has another value");
static_assert(QONDUIT_TIMEOUT == 9, "QONDUIT_TIMEOUT has another value");
static_assert(QONDUIT_CANCELLED == 10, "QONDUIT_CANCELLED has another value");
static_assert(QONDUIT_BAD_DATA == 11, "QONDUIT_BAD_DATA has another value");
static_assert(QONDUIT_INCONSISTENT == 12, "QONDUIT_INCONSISTENT has another value");
static_assert(QONDUIT_IO == 13, "QONDUIT_IO has another value");
static_assert(QONDUIT_INTERNAL == 14, "QONDUIT_INTERNAL has another value");
static_assert(QONDUIT_TYPE_MISMATCH == 15, "QONDUIT_TYPE_MISMATCH has another value");
static_assert(QONDUIT_LOG_TRACE == 0, "QONDUIT_LOG_TRACE has another value");
static_assert(QONDUIT_LOG_DEBUG == 1, "QONDUIT_LOG_DEBUG has another value");
static_assert(QONDUIT_LOG_INFO == 2, "QONDUIT_LOG_INFO has another value");
static_assert(QONDUIT_LOG_WARN == 3, "QONDUIT_LOG_WARN has another value");
static_assert(QONDUIT_LOG_ERROR == 4, "QONDUIT_LOG_ERROR has another value");
static_assert(QONDUIT_GUARANTEE_APPEND == 1, "QONDUIT_GUARANTEE_APPEND has another value");
static_assert(QONDUIT_GUARANTEE_UPSERT == 2, "QONDUIT_GUARANTEE_UPSERT has another value");
static_assert(QONDUIT_GUARANTEE_REPLACE == 4, "QONDUIT_GUARANTEE_REPLACE has another value");
static_assert(QONDUIT_GUARANTEE_EXACTLY_ONCE == 8, "QONDUIT_GUARANTEE_EXACTLY_ONCE has another value");
static_assert(QONDUIT_GUARANTEE_WHOLE_RUN == 16, "QONDUIT_GUARANTEE_WHOLE_RUN has another value");
static_assert(QONDUIT_GUARANTEE_SAME_IDS == 32, "QONDUIT_GUARANTEE_SAME_IDS has another value");
static_assert(QONDUIT_COMMITTED_NO == 0, "QONDUIT_COMMITTED_NO has another value");
static_assert(QONDUIT_COMMITTED_YES == 1, "QONDUIT_COMMITTED_YES has another value");
static_assert(QONDUIT_COMMITTED_UNKNOWN == 2, "QONDUIT_COMMITTED_UNKNOWN has another value");
static_assert(QONDUIT_RUN_TAKEOVER == 1, "QONDUIT_RUN_TAKEOVER has another value");
static_assert(QONDUIT_PLAN_EXCLUSIVE == 1, "QONDUIT_PLAN_EXCLUSIVE has another value");
static_assert(QONDUIT_REQUEST_LAYOUT == 1, "QONDUIT_REQUEST_LAYOUT has another value");
static_assert(QONDUIT_ADAPTER_PARALLEL_DECODE == 1, "QONDUIT_ADAPTER_PARALLEL_DECODE has another value");
static_assert(QONDUIT_ABI_MAJOR == 0 && QONDUIT_REPLY_PADDING == 64, "a promise has changed");
