// Package rubric carries out a bureau's written table of marks: it turns what was measured of the
// operators into points, categories, a score and a grade, each of which explains itself.
//
// # Words
//
// A Rubric is the table as data, as a bureau publishes it: Indicators with their full marks,
// grouped in Categories, each with the agency that answers for it. A Sheet is what was measured of
// one operator, by one assessor where there are several, in one period. A Card is the result.
//
// # Flow
//
//	value ──bands, linear, ratio, deduct, given──► points ──sum──► assessor's score ──weights──►
//	period's score ──roll-up──► score ──veto──► grade, pass
//
// # What is promised
//
// Points are exact fractions until Rounding rounds the score once; items and what is taken off sum
// exactly to it. A better value never has fewer points, where an indicator says what is better.
// What is unknown stays unknown: the card has the interval in which the score lies. The order of
// sheets doesn't matter.
//
// Package scoring has the smaller table of weights that a plan is made with; this one holds what
// cities publish.
//
// Source: the tables of Shenzhen 2018, Guangzhou 2023, Hefei 2022, Beijing 2020 and 2022, Xiamen
// 2019 and Gao county, whose parts are all here.
package rubric
