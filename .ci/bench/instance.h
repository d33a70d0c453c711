// What the harnesses in C++ share: the instance file, the clock, the peak of memory and the one
// line of JSON on stdout.
//
// The file is binary, little endian: 8 bytes "STINTF1\n"; int32 m (rows); int32 n (columns);
// int64 supply[m]; int64 demand[n] of the same sum; then for each column, for each row: uint8 k and
// k int64 costs, nondecreasing. Each cost is an arc of capacity 1 from the row to the column. All
// supplies are shipped and all demands are met at least cost. A unit of cost is 2^-36 nat.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "instance files are little endian");

// Malformed is a file that is no instance; its text is a clause that follows the file's name.
struct Malformed : std::runtime_error {
	using std::runtime_error::runtime_error;
};

struct Instance {
	int32_t m = 0, n = 0;
	std::vector<int64_t> supply, demand;
	std::vector<uint8_t> count;  // of costs, by column and then row
	std::vector<int64_t> cost;   // in the order of the file

	// eachArc calls f(row, column, cost, capacity) for every run of equal costs of an entry.
	template <typename F> void eachArc(F f) const {
		const int64_t *at = cost.data();
		const uint8_t *k = count.data();
		for (int32_t c = 0; c < n; c++) {
			for (int32_t o = 0; o < m; o++, k++) {
				for (const int64_t *end = at + *k; at != end;) {
					const int64_t *first = at;
					while (at != end && *at == *first) at++;
					f(o, c, *first, int(at - first));
				}
			}
		}
	}

	// arcs is how often eachArc calls.
	int64_t arcs() const {
		int64_t a = 0;
		eachArc([&](int, int, int64_t, int) { a++; });
		return a;
	}
};

// readInstance reads and checks a whole file; it throws Malformed.
inline Instance readInstance(const char *path) {
	std::error_code wrong;
	if (!std::filesystem::is_regular_file(path, wrong)) throw Malformed("it is no regular file");
	int64_t left = std::filesystem::file_size(path, wrong);
	std::unique_ptr<FILE, int (*)(FILE *)> in(fopen(path, "rb"), fclose);
	if (!in || wrong) throw Malformed("it can't be opened");
	std::vector<char> buffer(1 << 20);
	setvbuf(in.get(), buffer.data(), _IOFBF, buffer.size());
	auto take = [&](void *to, int64_t len) {
		if (len > left) throw Malformed("it ends too early");
		if (len > 0 && fread_unlocked(to, len, 1, in.get()) != 1) {
			throw Malformed("it can't be read");
		}
		left -= len;
	};
	char magic[8];
	take(magic, 8);
	if (memcmp(magic, "STINTF1\n", 8) != 0) throw Malformed("it doesn't begin with STINTF1");
	Instance I;
	take(&I.m, 4);
	take(&I.n, 4);
	if (I.m < 1 || I.n < 1) throw Malformed("it has no rows or no columns");
	const int64_t entries = int64_t(I.m) * I.n, amounts = 8 * (int64_t(I.m) + I.n);
	if (left - amounts < entries) throw Malformed("it ends too early");
	I.supply.resize(I.m);
	I.demand.resize(I.n);
	take(I.supply.data(), 8 * int64_t(I.m));
	take(I.demand.data(), 8 * int64_t(I.n));
	__int128 sum = 0;
	for (int64_t s : I.supply) {
		if (s < 0) throw Malformed("a supply is negative");
		sum += s;
	}
	for (int64_t d : I.demand) {
		if (d < 0) throw Malformed("a demand is negative");
		sum -= d;
	}
	if (sum != 0) throw Malformed("the supplies and the demands have different sums");
	I.count.resize(entries);
	I.cost.resize((left - entries) / 8);
	int64_t filled = 0;
	for (uint8_t &k : I.count) {
		take(&k, 1);
		if (int64_t(I.cost.size()) - filled < k) throw Malformed("it ends too early");
		int64_t *costs = I.cost.data() + filled;
		take(costs, 8 * int64_t(k));
		if (!std::is_sorted(costs, costs + k)) throw Malformed("the costs of an entry decrease");
		filled += k;
	}
	if (left != 0) throw Malformed("it has bytes after its end");
	return I;
}

// peakMB is the most memory this process has had resident. VmHWM starts anew with each program;
// getrusage would pass on the peak of whoever started this one.
inline double peakMB() {
	std::ifstream in("/proc/self/status");
	for (std::string line; std::getline(in, line);) {
		if (line.compare(0, 6, "VmHWM:") == 0) return atof(line.c_str() + 6) / 1024;
	}
	return 0;
}

// Run is one run of a peer: its stages in order, its limit of time and its line of JSON.
class Run {
public:
	Run(const char *solver, const char *version) : solver(solver), version(version) {}

	// limit ends the process with status "timeout" after so many seconds, whatever it does then.
	// Zero is no limit.
	void limit(double seconds) {
		if (seconds == 0) return;
		std::thread([this, seconds] {
			std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
			finish("timeout");
		}).detach();
	}

	// next ends the stage that runs and begins the next: 0 read, 1 build, 2 solve.
	void next() {
		std::lock_guard<std::mutex> held(lock);
		lap();
		stage++;
	}

	// finish prints the line and ends the process. Whoever calls it second waits for that end.
	[[noreturn]] void finish(const char *status, const std::string &objective = "") {
		lock.lock();
		if (stage < 3) lap();
		printf("{\"solver\":\"%s\",\"version\":\"%s\",\"objective\":\"%s\","
		       "\"read_seconds\":%.6f,\"build_seconds\":%.6f,\"solve_seconds\":%.6f,"
		       "\"peak_mb\":%.1f,\"status\":\"%s\"}\n",
		       solver, version, objective.c_str(), spent[0], spent[1], spent[2], peakMB(), status);
		fflush(stdout);
		_exit(0);
	}

private:
	void lap() {
		const auto now = std::chrono::steady_clock::now();
		spent[stage] += std::chrono::duration<double>(now - begun).count();
		begun = now;
	}

	const char *solver, *version;
	std::mutex lock;
	std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
	int stage = 0;
	double spent[4] = {};
};

// harness runs solve(run, instance, method) on the arguments FILE [SECONDS [METHOD]]. solve gets
// the instance at the beginning of the build, calls run.next() on both sides of its peer's call,
// and finishes the run.
template <typename F> int harness(int argc, char **argv, Run &run, const char *method, F solve) {
	char *rest = nullptr;
	const double seconds = argc > 2 ? strtod(argv[2], &rest) : 0;
	if (argc < 2 || argc > 4 || (rest && (rest == argv[2] || *rest)) || !(seconds >= 0)) {
		fprintf(stderr, "usage: %s FILE [SECONDS [METHOD]]\n", argv[0]);
		return 2;
	}
	try {
		run.limit(std::min(seconds, 1e6));
		Instance I = readInstance(argv[1]);
		run.next();
		solve(run, std::move(I), std::string(argc > 3 ? argv[3] : method));
	} catch (const Malformed &e) {
		fprintf(stderr, "%s: %s is not an instance: %s.\n", argv[0], argv[1], e.what());
		return 2;
	} catch (const std::exception &e) {
		fprintf(stderr, "%s: %s\n", argv[0], e.what());
	}
	run.finish("failed");
}
