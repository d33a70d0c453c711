// Package apportion rounds fair shares to whole vehicles: one total among claims, and a matrix of
// operators by cells whose rows and columns have fixed sums.
//
// # One total
//
// Divide gives every claim clamp(round(Weight*rho), Floor, Ceiling) with one multiplier rho for
// all: Webster's divisor method with bounds. A larger total shrinks nobody, and a larger weight
// with the others unchanged never gets less, which no method of remainders can promise.
//
// # A matrix
//
// Solve finds the integer matrix x with the given row totals, column totals and bounds that
// minimises
//
//	sum over entries of [ sum_{k=1..x} ln((k-1/2)/t) + lambda*|x - x0| ]
//
// t is the entry's weight, x0 its previous value and lambda the churn tolerance, in nats (a
// tolerance of 0.1 lets a fair share drift about 10 % before a quota follows). Without bounds and
// churn this is biproportional apportionment with standard rounding, as Zurich, Zug and Uri elect
// parliaments.
//
// The optimum is exact. Every logarithm is an integer of 2^36 units per nat, rounded correctly, so
// that every comparison is one of integers and the answer is the same on every processor. With the
// optimum come prices, one a row and one a column; their exponentials are multipliers with which
// anybody can check an entry alone (Read): y = t * row multiplier * column multiplier, and the
// entry is y rounded, or the previous value while that lies between y*e^-lambda and y*e^lambda
// rounded, within its bounds.
//
// A total may be a range, a row's part of a group of columns may have a most, an entry's part of
// its column too; other divisors than Webster's round otherwise, and Nearest rounds a table.
//
// Certify proves the optimum from the problem and the prices, with no code of the solver: the
// primal cost less the dual cost, in 128-bit integers, is 0.
//
// Where no matrix exists, a CutError proves it and Relax finds the cheapest way out. A Solver keeps
// a solved problem for small changes. ShareKerb treats several problems on the same ground, which
// is no such problem any more: it tells how far from the optimum it may be.
//
// # Words
//
// A row is an operator, a column a cell. A surplus row holds more than its total, a deficit row
// less. The removal cost of an entry is the cost of its last unit, the addition cost that of one
// unit more. A cut names the rows that can't be placed, and why.
//
// Sources: Balinski and Young, Fair Representation (1982); Balinski and Demange, Mathematical
// Programming 45 (1989); Gaffke and Pukelsheim, Mathematical Social Sciences 56 (2008), which
// states the objective; Ahuja, Magnanti and Orlin, Network Flows (1993), ch. 9 and 14.
package apportion
