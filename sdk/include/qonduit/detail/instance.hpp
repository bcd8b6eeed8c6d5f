// A component made from its options, and handed to the host as an opaque pointer.
#pragma once

#include <qonduit/detail/boundary.hpp>
#include <qonduit/options.hpp>
#include <qonduit/status.hpp>

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace qonduit::detail {

template <typename T, typename Options>
concept HasCreate = requires(Options options) {
  T::create(std::move(options));
};

// An instance of T from its options: through T::create where there is one.
template <typename Base, typename T, const auto& Table>
[[gnu::cold]] Result<std::unique_ptr<Base>> create(const qonduit_pair* pairs, std::size_t count) {
  using Options = typename std::remove_cvref_t<decltype(Table)>::options_type;
  Options options{};
  auto parsed = parse_rows(bound_rows(Table, options), pairs, count);
  if (!parsed.ok()) return parsed;
  if constexpr (HasCreate<T, Options>) {
    auto created = T::create(std::move(options));
    static_assert(std::is_convertible_v<decltype(created->get()), T*>, "create answers with an instance of its class");
    if (!created) return std::move(created).error();
    return std::unique_ptr<Base>(std::move(*created));
  } else if constexpr (std::is_same_v<Options, NoOptions> && std::is_default_constructible_v<T>) {
    return std::unique_ptr<Base>(std::make_unique<T>());
  } else {
    return std::unique_ptr<Base>(std::make_unique<T>(std::move(options)));
  }
}

// What the host calls an instance: the component, where it runs, and what goes with it. Null, and the error set, when it cannot be made.
template <typename Instance, typename Base>
void* created(const qonduit_context* given, Result<std::unique_ptr<Base>> (*create)(const qonduit_pair*, std::size_t),
              const qonduit_pair* pairs, std::size_t count, qonduit_error* error) noexcept {
  void* instance = nullptr;
  const Context context(given);
  static_cast<void>(guarded(context, error, [&]() -> Status {
    auto component = create(pairs, count);
    if (!component) return std::move(component).error();
    instance = std::make_unique<Instance>(Instance{std::move(*component), context}).release();
    return {};
  }));
  return instance;
}

}  // namespace qonduit::detail
