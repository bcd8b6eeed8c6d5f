// The host's side of the boundary: what drives the tables of plugins. qonduit itself uses it, and so does the testing kit,
// so that a plugin that passes its tests meets the same host when it is deployed. An embedder needs nothing else.
#pragma once

#include <qonduit/host/adapter.hpp>
#include <qonduit/host/component.hpp>
#include <qonduit/host/host.hpp>
#include <qonduit/host/sink.hpp>
