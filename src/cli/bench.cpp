// kedge bench: how long one inference takes, and what it needs.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <algorithm>
#include <chrono>
#include <cmath>

#include "cli/common.h"
#include "formats/file.h"

namespace kedge::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    kCustomOption,
    kFromOption,
    kShapeOption,
    kBatchOption,
    kThreadsOption,
    kInputOption,
    kOutputOption,
    kForceOption,
    kPreludeOption,
    kJsonOption,
    {"--min-time", "S", "measure for at least this many seconds (default 1)"},
    {"--times", "", "add every single time (means of groups for models under 50 µs)"},
    {"--profile", "", "time per op"},
};

constexpr double kShortestSample = 50;  // µs: shorter calls are timed in groups, or the clock would be measured
constexpr std::int64_t kFewestRuns = 10;

using Clock = std::chrono::steady_clock;

double microseconds(Clock::duration d) { return std::chrono::duration<double, std::micro>(d).count(); }

double percentile(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - static_cast<double>(below));
}

struct Measurement {
  std::vector<double> times_us;
  std::int64_t runs = 0;
  double first_ms = 0;
};

/// Times run() for at least `min_seconds`. K0611: a loop of the model was cut off, and its time means nothing.
Result<Measurement> measure(runtime::Executor& executor, double min_seconds) {
  Measurement out;
  Clock::time_point start = Clock::now();
  executor.run();
  out.first_ms = microseconds(Clock::now() - start) / 1000;
  KEDGE_TRY_VOID(executor.outcome());
  start = Clock::now();
  executor.run();
  const double once = std::max(0.01, microseconds(Clock::now() - start));
  const std::int64_t group = once < kShortestSample ? static_cast<std::int64_t>(std::ceil(kShortestSample / once)) : 1;
  const Clock::time_point end = Clock::now() + std::chrono::microseconds(static_cast<std::int64_t>(min_seconds * 1e6));
  while (Clock::now() < end || static_cast<std::int64_t>(out.times_us.size()) < kFewestRuns) {
    const Clock::time_point begin = Clock::now();
    for (std::int64_t i = 0; i < group; ++i) executor.run();
    out.times_us.push_back(microseconds(Clock::now() - begin) / static_cast<double>(group));
    KEDGE_TRY_VOID(executor.outcome());
    out.runs += group;
  }
  return out;
}

std::int64_t peak_rss_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

std::int64_t file_bytes(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? static_cast<std::int64_t>(status.st_size) : 0;
}

std::string profile_text(const runtime::Executor& executor) {
  std::vector<runtime::StepProfile> steps = executor.profile();
  std::sort(steps.begin(), steps.end(), [](const auto& a, const auto& b) { return a.microseconds > b.microseconds; });
  double total = 0;
  for (const runtime::StepProfile& step : steps) total += step.microseconds;
  std::string out = fmt::format("{:>10} {:>6}  {:24} {:28} {}\n", "us", "share", "op", "kernel", "layer");
  for (const runtime::StepProfile& step : steps) {
    out += fmt::format("{:10.2f} {:5.1f}%  {:24} {:28} {}\n",
                       step.microseconds / static_cast<double>(std::max<std::int64_t>(1, step.runs)),
                       total > 0 ? 100 * step.microseconds / total : 0, step.op, step.kernel, step.layer);
  }
  return out;
}

