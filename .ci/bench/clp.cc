// clp FILE [SECONDS [METHOD]]: CLP on the linear program, with costs in nats. METHOD is dual
// unless given. instance.h holds the file, the line it prints and the limit.
#include "instance.h"

#include <cmath>
#include <limits>
#include <coin/ClpConfig.h>
#include <coin/ClpNetworkMatrix.hpp>
#include <coin/ClpSimplex.hpp>
#include <coin/ClpSolve.hpp>

// call solves by a method: the dual simplex on the plain matrix (dual) or on CLP's network matrix
// (network), the primal simplex, or what CLP chooses with (automatic) or without presolve (bare).
// dual and bare are the fastest that are right; network is faster, but takes some feasible programs
// for infeasible.
static void call(ClpSimplex &lp, const std::string &method) {
	if (method == "network" || method == "dual") {
		lp.dual();
	} else if (method == "primal") {
		lp.primal();
	} else if (method == "automatic" || method == "bare") {
		ClpSolve how;
		how.setSolveType(ClpSolve::automatic);
		how.setPresolveType(method == "bare" ? ClpSolve::presolveOff : ClpSolve::presolveOn);
		lp.initialSolve(how);
	} else {
		throw std::runtime_error("the methods are network, dual, primal, automatic and bare");
	}
}

// objective is the cost of the solution in units of 2^-36 nat: exact where the solution is whole,
// which vertices are, and the peer's own sum otherwise.
static std::string objective(const ClpSimplex &lp) {
	const double *x = lp.primalColumnSolution(), *nats = lp.objective();
	int64_t sum = 0;
	bool whole = true;
	for (int i = 0; whole && i < lp.numberColumns(); i++) {
		whole = std::fabs(x[i] - std::round(x[i])) < 1e-6;
		sum += std::llround(x[i]) * std::llround(std::ldexp(nats[i], 36));
	}
	if (whole) return std::to_string(sum);
	char text[64];
	snprintf(text, sizeof text, "%.17g", std::ldexp(lp.objectiveValue(), 36));
	return text;
}

static void solve(Run &run, Instance I, const std::string &method) {
	const int64_t arcs = I.arcs();
	if (arcs > std::numeric_limits<int>::max() / 2) {
		throw std::runtime_error("the arcs don't fit CLP's int");
	}
	ClpSimplex lp;
	lp.setLogLevel(0);
	{
		std::vector<double> lower(arcs, 0), upper, nats, rhs;
		std::vector<int> index;
		upper.reserve(arcs);
		nats.reserve(arcs);
		index.reserve(2 * arcs);
		I.eachArc([&](int o, int c, int64_t cost, int capacity) {
			upper.push_back(capacity);
			nats.push_back(std::ldexp(double(cost), -36));
			index.push_back(o);
			index.push_back(I.m + c);
		});
		std::vector<int64_t>().swap(I.cost);
		const bool network = method == "network";
		for (int64_t s : I.supply) rhs.push_back(network ? -double(s) : double(s));
		for (int64_t d : I.demand) rhs.push_back(double(d));
		if (network) {  // an arc leaves its tail with -1 and enters its head with +1
			std::vector<int> head(arcs), tail(arcs);
			for (int64_t i = 0; i < arcs; i++) tail[i] = index[2 * i], head[i] = index[2 * i + 1];
			ClpNetworkMatrix matrix(int(arcs), tail.data(), head.data());
			lp.loadProblem(matrix, lower.data(), upper.data(), nats.data(), rhs.data(), rhs.data());
		} else {
			std::vector<CoinBigIndex> start(arcs + 1);
			for (int64_t i = 0; i <= arcs; i++) start[i] = CoinBigIndex(2 * i);
			const std::vector<double> ones(2 * arcs, 1);
			lp.loadProblem(int(arcs), I.m + I.n, start.data(), index.data(), ones.data(),
			               lower.data(), upper.data(), nats.data(), rhs.data(), rhs.data());
		}
	}
	run.next();
	call(lp, method);
	run.next();
	if (lp.status() == 1) run.finish("infeasible");
	if (lp.status() != 0) run.finish("failed");
	run.finish("optimal", objective(lp));
}

int main(int argc, char **argv) {
	Run run("clp", CLP_VERSION);
	return harness(argc, argv, run, "dual", solve);
}
