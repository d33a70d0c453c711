// lemon FILE [SECONDS]: LEMON's network simplex with its default pivot rule (block search), in
// whole numbers throughout. instance.h holds the file, the line it prints and the limit.
#include "instance.h"

#include <limits>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

using Graph = lemon::SmartDigraph;
using Simplex = lemon::NetworkSimplex<Graph, int, long long>;

static void solve(Run &run, Instance I, const std::string &method) {
	if (method != "block") throw std::runtime_error("the only method is block");
	const int64_t arcs = I.arcs();
	int64_t total = 0;
	for (int64_t s : I.supply) {
		if (s > std::numeric_limits<int>::max() - total) {
			throw std::runtime_error("the supplies don't fit LEMON's int");
		}
		total += s;
	}
	if (arcs > std::numeric_limits<int>::max() / 2) {
		throw std::runtime_error("the arcs don't fit LEMON's int");
	}
	Graph g;
	g.reserveNode(I.m + I.n);
	g.reserveArc(int(arcs));
	for (int32_t i = 0; i < I.m + I.n; i++) g.addNode();
	std::vector<int> capacities;
	std::vector<int64_t> costs;
	capacities.reserve(arcs);
	costs.reserve(arcs);
	I.eachArc([&](int o, int c, int64_t cost, int capacity) {
		g.addArc(g.nodeFromId(o), g.nodeFromId(I.m + c));
		capacities.push_back(capacity);
		costs.push_back(cost);
	});
	std::vector<uint8_t>().swap(I.count);
	std::vector<int64_t>().swap(I.cost);

	Simplex simplex(g);
	{
		Graph::ArcMap<int> upper(g);
		Graph::ArcMap<long long> cost(g);
		for (int i = 0; i < int(arcs); i++) {
			upper[g.arcFromId(i)] = capacities[i];
			cost[g.arcFromId(i)] = costs[i];
		}
		// A sum of zero turns the supplies of type GEQ, the default, into equalities.
		Graph::NodeMap<int> supply(g);
		for (int o = 0; o < I.m; o++) supply[g.nodeFromId(o)] = int(I.supply[o]);
		for (int c = 0; c < I.n; c++) supply[g.nodeFromId(I.m + c)] = -int(I.demand[c]);
		simplex.upperMap(upper).costMap(cost).supplyMap(supply);
	}
	std::vector<int>().swap(capacities);
	std::vector<int64_t>().swap(costs);

	run.next();
	const Simplex::ProblemType found = simplex.run();
	run.next();
	if (found == Simplex::INFEASIBLE) run.finish("infeasible");
	if (found != Simplex::OPTIMAL) run.finish("failed");
	run.finish("optimal", std::to_string(simplex.totalCost<long long>()));
}

int main(int argc, char **argv) {
	Run run("lemon", LEMON_VERSION);
	return harness(argc, argv, run, "block", solve);
}