Result<void> bench(Context& context, const Options& options) {
  KEDGE_TRY(const std::string path, single_model(options));
  driver::RunOptions run;
  KEDGE_TRY(run.load, load_options(options));
  KEDGE_TRY(run.threads, options.integer_or("--threads", 1, 1));
  KEDGE_TRY(const double min_seconds, options.real_or("--min-time", 1));
  const std::string input = options.value_or("--input", "");
  const std::optional<std::string> output = options.value("-o");
  if (output && input.empty()) return usage_error("-o needs --input", "-o");
  const formats::Overwrite overwrite = options.has("--force") ? formats::Overwrite::yes : formats::Overwrite::no;
  if (output) KEDGE_TRY_VOID(formats::check_writable(*output, overwrite));
  // One sample at a time: arrays of many samples must not turn into one large batch.
  KEDGE_TRY(driver::Runnable runnable, driver::Runnable::open(path, run, context.sources, {}));
  report_all(context, runnable.diagnostics());
  std::vector<Tensor> arrays = driver::seeded_inputs(runnable.inputs(), 1);
  if (!input.empty()) {
    KEDGE_TRY(arrays, driver::read_inputs(input, runnable.inputs()));
  }
  KEDGE_TRY(const std::vector<std::vector<Tensor>> samples, driver::split_samples(arrays, runnable.inputs()));
  if (output) {
    KEDGE_TRY(const std::vector<Tensor> outputs, runnable.run(arrays));
    KEDGE_TRY(const std::vector<std::byte> bytes, driver::write_outputs(outputs));
    KEDGE_TRY_VOID(formats::write_file_atomically(*output, bytes, overwrite));
  }
  KEDGE_TRY(const std::vector<Tensor> first, runnable.run_sample(samples.front()));
  runtime::Executor& executor = *runnable.executor();
  KEDGE_TRY(const Measurement measured, measure(executor, min_seconds));
  std::vector<double> sorted = measured.times_us;
  std::sort(sorted.begin(), sorted.end());
  double mean = 0;
  for (const double t : sorted) mean += t / static_cast<double>(sorted.size());
  const auto ms = [&](double p) { return percentile(sorted, p) / 1000; };
  if (options.has("--json")) {
    std::string times;
    if (options.has("--times")) {
      times = "\"times_us\": [";
      for (std::size_t i = 0; i < measured.times_us.size(); ++i)
        times += fmt::format("{}{:.4g}", i > 0 ? ", " : "", measured.times_us[i]);
      times += "], ";
    }
    print_result(fmt::format(
        "{{\"schema_version\": 1, \"model\": \"{}\", \"target\": \"native\", \"instruction_set\": \"{}\", \"threads\": "
        "{}, \"runs\": {}, \"latency_ms\": {{\"min\": {:.6g}, \"p50\": {:.6g}, \"p90\": {:.6g}, \"p99\": {:.6g}, "
        "\"mean\": {:.6g}}}, {}\"load_ms\": {:.4g}, \"first_run_ms\": {:.4g}, \"peak_rss_bytes\": {}, \"arena_bytes\": "
        "{}, \"artefact_bytes\": {}}}\n",
        path, kernels::instruction_set_name(runtime::best_instruction_set()), run.threads, measured.runs, ms(0),
        ms(0.5), ms(0.9), ms(0.99), mean / 1000, times, runnable.load_ms(), measured.first_ms, peak_rss_bytes(),
        executor.arena_bytes(), file_bytes(path)));
  } else {
    print_result(fmt::format("{}: min {:.4g} ms, p50 {:.4g}, p90 {:.4g}, p99 {:.4g} over {} runs, {} thread{}, {}\n",
                             path, ms(0), ms(0.5), ms(0.9), ms(0.99), measured.runs, run.threads,
                             run.threads == 1 ? "" : "s",
                             kernels::instruction_set_name(runtime::best_instruction_set())));
    print_result(
        fmt::format("load {:.2f} ms, first run {:.2f} ms, arena {:.1f} KiB, peak memory {:.1f} MiB, file {:.1f} KiB\n",
                    runnable.load_ms(), measured.first_ms, static_cast<double>(executor.arena_bytes()) / 1024,
                    static_cast<double>(peak_rss_bytes()) / 1048576, static_cast<double>(file_bytes(path)) / 1024));
  }
  if (options.has("--profile")) {
    executor.set_profiling(true);
    for (std::int64_t i = 0; i < std::max<std::int64_t>(10, std::min<std::int64_t>(measured.runs, 200)); ++i) {
      executor.run();
      KEDGE_TRY_VOID(executor.outcome());
    }
    print_result(profile_text(executor));
  }
  return {};
}

int run(Context& context, const Options& options) {
  const Result<void> result = bench(context, options);
  return result.ok() ? context.exit_code() : context.fail(result.error());
}

}  // namespace

const Command kBench = {"bench", "MODEL [--threads N] [--min-time S] [--input F.npz]",
                        "latency, load time, memory and size", kOptions, run};

}  // namespace kedge::cli
