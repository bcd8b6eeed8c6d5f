// Everything the author of a plugin includes.
#pragma once

#include <qonduit/adapter.hpp>
#include <qonduit/batch.hpp>
#include <qonduit/hidden_titles.hpp>
#include <qonduit/log.hpp>
#include <qonduit/name_groups.hpp>
#include <qonduit/options.hpp>
#include <qonduit/own_name.hpp>
#include <qonduit/plugin.hpp>
#include <qonduit/run_template.hpp>
#include <qonduit/shared_names.hpp>
#include <qonduit/sink.hpp>
#include <qonduit/status.hpp>
